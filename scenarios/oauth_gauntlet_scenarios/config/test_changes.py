"""A change of the configuration: a token belongs to the configuration for which it was issued.

Here one client is configured again. That several clients of one program keep their tokens apart is the matter of
concurrency.no-mixing and its neighbours; a cache that fails there fails here too.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, GrantType, Token
from oauth_gauntlet.requirement import ALL, CLIENT_CREDENTIALS, UNSAFE, damage, requirement
from oauth_gauntlet_server import Tenant

_ONE = [CLIENT_CREDENTIALS]
_OTHER_RIGHTS = damage("The application acts with the rights of an earlier configuration, and without those that it asks for.")
_MISDIRECTED = damage("The resource of the new configuration gets a token that is good at that of the earlier one.")


def _require_dropped(client: LabClient, key: str, first: dict[str, JSON], second: dict[str, JSON]) -> None:
    """Get a token with one configuration and then with another, and require that it is another token.

    `key` is in what the configurations differ, such as ``client id``.
    """
    # A refresh token is one of its server only, and the control has a server of its own.
    client.control(**{name: value for name, value in second.items() if name != "refresh_token"})
    earlier = client.obtain(**first)
    client.tenant.journal.clear()
    later = client.obtain(**second)
    if not isinstance(earlier, Token) or not isinstance(later, Token):
        untestable(f"the client has no two tokens: {described(earlier)}, {described(later)}")
    require(
        client.tenant.journal.count("token") > 0 and later.access_token != earlier.access_token,
        expected="a token request with the new configuration",
        seen=f"tokens are kept without their {key}: the application got the token of an earlier configuration with another one",
    )


@requirement(
    "config.reconfigure-drops-token",
    level=UNSAFE,
    basis=damage("The application acts as the client, user or subject of an earlier configuration."),
    grants=ALL,
    covered_by=["concurrency.no-mixing", "concurrency.no-mixing-users"],
    statement="A token obtained as one client, user or subject is not used as another one.",
)
def test_reconfigure_drops_token(client: LabClient, tenant: Tenant, grant: GrantType) -> None:
    """Do: get a token, configure another client, user or subject at the same token URL, get a token again.

    Check: the client requested the second token, and it is not the first one. (With a refresh token, that of another user.)
    """
    if grant is GrantType.REFRESH_TOKEN:
        held = {name: tenant.mint_refresh_token(str(client.configuration()["client_id"]), username=name) for name in ("a", "b")}
        _require_dropped(client, "user", {"refresh_token": held["a"]}, {"refresh_token": held["b"]})
        return
    key, other = {
        GrantType.CLIENT_CREDENTIALS: ("client id", {"client_id": "another-client", "client_secret": "another-secret"}),
        GrantType.PASSWORD: ("user", {"username": "another-user", "password": "another-password"}),
        GrantType.JWT_BEARER: ("subject", {"jwt_subject": "another-subject"}),
    }[grant]
    _require_dropped(client, key, {}, dict(other))


@requirement(
    "config.reconfigure-drops-scope",
    level=UNSAFE,
    basis=_OTHER_RIGHTS,
    grants=_ONE,
    parameters=["scope"],
    covered_by=["config.reconfigure-drops-token", "concurrency.no-mixing-scopes"],
    statement="A token obtained with one scope is not used with another one.",
)
def test_reconfigure_drops_scope(client: LabClient) -> None:
    """Do: get a token with the scope "read", configure the scope "write", get a token again.

    Check: the client requested the second token, and it is not the first one.
    """
    _require_dropped(client, "scope", {"scope": "read"}, {"scope": "write"})


@requirement(
    "config.reconfigure-drops-resource",
    level=UNSAFE,
    basis=_MISDIRECTED,
    grants=_ONE,
    parameters=["resource"],
    covered_by=["config.reconfigure-drops-token", "concurrency.no-mixing-resources"],
    statement="A token obtained for one resource indicator is not used for another one.",
)
def test_reconfigure_drops_resource(client: LabClient) -> None:
    """Do: get a token for one resource indicator, configure another one, get a token again.

    Check: the client requested the second token, and it is not the first one.
    """
    first, second = "https://first.resource.example/", "https://second.resource.example/"
    _require_dropped(client, "resource", {"resource": first}, {"resource": second})


@requirement(
    "config.reconfigure-drops-audience",
    level=UNSAFE,
    basis=_MISDIRECTED,
    grants=_ONE,
    parameters=["additional_payload"],
    covered_by=["config.reconfigure-drops-token", "concurrency.no-mixing-audiences"],
    statement="A token obtained for one audience is not used for another one.",
)
def test_reconfigure_drops_audience(client: LabClient) -> None:
    """Do: get a token with an audience as additional payload, configure another audience, get a token again.

    Check: the client requested the second token, and it is not the first one.
    """
    first, second = ({"additional_payload": {"audience": f"https://{name}.resource.example/"}} for name in ("first", "second"))
    _require_dropped(client, "audience", dict(first), dict(second))
