"""Limits the length of every text of a run before a report shows it: a client may answer with megabytes.

Exchanges keep their texts: `wire_text` limits their lines. The JSON report and the results file contain everything.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TypeVar

from oauth_gauntlet.model import Finding, Result, Run
from oauth_gauntlet.protocol import JSON, JSONObject

MOST_TEXT = 4000
"""Maximum number of characters of a text."""

MOST_EVIDENCE = 25
"""Maximum number of scenarios of a requirement that are shown with their exchange: no viewer opens a hundred megabytes."""

MOST_NAME = 200
"""Maximum number of characters of what the header says, such as the name of the client."""

_Bounded = TypeVar("_Bounded", Result, Finding)


def cut(text: str, most: int = MOST_TEXT) -> str:
    """Return a text, cut if it is longer than `most` characters; it then says how long it is."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def answer_text(answer: JSON, most: int = MOST_TEXT, *, indent: int | None = None) -> str:
    """Return the client's answer as JSON, cut."""
    return cut(json.dumps(_cut_values(answer, most), indent=indent), most)


def bounded(run: Run) -> Run:
    """Return a run without long texts."""
    return replace(
        run,
        tool_version=cut(run.tool_version, MOST_NAME),
        started_at=cut(run.started_at, MOST_NAME),
        client=_cut_object(run.client, MOST_NAME),
        options=_cut_object(run.options, MOST_TEXT),
        results=tuple(map(_bounded_result, run.results)),
    )


def _bounded_result(result: Result) -> Result:
    result = _with_cut_texts(result, "id", "scenario", "grant", "statement", "message", "reproduce", "follows_from", "platform")
    if any(max(len(each.expected), len(each.seen)) > MOST_TEXT for each in result.findings):
        result = replace(result, findings=tuple(_with_cut_texts(each, "expected", "seen") for each in result.findings))
    if any(len(note) > MOST_TEXT for note in result.notes):
        result = replace(result, notes=tuple(map(cut, result.notes)))
    if any(len(each.sentence) > MOST_TEXT for each in result.basis):
        result = replace(result, basis=tuple(replace(each, sentence=cut(each.sentence)) for each in result.basis))
    if result.expected is not None:
        result = replace(result, expected=_cut_object(result.expected, MOST_TEXT))
    return result


def _with_cut_texts(value: _Bounded, *names: str) -> _Bounded:
    long: dict[str, Any] = {name: cut(text) for name in names if len(text := getattr(value, name)) > MOST_TEXT}
    return replace(value, **long) if long else value


def _cut_object(value: JSONObject, most: int) -> JSONObject:
    return {cut(key, most): _cut_values(each, most) for key, each in value.items()}


def _cut_values(value: JSON, most: int) -> JSON:
    if isinstance(value, str):
        return cut(value, most)
    if isinstance(value, dict):
        return _cut_object(value, most)
    if isinstance(value, list):
        return [_cut_values(each, most) for each in value]
    return value
