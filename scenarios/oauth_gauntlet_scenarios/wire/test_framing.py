"""Responses whose length is stated wrongly or twice."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import INTEROP, MUST, RECIPIENT, USER_AGENT, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.another_party import another_party
from oauth_gauntlet_scenarios.wire.failure import advise_documented, require_no_token
from oauth_gauntlet_server import Tenant, faults

_MORE = "\r\nthis is no response\r\n"


# The same valid value twice ("42, 42") is not tried. Whether the client closes the connection is
# not observable: the server closes it too.
@requirement(
    "wire.content-length",
    level=MUST,
    basis=[
        quote(
            "RFC 9112 6.3",
            "If a message is received without Transfer-Encoding and with an invalid Content-Length header field, then the "
            "message framing is invalid and the recipient MUST treat it as an unrecoverable error, unless the field value can "
            "be successfully parsed as a comma-separated list (Section 5.6.1 of [HTTP]), all values in the list are valid, and "
            "all values in the list are the same",
            binds=RECIPIENT,
        ),
        quote(
            "RFC 9112 6.3",
            "If it is in a response message received by a user agent, the user agent MUST close the connection to the server "
            "and discard the received response.",
            binds=USER_AGENT,
        ),
    ],
    statement="A response with an invalid Content-Length, or with two that differ, gives no token.",
    variants={
        "text": {"fault": "content_length", "value": "unknown"},
        "negative": {"fault": "content_length", "value": "-{length}"},
        "signed": {"fault": "content_length", "value": "+{length}"},
        "with-unit": {"fault": "content_length", "value": "{length} octets"},
        "list-differs": {"fault": "content_length", "value": "{length}, 7"},
        "fields-differ": {"fault": "raw_headers", "octets": "Content-Length: 7"},
    },
    platform=True,
)
def test_content_length(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a whole response has an invalid Content-Length, or two that differ; the server closes the connection.

    Check: no token.
    """
    client.control(faults.fault("content_length", value="{length}"))
    # The connection ends in each variant, so a client that ignores the field gets the whole document.
    ended = faults.fault("truncate", octets=1_000_000)
    tenant.arm(faults.all_of(faults.fault_from_json(variant.value), ended))
    require_no_token(client.try_get_token(), because="the length of the response is invalid")


def _usable_or_refused(answer: Token | ErrorInfo) -> None:
    """Check that there is a usable token or a documented error. The class of an error is the client's, not its platform's."""
    advise_documented(answer)
    documented(answer)


# RFC 9112 §6.3 (3): such a message "ought to be handled as an error", so a refusal is right too.
@requirement(
    "wire.two-framings",
    level=INTEROP,
    basis=[
        rule(
            "RFC 9112 6.3",
            "If a message is received with both a Transfer-Encoding and a Content-Length header field, the Transfer-Encoding "
            "overrides the Content-Length.",
            binds=RECIPIENT,
        ),
        practice("Proxies add a Content-Length to a chunked response."),
    ],
    statement="With Transfer-Encoding and Content-Length the client reads the chunks, or refuses the response clearly.",
    platform=True,
)
def test_two_framings(client: LabClient, tenant: Tenant) -> None:
    """Do: a chunked response has a Content-Length too. Check: the token that was issued, or a documented error."""
    client.control(faults.fault("chunked", octets=60))
    tenant.arm(faults.fault("chunked", octets=60, flaw="with-content-length"))
    _usable_or_refused(client.try_get_token())


@requirement(
    "wire.extra-octets",
    level=INTEROP,
    basis=practice("Hand-written servers send a longer body than Content-Length says, such as with a line end after it."),
    statement="Octets after the end of a response are no part of it, and not of the next one.",
    platform=True,
)
def test_extra_octets(client: LabClient, tenant: Tenant) -> None:
    """Do: octets follow the first response; configure again, get a token.

    Check: the first answer is the token or a documented error, the second one the token.
    """
    client.control()
    tenant.arm(faults.fault("unsolicited_response", octets=_MORE), times=1)
    _usable_or_refused(client.try_get_token())
    client.configure(**another_party(client, 2))
    client.get_token()
