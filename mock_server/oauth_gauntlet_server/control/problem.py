"""Errors of the control API as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from oauth_gauntlet_server.http.json_schema import KeyPath, Refused, Schema

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """The control API rejects a request. `members` are extension members (RFC 9457 §3.2)."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.members = members or {}

    def document(self) -> dict[str, Any]:
        """Return the problem document; its type is about:blank, which means the status code (RFC 9457 §4.2.1)."""
        return {
            **self.members,
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }


def problem_of(refused: Refused, *, where: str = "", status: int = 400) -> Problem:
    """Return the problem of a value that does not match its schema; `where` is the part of the request: path, query, ..."""
    members: dict[str, Any] = {"member": pointer(refused.member), "expected": refused.expected}
    if refused.nearest:
        members["nearest"] = list(refused.nearest)
    place = f"{where}{pointer(refused.member)}"
    return Problem(status, f"{place}: {refused}" if place else str(refused), members=members)


def pointer(path: KeyPath) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


PROBLEM: Schema = {
    "title": "Problem",
    "description": "What is wrong with a request (RFC 9457).",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "member": {"type": "string", "description": "JSON Pointer of the wrong member"},
        "expected": {"type": "string"},
        "nearest": {
            "type": "array",
            "items": {"type": "string"},
            "description": "the most similar known names",
        },
        "count": {
            "type": "integer",
            "description": "exchanges that were recorded when the time limit ended",
        },
    },
    "required": ["type", "title", "status", "detail"],
}
