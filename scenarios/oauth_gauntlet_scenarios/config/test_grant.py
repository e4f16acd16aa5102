"""Selection of the grant: the default, the selected one, an unknown one."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, PROFILE, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_server import Tenant

# Parameters that belong to one grant only.
_OWN_PARAMETERS = {
    GrantType.REFRESH_TOKEN: {"refresh_token"},
    GrantType.PASSWORD: {"username", "password"},
    GrantType.JWT_BEARER: {"assertion"},
    GrantType.CLIENT_CREDENTIALS: set[str](),
}


@requirement(
    "config.grant-default",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("Refresh Token (default)"),
    grants=[REFRESH_TOKEN],
    parameters=["grant_type"],
    statement="Without a selected grant the client uses refresh_token.",
    variants={"absent": None, "empty": ""},
)
def test_grant_default(client: LabClient, variant: Variant) -> None:
    """Do: configure everything for the refresh_token grant, but select no grant.

    Check: the token request contains grant_type=refresh_token and the configured refresh token.
    """
    client.configure(grant_type=variant.value)
    client.get_token()
    request = client.token_request()
    require(
        witness.value(request, "grant_type") == "refresh_token",
        expected="grant_type=refresh_token",
        seen=witness.shown(request, "grant_type"),
        mark=Mark(text="grant_type"),
    )
    require(
        witness.value(request, "refresh_token") == client.config["refresh_token"],
        expected="the configured refresh token",
        seen=witness.shown(request, "refresh_token"),
        mark=Mark(text="refresh_token"),
    )


@requirement(
    "config.grant-selected",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("Access tokens are generated based on the selected grant type."),
    statement="The client uses the selected grant and no other, though parameters of the other grants are configured too.",
)
def test_grant_selected(client: LabClient, grant: GrantType) -> None:
    """Do: configure the parameters of all four grants, and select one grant.

    Check: the request has its grant_type, and no value of a parameter that belongs to another grant only.
    """
    everything: dict[str, JSON] = {}
    for other in GrantType:
        donor = LabClient(adapter=client.adapter, hello=client.hello, tenant=client.tenant, grant=other)
        everything |= donor.configuration()
    everything["grant_type"] = str(grant)
    client.configure(**everything)
    client.get_token()
    request = client.token_request()
    require(
        witness.value(request, "grant_type") == str(grant),
        expected=f"grant_type={grant}",
        seen=witness.shown(request, "grant_type"),
        mark=Mark(text="grant_type"),
    )
    foreign = set().union(*(names for other, names in _OWN_PARAMETERS.items() if other is not grant))
    stray = sorted(foreign & {name for name, value in witness.form(request) if value})
    require(
        not stray,
        expected=f"no parameter of a grant other than {grant.short}",
        seen=f"the request contains {', '.join(stray)}",
        mark=Mark(text=stray[0] if stray else ""),
    )


# Only for clients that declare the parameter `grant_type`; no other client can be given an unknown grant. A client may
# pass the name on, which the server then refuses, and it may recognise a grant in another spelling of its name.
@requirement(
    "config.unknown-grant",
    level=INTEROP,
    basis=practice(
        "A misspelt grant that silently becomes another one acts with the wrong identity, or fails without a reason."
    ),
    parameters=["grant_type"],
    grants=[REFRESH_TOKEN],
    statement="A grant type that does not exist is refused, or sent as configured; it never becomes another grant.",
    variants={"implicit": "implicit", "hyphen": "client-credentials", "upper": "CLIENT_CREDENTIALS"},
)
def test_unknown_grant(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: select a grant type that does not exist.

    Check: a configuration error before any request, or a request whose grant_type has the same letters.
    """
    client.control()
    answer = client.obtain(grant_type=variant.value)
    requests = tenant.journal.requests("token")
    for request in requests:
        sent = witness.value(request, "grant_type")
        require(
            _letters(sent or "") == _letters(variant.value),
            expected=f"a refusal, or grant_type={variant.value}",
            seen=f"an unknown grant became another one: {witness.shown(request, 'grant_type')}",
            mark=Mark(text="grant_type"),
        )
    refused = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG
    require(requests or refused, expected="a configuration error about grant_type", seen=described(answer))


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
