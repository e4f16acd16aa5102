"""The octets of the body: percent-encoding, ASCII, nothing around the form."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, JWT_BEARER, MUST, PASSWORD, requirement

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


# RFC 6749 Appendix B: "the value consisting of the six Unicode code points (1) U+0020 (SPACE), (2) U+0025
# (PERCENT SIGN), (3) U+0026 (AMPERSAND), (4) U+002B (PLUS SIGN), (5) U+00A3 (POUND SIGN), and (6) U+20AC
# (EURO SIGN) would be encoded into the octet sequence below ... 20 25 26 2B C2 A3 E2 82 AC and then
# represented in the payload as: +%25%26%2B%C2%A3%E2%82%AC". %20 for the space and lower-case hexadecimal
# digits decode to the same.
@requirement(
    "encoding.appendix-b",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[PASSWORD],
    statement="The example of Appendix B is sent with the octets that the appendix gives.",
)
def test_appendix_b(client: LabClient) -> None:
    """Do: configure the six characters of the example as password.

    Check: it decodes to the nine octets of the appendix.
    """
    client.configure(password=_EXAMPLE)
    client.try_get_token()
    request = client.token_request()
    pairs = (pair.partition(b"=") for pair in request.body.split(b"&"))
    sent = [value for name, _, value in pairs if _octets(name) == b"password"]
    require(
        len(sent) == 1 and _octets(sent[0]) == _EXAMPLE_OCTETS,
        expected="password=+%25%26%2B%C2%A3%E2%82%AC, or another encoding of these octets",
        seen=", ".join(each.decode("latin-1") for each in sent) or "no parameter password",
        mark=Mark(text="password="),
    )


# WHATWG URL, application/x-www-form-urlencoded serializing: everything except the unreserved characters is
# percent-encoded, so the body is ASCII without blanks.
@requirement(
    "encoding.ascii-body",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[PASSWORD],
    statement="The body is ASCII without blanks, line breaks or control characters, for every configured value.",
)
def test_ascii_body(client: LabClient) -> None:
    """Do: configure a password with a blank, a tab and non-ASCII text.

    Check: the body contains no such octet unencoded.
    """
    client.configure(password="two words\tß€😀")
    client.try_get_token()
    raw = sorted({octet for octet in client.token_request().body if octet <= 0x20 or octet >= 0x7F})
    require(
        not raw,
        expected="percent-encoded octets (or + for a space)",
        seen=f"raw octets {', '.join(f'{octet:02X}' for octet in raw)}",
        mark=Mark(text="password="),
    )


@requirement(
    "encoding.body-alone",
    level=INTEROP,
    source="practice; WHATWG URL, application/x-www-form-urlencoded",
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


# RFC 7523 §2.1: 'The value of the "grant_type" is "urn:ietf:params:oauth:grant-type:jwt-bearer".' Colons may
# be percent-encoded or not.
@requirement(
    "encoding.grant-urn",
    level=MUST,
    source="RFC 7523 2.1, RFC 6749 Appendix B",
    grants=[JWT_BEARER],
    statement="grant_type is the registered URN; its colons are encoded once or not at all.",
)
def test_grant_urn(client: LabClient) -> None:
    """Do: get a token. Check: grant_type decodes to the URN in one step."""
    client.try_get_token()
    sent = witness.values(client.token_request(), "grant_type")
    require(
        sent == ("urn:ietf:params:oauth:grant-type:jwt-bearer",),
        expected="urn:ietf:params:oauth:grant-type:jwt-bearer",
        seen=", ".join(sent) or "no grant_type",
        mark=Mark(text="grant_type="),
    )
