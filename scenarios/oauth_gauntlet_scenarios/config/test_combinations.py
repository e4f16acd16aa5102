"""Options together: a pair of options works as each option alone."""

from __future__ import annotations

from urllib.parse import parse_qsl

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, practice, requirement
from oauth_gauntlet_scenarios.config.combinations import Combination, combinations
from oauth_gauntlet_server import RecordedRequest, Tenant

_SPECIFIC = (
    "auth.basic-form-urlencoded",
    "auth.method-as-configured",
    "auth.post-in-body",
    "config.reconfigure-drops-audience",
    "config.reconfigure-drops-scope",
    "encoding.appendix-b",
    "encoding.non-ascii",
    "encoding.reserved",
    "jwt.header-extra",
    "jwt.issuer",
    "jwt.non-ascii-claims",
    "jwt.signature-valid",
    "jwt.subject",
    "key.encrypted",
    "key.pkcs8",
    "key.traditional",
    "payload.added",
    "request.url-query-kept",
    "scope.space-delimited",
)


@requirement(
    "config.combinations",
    level=INTEROP,
    basis=practice("Options that work alone get lost together: the query of the URL with a payload, the scope with Basic."),
    covered_by=_SPECIFIC,
    statement="Authentication, scope, payload, URL query, texts and keys arrive as configured in every combination of two.",
)
def test_combinations(client: LabClient, tenant: Tenant) -> None:
    """Do: configure combinations that contain each pair of the options that the client declares.

    Check: each gives a token, and its request contains what was configured. The URL may have more in its query. A
    combination that the client refuses with a configuration error before any request is ignored.
    """
    client.control()
    tenant.configure(strict=False)
    for combination in combinations(client.grant, client.hello):
        tenant.journal.clear()
        answer = client.obtain(token_url=tenant.token_url + combination.query, **combination.changes)
        refused = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG and not tenant.journal.count()
        if refused:
            continue
        require(
            not isinstance(answer, ErrorInfo),
            expected=f"a token with {combination}",
            seen=described(answer),
        )
        problem = _problem(client, client.token_request(), combination)
        require(
            problem is None, expected=f"with {combination}: everything as configured", seen=f"{problem}", mark=Mark(text="POST")
        )


def _problem(client: LabClient, request: RecordedRequest, combination: Combination) -> str | None:
    """Return what in the request differs from the configuration, or None."""
    expected, found = _expected(client), _found(client, request)
    if witness.leaves_scope_out(request):
        expected.pop("scope", None)
    wrong = {name: found.get(name) for name, value in expected.items() if found.get(name) != value}
    if wrong:
        return "; ".join(f"{name} is {value!r}, not {expected[name]!r}" for name, value in wrong.items())
    query = combination.query.removeprefix("?")
    if not set(parse_qsl(query)) <= set(parse_qsl(request.query)):
        return f"the query is {request.query!r}, without {query!r}"
    method = combination.changes.get("token_endpoint_auth_method")
    if method and (request.header("authorization") is not None) is not (method == "client_secret_basic"):
        return f"the client did not authenticate with {method}"
    if client.grant is GrantType.JWT_BEARER:
        signature = witness.signature_problem(witness.assertion(request), combination.key_kind)
        return signature and f"the assertion does not verify: {signature}"
    return None


def _expected(client: LabClient) -> dict[str, object]:
    config = client.config
    names = {"refresh_token", "username", "password"} if client.grant is not GrantType.JWT_BEARER else set()
    expected: dict[str, object] = {name: config[name] for name in names if name in config}
    expected |= config.get("additional_payload", {})
    if "scope" in config:
        expected["scope"] = set(config["scope"].split(" "))
    if client.grant is GrantType.JWT_BEARER:
        return expected | {"iss": config["jwt_issuer"], "sub": config["jwt_subject"], **config.get("jwt_header", {})}
    if "token_endpoint_auth_method" in config:
        expected |= {"client_id": config["client_id"], "client_secret": config["client_secret"]}
    return expected


def _found(client: LabClient, request: RecordedRequest) -> dict[str, object]:
    found: dict[str, object] = {name: witness.value(request, name) for name, _ in witness.form(request)}
    if "scope" in client.config:
        # A client may add tokens of its own, such as offline_access; the configured ones count.
        found["scope"] = witness.scope_tokens(request) & set(client.config["scope"].split(" "))
    if client.grant is GrantType.JWT_BEARER:
        assertion = witness.assertion(request)
        return found | {"iss": assertion.claims.get("iss"), "sub": assertion.claims.get("sub"), **assertion.header}
    client_id, client_secret = witness.presented_client(request)
    return found | {"client_id": client_id, "client_secret": client_secret}
