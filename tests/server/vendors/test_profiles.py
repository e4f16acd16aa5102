"""Each profile: a token request as the vendor documents it gets the documented shape, and so does a refusal.

The servers are real, and the paths are those of the vendor, without a tenant's name.
"""

import base64
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import httpx2
import pytest

from oauth_gauntlet_server import MockServer, TenantSettings, vendors
from oauth_gauntlet_server.config.config_file import load
from oauth_gauntlet_server.control.tenant_schemas import NEW_TENANT
from oauth_gauntlet_server.http.json_schema import read
from oauth_gauntlet_server.serve import default_tenant, development_server
from oauth_gauntlet_server.tenancy.vendor_settings import settings_with_profile
from oauth_gauntlet_server.vendors import ProfileError, profile, profile_from, profile_names
from tests.server.serving.processes import serving

BASIC = {"Authorization": "Basic " + base64.b64encode(b"demo-client:demo-secret").decode()}
SECRET = {"client_id": "demo-client", "client_secret": "demo-secret"}
CLIENT = {"grant_type": "client_credentials"}
USER = {"grant_type": "password", "username": "demo-user", "password": "demo-password", **SECRET}
WRONG_SECRET = {**CLIENT, "client_id": "demo-client", "client_secret": "wrong"}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "demo-refresh-token", **SECRET}


@dataclass(frozen=True, kw_only=True)
class Documented:
    """What a vendor's documentation shows: a request, the members of the answer and some of their values, and an error.

    `wrong` is a refused request: by default a refresh with a token that was revoked.
    """

    path: str
    form: dict[str, str] = field(default_factory=lambda: {**CLIENT, **SECRET})
    how: str = "data"
    headers: dict[str, str] = field(default_factory=dict)
    members: str
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=lambda: REFRESH)
    status: int = 400
    error: dict[str, Any] = field(default_factory=lambda: {"error": "invalid_grant"})


RFC = "access_token token_type expires_in scope"

