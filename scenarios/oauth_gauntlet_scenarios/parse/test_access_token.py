"""The member access_token: missing, long, duplicate."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.parse.answers import MINIMAL, require_no_token, response_mark
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.1: access_token REQUIRED. "Parameter names and string values are included as JSON strings."
@requirement(
    "parse.access-token-missing",
    level=MUST,
    source="RFC 6749 5.1",
    statement="A response without an access token never gives a token.",
    variants={
        "absent": {"token_type": "Bearer", "expires_in": 3600},
        "null": {"access_token": None, "token_type": "Bearer"},
        "empty": {"access_token": "", "token_type": "Bearer"},
        "object": {"access_token": {"value": "x"}, "token_type": "Bearer"},
        "array": {"access_token": ["x"], "token_type": "Bearer"},
    },
)
def test_access_token_missing(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: access_token is absent, null, empty, an object or an array.

    Check: the application gets an error.
    """
    tenant.arm(faults.token_response(variant.value))
    answer = client.try_get_token()
    require_no_token(answer, response_mark("access_token" if "access_token" in variant.value else "token_type"))


# RFC 6749 §1.4: "The string is usually opaque to the client." §A.12: access-token = 1*VSCHAR. §5.1: "The
# client should avoid making assumptions about value sizes."
@requirement(
    "parse.access-token-verbatim",
    level=MUST,
    source="RFC 6749 1.4, 5.1, A.12",
    statement="The application gets the access token unchanged, for all characters and lengths.",
    variants={
        "vschar": "".join(chr(code) for code in range(0x21, 0x7F)),
        "8-kib": "gauntlet" * 1024,
        "64-kib": "gauntlet" * 8192,
        "jwt-like": "eyJhbGciOiJub25lIn0.e30.",
    },
)
def test_access_token_verbatim(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token has all printable characters, or 8 or 64 KiB, or looks like a JWT.

    Check: it is unchanged.
    """
    tenant.arm(faults.token_response({**MINIMAL, "access_token": variant.value}))
    token = client.get_token()
    require(
        token.access_token == variant.value,
        expected=f"the access token as sent, {len(variant.value)} characters",
        seen=f"{len(token.access_token)} characters: {token.access_token[:60]!r}",
        mark=response_mark(variant.value[:40]),
    )


# RFC 8259 §4: names within an object SHOULD be unique; otherwise the behaviour of a recipient is
# unpredictable. So a client may do anything except crash or return a token that was not sent.
@requirement(
    "parse.duplicate-members",
    level=INTEROP,
    source="RFC 8259 4",
    statement="A duplicate access_token gives one of the two tokens, or an error that the client documents.",
    variants=["first", "last"],
)
def test_duplicate_members(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a second access_token precedes or follows the genuine one.

    Check: one of the two, or a documented error.
    """
    tenant.arm(faults.fault("raw_token_member", member="access_token", text='"a-second-token"', keep=variant.name))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        token = str(answer.access_token)
        known = token == "a-second-token" or tenant.active(token) is not None
        require(known, expected="one of the two tokens, unchanged", seen=described(answer))
