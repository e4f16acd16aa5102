"""The scope as providers write it, and what a client asks for with the next refresh."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, PASSWORD, SERVER, Variant, practice, quote, requirement
from oauth_gauntlet_server import Tenant, faults

_GRANTED = ["read", "write"]


# A client may leave the scope out of the refresh (RFC 6749 6), repeat what it asked for, repeat the scope that it got, or
# refuse the response.
@requirement(
    "provider.scope-spelling",
    level=INTEROP,
    basis=[
        practice(
            "Twitch sends the scope as an array, and Shopify, Slack and GitHub separate it by commas. A client that writes the "
            "array as text asks for a scope that nobody knows, and gets invalid_scope."
        ),
        quote(
            "RFC 6749 3.3",
            "The value of the scope parameter is expressed as a list of space-delimited, case-sensitive strings.",
            binds=SERVER,
        ),
    ],
    covered_by=["scope.space-delimited", "scope.odd-in-response", "parse.scope-odd"],
    grants=[PASSWORD],
    parameters=["scope"],
    capabilities=["refresh"],
    statement="After a scope that is an array or separated by commas, a refresh asks for the granted scopes, or for none.",
    variants={"array": _GRANTED, "commas": ",".join(_GRANTED)},
)
def test_scope_spelling(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: request "read write"; scope in the response is an array, or separated by commas; then refresh.

    Check: documented answers; the refresh has no scope, the scopes read and write, or the text of the response.
    """
    client.control(scope="read write")
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", variant.value), times=1)
    client.configure(scope="read write")
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, ErrorInfo):
        return
    documented(client.try_refresh())
    for request in client.token_requests()[1:]:
        if witness.leaves_scope_out(request):
            continue
        sent = witness.value(request, "scope") or ""
        require(
            set(sent.split(" ")) <= set(_GRANTED) or sent == variant.value,
            expected="in the refresh no scope, or the scopes read and write",
            seen=f"the refresh asks for the scope {sent!r}, after a response with {variant.value!r}",
            mark=Mark(text="scope="),
        )
