"""How the resources of providers refuse a token: a client may renew it, and stays usable."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, USER_AGENT, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.provider.provider import providers
from oauth_gauntlet_scenarios.provider.served import refusal_answer
from oauth_gauntlet_scenarios.resource.refused import require_bounded_and_usable
from oauth_gauntlet_scenarios.resource.requests import RESOURCE


@requirement(
    "provider.refusal",
    level=INTEROP,
    basis=[
        practice(
            "Resources of providers refuse a token without a challenge, with a JSON array, or for reasons of their own. A "
            "client that expects one form crashes, and one that asks again and again is blocked."
        ),
        quote(
            "RFC 9110 15.5.2",
            "The user agent MAY repeat the request with a new or replaced Authorization header field",
            binds=USER_AGENT,
        ),
    ],
    covered_by=["resource.refusal-forms", "resource.401-persistent", "resource.bearer-header", "request.one-per-token"],
    grants=[REFRESH_TOKEN],
    capabilities=RESOURCE,
    statement="A refusal in the form of a provider ends in an answer for the application, and the next request is sent again.",
    variants=[name for name, provider in providers().items() if provider.refusal is not None],
)
def test_refusal(client: LabClient, variant: Variant) -> None:
    """Do: the resource refuses every request as the provider documents it; later it accepts the next one.

    Check: a response with the status, or a documented error; at most four requests at each server; then HTTP 200.
    """
    provider = providers()[variant.name]
    assert provider.refusal is not None
    require_bounded_and_usable(client, refusal_answer(provider.refusal), f"the refusal of {provider.name}")
