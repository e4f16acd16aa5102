"""A request as a ``curl`` command."""

from __future__ import annotations

import re
import shlex

from oauth_gauntlet_server.snippets.repeatable import Repeatable

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_ALWAYS_SENT = ("Accept", "User-Agent")


def as_curl(request: Repeatable) -> str:
    """Return a command that sends the request again, header for header and octet for octet (bash, zsh)."""
    names = {name.lower() for name, _ in request.headers}
    lines = [f"curl -i{_flags(request, names)} {_quoted(request.url)}"]
    # What curl would add of its own accord is taken away by a name without a value.
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
            # Not --data, to which a leading @ is the name of a file.
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
        flags += " --compressed"  # the header is the request's own; this has the answer unpacked
    return flags


def _quoted(text: str) -> str:
    """Return text as one word of the shell; what is not printable ASCII as its latin-1 octets (``$'...'``)."""
    if _PRINTABLE.fullmatch(text):
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text.encode('latin-1', 'replace')))}'"


def _escaped(octet: int) -> str:
    if octet in b"'\\":
        return f"\\{octet:c}"
    return chr(octet) if 0x20 <= octet < 0x7F else rf"\x{octet:02x}"
