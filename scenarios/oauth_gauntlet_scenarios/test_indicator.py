"""Resource indicators (RFC 8707): the parameter `resource` of token requests."""

from __future__ import annotations

import re

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, PASSWORD, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.encoding.values import NAMES_AND_VALUES
from oauth_gauntlet_scenarios.refusal import DOCUMENTED, is_refused, request_with

RESOURCE = ["resource"]

_CALENDAR, _CONTACTS = "https://cal.example.com/", "https://contacts.example.com/"

_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")

_ABSOLUTE = quote("RFC 8707 2", "Its value MUST be an absolute URI, as specified by Section 4.3 of [RFC3986].")


# Decoding and encoding again makes another identifier. A path / where there was none makes an equivalent URI (RFC 3986 6.2.3),
# but servers compare texts: a warning.
@requirement(
    "indicator.sent-unchanged",
    level=MUST,
    basis=[
        rule("RFC 8707 2", "Indicates the target service or resource to which access is being requested."),
        NAMES_AND_VALUES,
    ],
    parameters=RESOURCE,
    renewals=[EXPIRY],
    renewal_variants=["path"],
    statement="A token request contains the configured resource once, form-encoded, and otherwise unchanged.",
    variants={
        "path": "https://api.example.com/app/",
        "no-path": "https://api.example.com",
        "query": "https://api.example.com/a%20b?tenant=x%2Fy&part=1",
        "urn": "urn:example:billing+archive",
    },
)
def test_sent_unchanged(client: LabClient, variant: Variant) -> None:
    """Do: configure one resource. Check: one parameter resource, which decodes to the configured URI."""
    sent = witness.values(request_with(client, resource=variant.value), "resource")
    expected = f"one parameter resource, which decodes to {variant.value}"
    seen = f"resource: {', '.join(sent) or 'missing'}"
    mark = Mark(text="resource=" if sent else "grant_type=")
    equivalent = {variant.value, f"{variant.value}/"} if variant.name == "no-path" else {variant.value}
    require(len(sent) == 1 and sent[0] in equivalent, expected=expected, seen=seen, mark=mark)
    advise(sent[0] == variant.value, expected=expected, seen=seen, mark=mark)


# A client that knows one resource only may reject a second one. Leaving one out silently is a warning: the parameter is
# optional.
@requirement(
    "indicator.several",
    level=MUST,
    basis=[
        _ABSOLUTE,
        rule(
            "RFC 8707 2",
            'Multiple "resource" parameters MAY be used to indicate that the requested token is intended to be used at '
            "multiple resources.",
        ),
    ],
    covered_by=["indicator.sent-unchanged"],
    parameters=RESOURCE,
    renewals=[EXPIRY],
    statement="Several resources are several parameters, one URI in each.",
)
def test_several(client: LabClient) -> None:
    """Do: configure two resources. Check: each parameter resource is one of them, and both are sent."""
    configured = [_CALENDAR, _CONTACTS]
    answer = client.obtain(resource=configured)
    if is_refused(client, answer, kinds=DOCUMENTED, control={"resource": _CALENDAR}):
        return
    sent = witness.values(client.token_request(), "resource")
    seen = f"resource: {', '.join(sent) or 'missing'}"
    mark = Mark(text="resource=" if sent else "grant_type=")
    expected = f"a parameter for each of {' and '.join(configured)}"
    require(set(sent) <= set(configured), expected=expected, seen=seen, mark=mark)
    advise(set(sent) == set(configured), expected=expected, seen=seen, mark=mark)


# The client may refuse the value, when it is configured or later, or drop the fragment.
@requirement(
    "indicator.no-fragment",
    level=MUST,
    basis=quote("RFC 8707 2", "The URI MUST NOT include a fragment component."),
    parameters=RESOURCE,
    statement="The client never sends a resource with a fragment.",
    variants={"named": "https://api.example.com/app#part", "empty": "https://api.example.com/app#"},
)
def test_no_fragment(client: LabClient, variant: Variant) -> None:
    """Do: configure a resource with a fragment. Check: an error, or a request with no number sign in its resource."""
    answer = client.obtain(resource=variant.value)
    if is_refused(client, answer, kinds=DOCUMENTED, control={"resource": "https://api.example.com/app"}):
        return
    sent = witness.values(client.token_request(), "resource")
    require(
        not any("#" in each for each in sent),
        expected="an error, or a resource without a fragment",
        seen=f"resource={', '.join(sent)}",
        mark=Mark(text="resource="),
    )


@requirement(
    "indicator.absolute",
    level=MUST,
    basis=_ABSOLUTE,
    parameters=RESOURCE,
    statement="The client never sends a resource that is no absolute URI.",
    variants={"path": "/app/", "no-scheme": "api.example.com/app/", "empty-scheme": "://api.example.com/app/"},
)
def test_absolute(client: LabClient, variant: Variant) -> None:
    """Do: configure a resource that is no absolute URI. Check: an error, or a request without such a resource."""
    answer = client.obtain(resource=variant.value)
    if is_refused(client, answer, kinds=DOCUMENTED, control={"resource": "https://api.example.com/app/"}):
        return
    sent = witness.values(client.token_request(), "resource")
    require(
        all(_ABSOLUTE_URI.fullmatch(each) for each in sent if each),
        expected="an error, or a resource that is an absolute URI",
        seen=f"resource={', '.join(sent)}",
        mark=Mark(text="resource="),
    )


# Not a must: without the parameter the server decides, and may keep to the resources of the first request.
@requirement(
    "indicator.at-refresh",
    level=INTEROP,
    basis=[
        practice("Servers issue a token for a default audience when a refresh names no resource, and the API then refuses it."),
        rule(
            "RFC 8707 2.2",
            'When the "resource" parameter is used on an access token request made to the token endpoint, for all grant types, '
            "it indicates the target service or protected resource where the client intends to use the requested access token.",
            binds=SERVER,
        ),
    ],
    grants=[PASSWORD],
    capabilities=["refresh"],
    parameters=RESOURCE,
    covered_by=["indicator.sent-unchanged"],
    statement="A refresh names the same resource as the request before it.",
)
def test_at_refresh(client: LabClient) -> None:
    """Do: get a token for a configured resource; then refresh. Check: the refresh request contains the resource."""
    client.configure(resource=_CALENDAR)
    client.try_get_token()
    client.grants()
    client.try_refresh()
    request = client.token_request()
    if witness.value(request, "grant_type") != "refresh_token":
        # The client got its new token with the password again (RFC 6749 4.3.1 is the matter of another requirement).
        return
    sent = witness.values(request, "resource")
    require(
        sent == (_CALENDAR,),
        expected=f"resource={_CALENDAR}",
        seen=f"resource: {', '.join(sent) or 'missing'}",
        mark=Mark(text="resource=" if sent else "grant_type="),
    )
