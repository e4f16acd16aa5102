"""The JSON Schema of the results: every line of the stream, and the document results.json. Pure."""

from __future__ import annotations

from oauth_gauntlet.model import RESULTS_SCHEMA, BasisKind, Binds, Damage, Ending, Level, Verdict
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet.results.trouble import TroubleKind
from oauth_gauntlet.schemas.parts import (
    COUNT,
    DIALECT,
    OBJECT,
    OBJECT_OR_NULL,
    PAIR,
    SECONDS,
    STRING,
    STRING_OR_NULL,
    constant,
    described,
    one_of_names,
    record,
    reference,
)

_NAMES: JSONObject = {"type": "array", "items": STRING}


def results_schema() -> JSONObject:
    """Return the schema of the results; the document as a whole accepts a line of the stream."""
    lines = ("trouble", "header", "plan", "result", "footer")
    return {
        "$schema": DIALECT,
        "$id": f"urn:{RESULTS_SCHEMA.replace('/', ':')}",
        "title": f"Results of oauth-gauntlet ({RESULTS_SCHEMA})",
        "description": "A line of a results stream; #/$defs/document is the document results.json. "
        "Unknown members are ignored.",
        "oneOf": [reference(f"{line}_line") for line in lines],
        "$defs": {
            "trouble_line": {"allOf": [_line("trouble", {}), reference("trouble")]},
            "header_line": {"allOf": [_line("header", {}), reference("header")]},
            "plan_line": _line("plan", {"total": described(COUNT, "How many results follow.")}),
            "result_line": {"allOf": [_line("result", {}), reference("result")]},
            "footer_line": _line(
                "footer",
                {
                    "duration_s": SECONDS,
                    "complete": {"type": "boolean"},
                    "trouble": described({"type": "array", "items": STRING}, "What was lost during the run."),
                },
                optional=("trouble",),
            ),
            "document": {"allOf": [reference("header"), _ending()]},
            "trouble": record({"kind": one_of_names(TroubleKind), "message": STRING}),
            "header": _header(),
            "result": _result(),
            "basis": _basis(),
            "finding": _finding(),
            "exchange": _exchange(),
        },
    }


def _line(kind: str, members: dict[str, JSONObject], *, optional: tuple[str, ...] = ()) -> JSONObject:
    return record({"type": constant(kind), **members}, optional=optional)


def _header() -> JSONObject:
    return record(
        {
            "schema": constant(RESULTS_SCHEMA),
            "tool": record({"name": STRING, "version": STRING}, optional=["name"]),
            "client": described({"type": "object", "additionalProperties": STRING_OR_NULL}, "As declared in hello."),
            "declared": described(OBJECT, "grants, parameters, capabilities, token_endpoint_auth_methods: lists of strings."),
            "options": record(
                {
                    "effort": STRING_OR_NULL,
                    "clock": STRING_OR_NULL,
                    "environment": described(
                        {"type": ["object", "null"], "additionalProperties": STRING}, "What is fixed for every client."
                    ),
                    "profiles": described(_NAMES, "The profiles whose requirements were asked."),
                    "profiles_not_asked": described(_NAMES, "The others that there are."),
                    "set": {"type": ["object", "null"], "properties": {"name": STRING}, "required": ["name"]},
                    "selection": described(OBJECT_OR_NULL, "What restricts the run to a part of its set."),
                },
                optional=["effort", "clock", "environment", "profiles", "profiles_not_asked", "set", "selection"],
            ),
            "started_at": described(STRING, "RFC 3339."),
        }
    )


def _ending() -> JSONObject:
    return record(
        {
            "duration_s": SECONDS,
            "complete": {"type": "boolean"},
            "stopped": described(STRING, "Why the user wanted no more results; empty: the run went on."),
            "summary": {"type": "object", "additionalProperties": COUNT},
            "results": {"type": "array", "items": reference("result")},
        },
        optional=["summary", "stopped"],
    )


