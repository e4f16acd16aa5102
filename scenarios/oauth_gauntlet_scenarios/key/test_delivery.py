"""The private key as environment variables, files and secret stores deliver it: not always as the PEM that it was.

A client may repair such a text, or refuse it. It may not crash, sign with something else, or print the key.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, UNSAFE, Variant, damage, practice, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import JWT, readable_assertion


def _body(pem: str) -> str:
    """Return the base64 text between header and footer, which is the key itself."""
    return "".join(pem.splitlines()[1:-1])


_DELIVERIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "newlines-spelt-out": ("with its line ends spelt out as \\n", lambda pem: pem.replace("\n", "\\n")),
    "one-line": ("on one line, with blanks for its line ends", lambda pem: pem.strip().replace("\n", " ")),
    "quoted": ("in quotation marks, with its line ends spelt out", lambda pem: '"' + pem.replace("\n", "\\n") + '"'),
    "base64-of-pem": ("as base64 of the PEM", lambda pem: base64.b64encode(pem.encode()).decode()),
    "base64-of-der": ("as base64 without header and footer", _body),
    "blanks-around": (
        "with blank lines before it and blanks at its line ends",
        lambda pem: "\n \n" + pem.replace("\n", "  \n"),
    ),
    "byte-order-mark": ("with a byte order mark before it", lambda pem: f"\ufeff{pem}"),
}
_PIECE = 24
"""Characters of the key that no text contains by accident."""


@requirement(
    "key.as-delivered",
    level=INTEROP,
    basis=practice(
        "Environment variables, .env files and secret stores change the line ends of a PEM, quote it or encode it. The user "
        "then needs a key that works, or an error that points to the key."
    ),
    grants=JWT,
    covered_by=["key.pkcs8", "key.garbage"],
    statement="A key whose line ends, quotation or encoding was changed on its way works, or is refused as a configuration.",
    variants=list(_DELIVERIES),
)
def test_as_delivered(client: LabClient, variant: Variant) -> None:
    """Do: configure an RSA key as PEM; then the same key as an environment delivers it.

    Check: an assertion that is signed with the key, or an error of kind config and no request.
    """
    what, delivered = _DELIVERIES[variant.name]
    pem = private_pem("rsa")
    client.control(private_key=pem)
    answer = client.obtain(private_key=delivered(pem))
    if client.token_requests():
        sent = readable_assertion(client)
        require(
            witness.signature_problem(sent, "rsa") is None,
            expected="an assertion signed with the key, or a configuration error",
            seen=f"a key {what} was taken for another one: the assertion has alg {sent.header.get('alg')!r}, and its signature "
            "is not that of the key",
            mark=Mark(text="assertion="),
        )
        return
    require(
        isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG,
        expected="a token, or a documented configuration error (kind config) about the private key",
        seen=f"a key {what} is neither used nor refused as a configuration: {described(answer)}",
    )


@requirement(
    "key.not-in-error",
    level=UNSAFE,
    basis=damage("Error texts go to logs, error pages and monitoring: whoever reads them can sign as the client."),
    grants=JWT,
    covered_by=["secrecy.key-error-text"],
    statement="The error about a key that cannot be read contains nothing of its private part.",
)
def test_not_in_error(client: LabClient) -> None:
    """Do: configure an RSA key in each form in which an environment may deliver it, and half of its PEM.

    Check: if that is an error, its text contains no piece of the private part of the key.
    """
    pem = private_pem("rsa")
    client.control(private_key=pem)
    texts = {what: delivered(pem) for what, delivered in _DELIVERIES.values()} | {"cut off in the middle": pem[: len(pem) // 2]}
    for what, text in texts.items():
        answer = client.obtain(private_key=text)
        require(
            not (isinstance(answer, ErrorInfo) and _leaks(answer, pem)),
            expected="an error without any of the key",
            seen=f"the error about a key {what} contains some of its private part",
        )


def _leaks(answer: ErrorInfo, pem: str) -> bool:
    """Return whether an error contains a piece of the private part of the key, as it is or in base64 of the PEM."""
    said = re.sub(r"\\+n|\s", "", f"{answer.message} {answer.type} {answer.oauth_error_description}")
    spellings = (_body(pem), base64.b64encode(pem.encode()).decode())
    pieces = (each[place : place + _PIECE] for each in spellings for place in range(_private_from(each), len(each) - _PIECE))
    return any(piece in said for piece in pieces)


def _private_from(text: str) -> int:
    """Return where the private part of an RSA key of 2048 bits begins: behind the modulus, which is public."""
    return len(text) * 3 // 10
