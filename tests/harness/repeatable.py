"""What two runs with one seed have in common: a results stream without times, ports, and what the machine orders.

docs/results.md promises exactly this, "The same run again". `comparable` removes nothing else.
"""

import base64
import json
import re

_PORT = re.compile(r"((?:\d+\.\d+\.\d+\.\d+|localhost|idp\.test)(?::|%3A))\d{4,5}")
_HTTP_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_AMERICAN = re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M")
_EPOCH = re.compile(r"(?<![\w.-])1[789]\d{8}(\d{3})?(\.\d+)?(?![\w.-])")
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")

_MEMBERS = {"duration_s", "started_at", "expires_at"}

_TIMES = ("iat", "exp", "nbf", "auth_time")
_AT_ONCE = ("concurrency.", "story.")
"""Categories whose clients send several requests at once: the machine decides in which order these arrive."""

_RESET_AT_ONCE = "wire.reset-on-accept"
"""A connection that is reset at once fails when the client connects, writes or reads: the machine decides."""


def comparable(lines):
    """Return the lines of a results stream as values by which two runs can be compared, in one order."""
    documents = [json.loads(line) for line in lines]
    return sorted(map(_document, documents), key=lambda each: (each.get("type") != "header", each.get("scenario", "")))


def _document(document):
    if "results" in document:
        return _without({**document, "results": [_document(each) for each in document["results"]]})
    if document.get("id", "").startswith(_AT_ONCE):
        document = {**document, "exchanges": None, "answer": None}
    if document.get("id") == _RESET_AT_ONCE:
        document = {**document, "answer": None}
    return _without(document)


def _without(value):
    if isinstance(value, dict):
        return {key: "TIME" if each and key in _MEMBERS else _without(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each) for each in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float | int) and _EPOCH.fullmatch(str(value)):
        return "TIME"
    return value


def _text(text):
    text = _JWT.sub(_jwt, text)
    for pattern in (_HTTP_DATE, _RFC_3339, _AMERICAN, _EPOCH):
        text = pattern.sub("TIME", text)
    return _PORT.sub(r"\1PORT", text)


def _jwt(found):
    """Return header and claims of a JWT: its times differ, and with them its signature."""
    try:
        header, claims = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in found.group().split(".")[:2]
        )
        return json.dumps([header, {name: value for name, value in claims.items() if name not in _TIMES}])
    except (ValueError, AttributeError):
        return found.group()