CASES = {
    "entra": Documented(
        path="/contoso.onmicrosoft.com/oauth2/v2.0/token",
        form={**CLIENT, **SECRET, "scope": "https://graph.microsoft.com/.default"},
        members="token_type expires_in ext_expires_in access_token",
        values={"expires_in": 3599, "token_type": "Bearer"},
        wrong={**CLIENT, **SECRET, "scope": '"'},
        error={"error": "invalid_scope", "error_codes": [70011]},
    ),
    "google": Documented(
        path="/token",
        form=USER,
        members="access_token token_type expires_in refresh_token",
        error={"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
    ),
    "okta": Documented(
        path="/oauth2/default/v1/token",
        form={**CLIENT, "scope": "customScope"},
        headers=BASIC,
        members=RFC,
        values={"scope": "customScope", "expires_in": 3600},
        wrong=WRONG_SECRET,
        status=401,
        error={"error": "invalid_client"},
    ),
    "auth0": Documented(
        path="/oauth/token",
        form={**CLIENT, **SECRET, "audience": "https://api.example"},
        how="json",
        members="access_token expires_in token_type",
        values={"expires_in": 86400},
        status=403,
    ),
    "keycloak": Documented(
        path="/realms/demo/protocol/openid-connect/token",
        headers=BASIC,
        form=CLIENT,
        members="access_token expires_in refresh_expires_in token_type not-before-policy scope",
        values={"expires_in": 300, "refresh_expires_in": 0, "not-before-policy": 0, "scope": "email profile"},
        wrong=WRONG_SECRET,
        status=401,
        error={"error": "unauthorized_client"},
    ),
    "github": Documented(
        path="/login/oauth/access_token",
        form=REFRESH,
        how="params",
        members="access_token expires_in refresh_token refresh_token_expires_in scope token_type",
        values={"expires_in": 28800, "refresh_token_expires_in": 15897600, "scope": "", "token_type": "bearer"},
        status=200,
        error={"error": "bad_refresh_token"},
    ),
    "slack": Documented(
        path="/api/oauth.v2.access",
        form={**REFRESH, "scope": "demo"},
        members="ok access_token token_type scope bot_user_id app_id expires_in refresh_token team",
        values={"ok": True, "token_type": "bot", "expires_in": 43200},
        status=200,
        error={"ok": False, "error": "invalid_refresh_token"},
    ),
    "salesforce": Documented(
        path="/services/oauth2/token",
        members="access_token signature scope instance_url id token_type issued_at",
        values={"scope": "api refresh_token"},
        error={"error": "invalid_grant", "error_description": "expired access/refresh token"},
    ),
    "zoom": Documented(
        path="/oauth/token",
        form={"grant_type": "account_credentials", "account_id": "a"},
        how="params",
        headers=BASIC,
        members="access_token token_type expires_in api_url",
        values={"token_type": "bearer", "expires_in": 3599},
        wrong={**WRONG_SECRET, "grant_type": "account_credentials", "account_id": "a"},
        error={"error": "invalid_client", "reason": "Invalid client_id or client_secret"},
    ),
    "xero": Documented(
        path="/connect/token",
        form={**CLIENT, "scope": "accounting.contacts accounting.settings"},
        headers=BASIC,
        members=RFC,
        values={"expires_in": 1800, "token_type": "Bearer"},
    ),
    "quickbooks": Documented(
        path="/oauth2/v1/tokens/bearer",
        form={"grant_type": "refresh_token", "refresh_token": "demo-refresh-token"},
        headers=BASIC,
        members="token_type expires_in refresh_token x_refresh_token_expires_in access_token",
        values={"token_type": "bearer", "x_refresh_token_expires_in": 8726400},
        error={"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"},
    ),
    "paypal": Documented(
        path="/v1/oauth2/token",
        form=CLIENT,
        headers=BASIC,
        members="scope access_token token_type app_id expires_in nonce",
        values={"expires_in": 31668},
        wrong=WRONG_SECRET,
        status=401,
        error={"error": "invalid_client", "error_description": "Client Authentication failed"},
    ),
    "shopify": Documented(
        path="/admin/oauth/access_token",
        how="json",
        members="access_token scope expires_in",
        values={"scope": "write_orders,read_customers", "expires_in": 86399},
        wrong=WRONG_SECRET,
        error={"error": "invalid_request"},
    ),
    "servicenow": Documented(
        path="/oauth_token.do",
        form=USER,
        members="access_token refresh_token scope token_type expires_in",
        values={"expires_in": 1799, "scope": "useraccount"},
        status=401,
        error={"error": "server_error", "error_description": "access_denied"},
    ),
    "box": Documented(
        path="/oauth2/token",
        members="access_token expires_in restricted_to token_type",
        values={"restricted_to": [], "token_type": "bearer", "expires_in": 4123},
        error={"error": "invalid_grant", "error_description": "Refresh token has expired"},
    ),
    "strava": Documented(
        path="/api/v3/oauth/token",
        form=REFRESH,
        members="token_type access_token expires_at expires_in refresh_token",
        values={"expires_in": 21600, "token_type": "Bearer"},
        error={"message": "Bad Request", "errors": [{"resource": "RefreshToken", "field": "refresh_token", "code": "invalid"}]},
    ),
}


def test_every_profile_has_a_case():
    assert set(CASES) == set(profile_names())


@pytest.mark.parametrize("name", CASES)
def test_the_documented_request_gets_the_documented_answers(name):
    case = CASES[name]
    server = development_server(host="127.0.0.1", port=0, like=name)
    server.bind()
    tenant = default_tenant(server)
    with server, httpx2.Client(base_url=server.base_url, headers={"Accept": "application/json"}) as client:
        granted = client.post(case.path, headers=case.headers, **{case.how: case.form})
        assert granted.status_code == 200, granted.text
        assert sorted(granted.json()) == sorted(case.members.split())
        assert granted.json().items() >= case.values.items()
        tenant.revoke("demo-refresh-token")
        tenant.configure(strict=True)
        refused = client.post(case.path, **{case.how: case.wrong})
        document = refused.json()
        assert (refused.status_code, {key: document.get(key) for key in case.error}) == (case.status, case.error)
        assert refused.status_code == 401 or "WWW-Authenticate" not in refused.headers


@pytest.mark.parametrize(
    ("name", "used_after_s", "lives_s"),
    [
        ("keycloak", 1000, 1800),  # the old token stays valid until its own end
        ("entra", 86_400, 7_776_000),
        ("quickbooks", 1000, 87_400),  # 24 hours more
        ("xero", 1000, 2800),  # 30 minutes more
        ("strava", 1000, 1000),
        ("box", 1000, 1000),
    ],
)
def test_how_long_a_refresh_token_that_was_used_stays_valid(http, name, used_after_s, lives_s):
    with MockServer() as server:
        tenant = server.tenant(like=name, strict=False)
        held = tenant.mint_refresh_token("c", expires_in=tenant.settings.refresh_token_lifetime_s)
        form = {"grant_type": "refresh_token", "refresh_token": held, "client_id": "c", "client_secret": "s"}
        tenant.clock.advance(used_after_s)
        first = http.post(tenant.token_url, data=form).json()
        assert first["refresh_token"] != held
        if lives_s > used_after_s:
            tenant.clock.advance(lives_s - used_after_s - 600)
            again = http.post(tenant.token_url, data=form).json()
            assert again["access_token"] != first["access_token"]
            tenant.clock.advance(600)
        assert "access_token" not in http.post(tenant.token_url, data=form).json()


def test_paypal_answers_with_the_access_token_that_a_client_has(http):
    with MockServer() as server:
        tenant = server.tenant(like="paypal", strict=False)
        first = http.post(tenant.token_url, data=CLIENT, headers=BASIC).json()
        tenant.clock.advance(668)
        second = http.post(tenant.token_url, data=CLIENT, headers=BASIC).json()
    assert second["access_token"] == first["access_token"]
    assert first["expires_in"] == 31_668
    assert second["expires_in"] <= 31_000


def test_google_ends_the_oldest_refresh_token_with_the_hundred_and_first(http):
    with MockServer() as server:
        tenant = server.tenant(like="google", strict=False)
        held = [http.post(tenant.token_url, data=USER).json()["refresh_token"] for _ in range(100)]
        assert tenant.active(held[0])
        http.post(tenant.token_url, data=USER)
        assert tenant.active(held[0]) is None
        assert tenant.active(held[1])


@pytest.mark.parametrize("name", profile_names())
def test_the_settings_match_the_schema_of_the_control_api_and_have_sources(name):
    found = profile(name)
    settings = {key: None if value == "none" else value for key, value in found.settings.items()}
    assert read(settings, NEW_TENANT)
    assert all(source.startswith("https://") for source in found.sources.values())


@pytest.mark.parametrize("name", profile_names())
def test_the_settings_can_be_copied_into_a_file(tmp_path, name):
    text = (files(vendors) / f"{name}.toml").read_text(encoding="utf-8")
    settings = text[text.index("[settings]") : text.index("[sources]")]
    file = tmp_path / "tenants.toml"
    copied = settings.replace("[settings]", '[[tenant]]\nname = "copy"').replace("[settings.", "[tenant.")
    file.write_text(copied, encoding="utf-8")
    assert TenantSettings(**load(file).tenants[0].settings, like=name) == settings_with_profile({"like": name})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "x.toml: "),
        ('name = "X"\n[settings]\n', "x.toml: sources is missing or unknown"),
        ('name = "X"\nmore = 1\n[settings]\n[sources]\n', "x.toml: more is missing or unknown"),
        ('name = "X"\n[settings]\nstrict = true\n[sources]\n', "x.toml: strict must be in settings, and with the address"),
        ('name = "X"\n[settings]\n[sources]\nstrict = "https://x"\n', "x.toml: strict must be in settings"),
    ],
)
def test_a_wrong_file_is_one_sentence(text, words):
    with pytest.raises(ProfileError, match=words):
        profile_from("x.toml", text)


