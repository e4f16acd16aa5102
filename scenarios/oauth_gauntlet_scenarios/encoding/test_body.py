"""The octets of the body: percent-encoding, ASCII, nothing around the form."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, INTEROP, JWT_BEARER, MUST, PASSWORD, REFRESH, practice, requirement, rule
from oauth_gauntlet_scenarios.encoding.values import NAMES_AND_VALUES
from oauth_gauntlet_scenarios.refusal import request_with

_EXAMPLE = " %&+£€"


_EXAMPLE_OCTETS = bytes([0x20, 0x25, 0x26, 0x2B, 0xC2, 0xA3, 0xE2, 0x82, 0xAC])


def _octets(encoded: bytes) -> bytes:
    """Return a decoded form value as octets: + is a space, %XX is an octet, anything else is itself."""
    out = bytearray()
    place = 0
    while place < len(encoded):
        octet = encoded[place : place + 1]
        if octet == b"%":
            out += bytes.fromhex(encoded[place + 1 : place + 3].decode("ascii"))
            place += 3
        else:
            out += b" " if octet == b"+" else octet
            place += 1
    return bytes(out)


# %20 for the space and lower-case hexadecimal digits decode to the same. A client that trims the value sends the octets after
# the space: encoding.no-normalisation.
@requirement(
    "encoding.appendix-b",
    level=MUST,
    basis=[NAMES_AND_VALUES, rule("RFC 6749 B", "and then represented in the payload as: +%25%26%2B%C2%A3%E2%82%AC")],
    grants=[PASSWORD],
    refused_as=["The form does not decode: *"],
    statement="The example of Appendix B is sent with the octets that the appendix gives.",
)
def test_appendix_b(client: LabClient) -> None:
    """Do: configure the six characters of the example as password.

    Check: it decodes to the nine octets of the appendix.
    """
    request = request_with(client, password=_EXAMPLE)
    pairs = (pair.partition(b"=") for pair in request.body.split(b"&"))
    sent = [value for name, _, value in pairs if _octets(name) == b"password"]
    require(
        len(sent) == 1 and _octets(sent[0]) in {_EXAMPLE_OCTETS, _EXAMPLE_OCTETS[1:]},
        expected="password=+%25%26%2B%C2%A3%E2%82%AC, or another encoding of these octets",
        seen=", ".join(each.decode("latin-1") for each in sent) or "no parameter password",
        mark=Mark(text="password="),
    )


# The escaping rules of HTML 4.01 (17.13.4.1): "Non-alphanumeric characters are replaced by %HH", a space by +. What stands
# around the form is the matter of encoding.body-alone.
@requirement(
    "encoding.ascii-body",
    level=MUST,
    basis=NAMES_AND_VALUES,
    grants=[PASSWORD],
    statement="The form is ASCII without blanks, line breaks or control characters, for every configured value.",
)
def test_ascii_body(client: LabClient) -> None:
    """Do: configure a password with a blank, a tab and non-ASCII text.

    Check: the form contains no such octet unencoded.
    """
    request = request_with(client, password="two words\tß€😀")
    form = request.body.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n \x00")
    raw = sorted({octet for octet in form if octet <= 0x20 or octet >= 0x7F})
    require(
        not raw,
        expected="percent-encoded octets (or + for a space)",
        seen=f"raw octets {', '.join(f'{octet:02X}' for octet in raw)}",
        mark=Mark(text="password="),
    )


@requirement(
    "encoding.body-alone",
    level=INTEROP,
    basis=practice("Servers read what stands around the form as part of the first name or the last value, or refuse it."),
    renewals=[EXPIRY, REFRESH],
    statement="The body is only the form: no leading ? or byte order mark, no trailing & or line break.",
)
def test_body_alone(client: LabClient) -> None:
    """Do: get a token. Check: the first and last octets of the body, and no empty pair in between."""
    client.try_get_token()
    body = client.token_request().body
    begins = body[:1].isalnum() or body[:1] in {b"%", b"_"}
    clean = begins and not body.endswith((b"&", b"\n", b"\r", b" ", b"\x00")) and b"&&" not in body
    require(
        clean,
        expected="name=value pairs joined by single &, and nothing before or after them",
        seen=f"a body that begins with {body[:12]!r} and ends with {body[-12:]!r}",
        mark=Mark(text=body[:20].decode("latin-1")),
    )


# Colons may be percent-encoded or not.
@requirement(
    "encoding.grant-urn",
    level=MUST,
    basis=[
        rule(
            "RFC 7523 2.1",
            "the client uses an access token request as defined in Section 4 of the OAuth Assertion Framework [RFC7521] with "
            "the following specific parameter values and encodings.",
        ),
        rule("RFC 7523 8.1", "URN: urn:ietf:params:oauth:grant-type:jwt-bearer"),
        NAMES_AND_VALUES,
    ],
    grants=[JWT_BEARER],
    renewals=[EXPIRY],
    statement="grant_type is the registered URN; its colons are encoded once or not at all.",
)
def test_grant_urn(client: LabClient) -> None:
    """Do: get a token. Check: grant_type decodes to the URN in one step."""
    client.try_get_token()
    sent = witness.values(client.token_request(), "grant_type")
    require(
        set(sent) == {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
        expected="urn:ietf:params:oauth:grant-type:jwt-bearer",
        seen=", ".join(sent) or "no grant_type",
        mark=Mark(text="grant_type="),
    )
