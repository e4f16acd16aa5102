"""Write a request as a ``curl`` command."""

from __future__ import annotations

import re
import shlex

from oauth_gauntlet_server.snippets.repeatable import Repeatable

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_ALWAYS_SENT = ("Accept", "User-Agent")


def as_curl(request: Repeatable) -> str:
    """Return a command for bash or zsh that sends the request again with the same headers and the same octets."""
    names = {name.lower() for name, _ in request.headers}
    lines = [f"curl -i{_flags(request, names)} {_quoted(request.url)}"]
    # A header name without a value stops curl from adding its own header of that name.
    unwanted = [f"{name}:" for name in _ALWAYS_SENT if name.lower() not in names]
    if _sends(request) and "content-type" not in names:
        unwanted.append("Content-Type:")
    sent = [f"{name}: {value}" if value else f"{name};" for name, value in request.headers]
    lines += [f"-H {_quoted(field)}" for field in (*sent, *unwanted)]
    feed = ""
    if _sends(request):
        try:
            text = request.body.decode("ascii")
        except UnicodeDecodeError:
            text = "\x00"
        if "\x00" not in text:
            # Not --data, which would read a file if the body begins with @.
            lines.append(f"--data-raw {_quoted(text)}")
        else:
            octets = "".join(rf"\{octet:03o}" for octet in request.body)
            feed = f"printf '{octets}' | "
            lines.append("--data-binary @-")
    return feed + " \\\n  ".join(lines)


def _sends(request: Repeatable) -> bool:
    return request.method != "HEAD" and (bool(request.body) or request.method in {"POST", "PUT", "PATCH"})


def _flags(request: Repeatable, names: set[str]) -> str:
    usual = "POST" if _sends(request) else "GET"
    flags = ""
    if request.method == "HEAD":
        flags += " --head"
    elif request.method != usual:
        flags += f" -X {_quoted(request.method)}"
    if re.search(r"[\[\]{}]", request.url):
        flags += " --globoff"
    if re.search(r"/\.{1,2}(/|$)", request.url):
        flags += " --path-as-is"
    if "accept-encoding" in names:
        flags += " --compressed"  # the request sends the header anyway; the option makes curl unpack the response
    return flags


def _quoted(text: str) -> str:
    """Return text as one word of the shell; text that is not printable ASCII as latin-1 octets (``$'...'``)."""
    if _PRINTABLE.fullmatch(text):
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text.encode('latin-1', 'replace')))}'"


def _escaped(octet: int) -> str:
    if octet in b"'\\":
        return f"\\{octet:c}"
    return chr(octet) if 0x20 <= octet < 0x7F else rf"\x{octet:02x}"
