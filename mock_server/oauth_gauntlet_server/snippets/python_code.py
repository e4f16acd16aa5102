"""Write a request as a Python script that uses httpx2."""

from __future__ import annotations

from oauth_gauntlet_server.snippets.repeatable import Repeatable


def as_python(request: Repeatable) -> str:
    """Return a script that sends the request again with the same headers and octets, and prints the response."""
    # A Request that no client has built contains no default headers of httpx2.
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
        "    response = client.send(request)\n"
        "print(response.status_code, response.reason_phrase)\n"
        "print(response.text)\n"
    )


def _latin1(text: str) -> str:
    """Return a literal: a string if the text is ASCII, else latin-1 octets, because httpx2 would encode it differently."""
    return repr(text) if text.isascii() else repr(text.encode("latin-1", "replace"))