def test_own_settings_take_precedence_in_every_way_to_create_a_tenant(http):
    with MockServer() as server:
        tenant = server.tenant(like="okta", rotation_grace_s=5)
        assert (tenant.settings.rotation_grace_s, tenant.settings.access_token_format) == (5, "jwt")
        url = f"{server.base_url}/_control/tenants"
        created = http.post(url, json={"like": "okta", "access_token_format": "opaque"}).json()
        settings = created["settings"]
        assert (settings["like"], settings["rotation_grace_s"], settings["access_token_format"]) == ("okta", 30, "opaque")
        unknown = http.post(url, json={"like": "oktta"})
        assert unknown.status_code == 400
        assert "okta" in unknown.text
        changed = http.patch(f"{url}/{created['name']}", json={"like": "box", "access_token_lifetime_s": 9}).json()["settings"]
        assert (changed["like"], changed["rotation"], changed["access_token_lifetime_s"]) == ("box", "rotate", 9)
        with pytest.raises(ProfileError, match="there is no profile 'oktta'; did you mean okta"):
            server.tenant(like="oktta")


def test_a_tenant_of_a_file_is_like_a_vendor(tmp_path, http):
    file = tmp_path / "tenants.toml"
    file.write_text('[[tenant]]\nname = "shop"\nlike = "zoom"\nstrict = false\naccess_token_lifetime_s = 7\n')
    with MockServer() as server:
        tenant = load(file).tenants[0].create(server.tenants)
        query = {"grant_type": "account_credentials", "account_id": "a"}
        answer = http.post(f"{tenant.issuer}/oauth/token", params=query, headers=BASIC).json()
        assert (answer["expires_in"], answer["api_url"]) == (7, "https://api.zoom.us")


def test_serve_is_like_a_vendor_at_its_root_and_in_tenants_on_request(http):
    with serving("--like", "zoom") as served:
        base_url = served.started().base_url
        query = {"grant_type": "account_credentials", "account_id": "a"}
        for path in ("/oauth/token", "/default/oauth/token", "/other/oauth/token", "/other/token"):
            answer = http.post(base_url + path, params=query, headers=BASIC)
            assert answer.json()["api_url"] == "https://api.zoom.us", path


def test_serve_names_the_vendors_that_there_are():
    command = [sys.executable, "-m", "oauth_gauntlet", "serve", "--like", "zooom"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'zoom'" in done.stderr