def _result() -> JSONObject:
    return record(
        {
            "id": described(STRING, "The id of the requirement."),
            "scenario": STRING,
            "grant": STRING,
            "level": one_of_names(Level),
            "profile": described(STRING_OR_NULL, "The profile that the requirement belongs to."),
            "basis": {"type": "array", "items": reference("basis")},
            "statement": STRING,
            "verdict": one_of_names(Verdict),
            "message": STRING,
            "expected": described(OBJECT_OR_NULL, "The entry of the baseline for this scenario."),
            "duration_s": SECONDS,
            "findings": {"type": "array", "items": reference("finding")},
            "answer": described(OBJECT_OR_NULL, "The client's last answer: a token, an error, results, or a response."),
            "notes": {"type": "array", "items": STRING},
            "exchanges": {"type": "array", "items": reference("exchange")},
            "reproduce": described(STRING, "The command that runs this scenario alone."),
            "covered_by": described(_NAMES, "Requirements that test a part of this one more specifically."),
            "refused_as": described(
                _NAMES, "How the mock server refuses what this requirement forbids; * stands for any text."
            ),
            "follows_from": described(STRING, "The requirement that explains this result; empty: none."),
            "platform": described(STRING, "The platform whose HTTP stack decides the requirement; empty: the client decides."),
            "ending": {
                "enum": [*map(str, Ending), None],
                "description": "How the client ended without an answer; null: it answered.",
            },
            "damage": {
                **one_of_names(Damage),
                "description": "What the client does to its users where it does not meet the requirement.",
            },
        },
        optional=[
            *("profile", "covered_by", "refused_as", "follows_from", "expected", "findings", "answer", "notes"),
            *("exchanges", "reproduce", "platform", "ending", "damage"),
        ],
    )


def _basis() -> JSONObject:
    return record(
        {
            "kind": one_of_names(BasisKind),
            "document": described(STRING, "Where the sentence stands, such as RFC 6749; empty for practice and damage."),
            "section": STRING,
            "sentence": described(STRING, "The exact words; for practice and damage, the reason."),
            "binds": one_of_names(Binds),
        },
        optional=["document", "section"],
    )


def _finding() -> JSONObject:
    mark = record(
        {
            "text": STRING,
            "part": described(STRING, "request or response."),
            "exchange": described({"type": "integer"}, "Index in exchanges; negative: from the end."),
        }
    )
    return record(
        {
            "expected": STRING,
            "seen": STRING,
            "grade": one_of_names(Verdict),
            "mark": {**mark, "type": ["object", "null"], "description": "The text to underline, and where."},
        },
        optional=["mark"],
    )


def _exchange() -> JSONObject:
    message: dict[str, JSONObject] = {
        "headers": {"type": "array", "items": PAIR},
        "head": described(STRING, "The head on the wire (latin-1), if it differs from the fields."),
        "body": STRING,
        "body_base64": described(STRING, "The octets of a body that is not UTF-8."),
        "body_truncated": {"type": "boolean"},
        "body_length": described(COUNT, "Octets of the whole body, when it is truncated here."),
    }
    optional = ("head", "body_base64", "body_truncated", "body_length")
    truncated: JSONObject = {
        "if": {"properties": {"body_truncated": constant(True)}, "required": ["body_truncated"]},
        "then": {"required": ["body_length"]},
    }
    request = record(
        {"method": STRING, "target": STRING, "http_version": STRING_OR_NULL, **message},
        optional=("http_version", *optional),
    )
    response = record({"status": COUNT, "reason": STRING_OR_NULL, **message}, optional=("reason", *optional))
    return record(
        {
            "request": {**request, **truncated},
            "response": {**response, **truncated, "type": ["object", "null"]},
            "fault": described(STRING_OR_NULL, "The names of the faults that fired, joined by +."),
        },
        optional=["fault"],
    )
