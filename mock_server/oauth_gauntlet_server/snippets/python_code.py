"""A request as a Python script with httpx2."""

from __future__ import annotations

from oauth_gauntlet_server.snippets.repeatable import Repeatable


def as_python(request: Repeatable) -> str:
    """Return a script that sends the request again, header for header and octet for octet, and prints the answer."""
    # A Request made by itself has no header of httpx2's own.
    fields = "".join(f"        ({_latin1(name)}, {_latin1(value)}),\n" for name, value in request.headers)
    headers = f"[\n{fields}    ]" if fields else "[]"
    return (
        "import httpx2\n\n"
        "request = httpx2.Request(\n"
        f"    {request.method!r},\n"
        f"    {request.url!r},\n"
        f"    headers={headers},\n"
        f"    content={request.body!r},\n"
        ")\n"
        "with httpx2.Client(timeout=30) as client:\n"
        "    answer = client.send(request)\n"
        "print(answer.status_code, answer.reason_phrase)\n"
        "print(answer.text)\n"
    )


def _latin1(text: str) -> str:
    """Return a literal of text; of other than ASCII one of octets, since httpx2 would encode it otherwise."""
    return repr(text) if text.isascii() else repr(text.encode("latin-1", "replace"))
