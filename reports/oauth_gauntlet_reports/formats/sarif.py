"""Renders SARIF 2.1.0 (OASIS Standard) for code scanning: findings with request and response.

A conformance finding is about behaviour and has no line of source code, but viewers require a location. The physical location
is therefore the baseline file; the logical location is the scenario.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from urllib.parse import quote

from oauth_gauntlet.files.escaping import escaped, escaped_lines
from oauth_gauntlet.model import Cause, Result, Run, Verdict, causes
from oauth_gauntlet.protocol import JSON, JSONObject
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.scores import CATEGORIES
from oauth_gauntlet_reports.evidence.sources import source_url, web_url
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.formats.markdown import advice, quoted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_WARNINGS = {Verdict.UNTESTABLE, Verdict.WARNING}
_MOST_BODY = 4000
"""Maximum number of characters of a body; code scanning accepts 10 MiB compressed, and 25,000 results."""

_ESCAPES = str.maketrans({"[": "\\[", "]": "\\]", "\\": "\\\\", "{": "{{", "}": "}}"})

_END = "}]}"
"""The end of a log: of its run, of the list of runs, and of the log."""


def sarif_report(run: Run) -> str:
    """Return the log: a rule for each requirement with findings, a result for each scenario with findings."""
    found = [cause for cause in causes(run.results) if cause.findings]
    index = {cause.id: place for place, cause in enumerate(found)}
    # A line for each result, and each as text at once: as objects, thousands of results need much memory.
    results = [json.dumps(_result(result, cause, index[cause.id], run)) for cause in found for result in cause.findings]
    driver: JSONObject = {
        "name": "oauth-gauntlet",
        "semanticVersion": _text(run.tool_version),
        "rules": [_rule(cause) for cause in found],
    }
    made: JSONObject = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"oauth-gauntlet/{_text(str(run.client.get('name') or 'client'))}/"},
        "invocations": [{"executionSuccessful": run.complete}],
        "columnKind": "unicodeCodePoints",
        "properties": {"client": _clean(run.client), "options": _clean(run.options), "summary": run.summary()},
    }
    start = json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [made]}).removesuffix(_END)
    return "".join((start, ', "results": [\n', ",\n".join(results), f"\n]{_END}\n"))


def _rule(cause: Cause) -> JSONObject:
    result = cause.worst
    lines = basis_lines(result.basis)
    rule: JSONObject = {
        "id": _text(result.id),
        "shortDescription": {"text": _text(result.statement)},
        "fullDescription": {"text": "\n".join(map(_text, (result.statement, *(lines or (f"({result.source})",)))))},
        "defaultConfiguration": {"level": "error" if result.level.binding else "warning"},
        "properties": {
            "tags": ["oauth2", _text(CATEGORIES.get(result.category, result.category)), str(result.level)],
            "precision": "very-high",
            "problem.severity": "error" if result.level.binding else "warning",
            "basis": _clean([each.to_json() for each in result.basis]),
        },
    }
    url = source_url(result.source)
    return {**rule, **({} if url is None else {"helpUri": url}), **_help(cause)}


def _help(cause: Cause) -> JSONObject:
    """Return the help of a rule as text and as Markdown; code scanning shows it next to the finding."""
    lines, markdown = [*basis_lines(cause.worst.basis)], quoted(cause.worst)
    if cause.against:
        found, peers = remedy(cause.id), peers_sentence(cause.id)
        if found is not None:
            lines += [f"{HEADING}: {found.text}", *(f"- {each.how} ({each.seen})" for each in found.examples)]
        lines += [peers] if peers else []
        markdown += advice(cause.id)
    if not lines:
        return {}
    return {"help": {"text": "\n".join(map(_text, lines)), "markdown": "\n".join(markdown).strip()}}


def _place(run: Run) -> str:
    """Return the baseline file as a URI: relative to the root of the repository, where the command is started."""
    path = PurePath(run.baseline)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _result(result: Result, cause: Cause, rule: int, run: Run) -> JSONObject:
    place: JSONObject = {
        "physicalLocation": {"artifactLocation": {"uri": _place(run)}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": _text(result.scenario), "kind": "scenario"}],
    }
    made: dict[str, JSON] = {
        "ruleId": _text(result.id),
        "ruleIndex": rule,
        "kind": "fail",
        "level": "warning" if result.verdict in _WARNINGS else "error",
        "message": {"text": _message(result, cause)},
        "locations": [place],
        # Contains the client's name, because a repository may have several clients.
        "partialFingerprints": {"scenario/v1": _text(f"{run.client.get('name')}:{result.scenario}:{result.verdict}")},
        "properties": {
            "grant": _text(result.grant),
            "verdict": str(result.verdict),
            "damage": str(result.whole_damage),
            "reproduce": _text(result.reproduce),
            **({"platform": _text(result.platform)} if result.platform else {}),
        },
    }
    if result.expected is not None:
        made["suppressions"] = [{"kind": "external", "justification": _text(str(result.expected.get("reason") or "known"))}]
        issue = web_url(result.expected.get("issue"))
        if issue is not None:
            made["workItemUris"] = [issue]
    return {**made, **_wire(result)}


def _message(result: Result, cause: Cause) -> str:
    details = [f"expected: {finding.expected}\nseen: {finding.seen}" for finding in result.findings] or [result.message]
    if cause.root:
        details.append(f"Same cause as {cause.root}: {cause.reason}")
    if cause.alike:
        details.append(f"{cause.alike_words}: {', '.join(f'{each.id} ({each.verdict})' for each in cause.alike)}")
    if cause.consequences:
        details.append(f"{cause.consequence_words}: {', '.join(each.id for each in cause.consequences)}")
    lines = [result.statement, *details, f"Reproduce: {result.reproduce}"]
    # SARIF 3.11.5: unescaped brackets are links, and unescaped braces are placeholders.
    return "\n".join(map(escaped_lines, lines)).translate(_ESCAPES)


def _wire(result: Result) -> JSONObject:
    if not result.exchanges:
        return {}
    exchange = result.exchanges[marked_exchange(result)[0]]
    request, response = exchange["request"], exchange["response"]
    made: JSONObject = {
        "webRequest": {
            "protocol": "HTTP",
            "version": _text(str(request.get("http_version", "1.1"))),
            "method": _text(request["method"]),
            "target": _text(request["target"]),
            **_message_parts(request),
        }
    }
    if response is None:
        return {**made, "webResponse": {"noResponseReceived": True}}
    answered: dict[str, JSON] = {
        "protocol": "HTTP",
        "version": "1.1",
        "statusCode": response["status"],
        **_message_parts(response),
    }
    if response.get("reason"):
        answered["reasonPhrase"] = _text(response["reason"])
    return {**made, "webResponse": answered}


def _message_parts(message: JSONObject) -> JSONObject:
    headers: dict[str, str] = {}
    for name, value in message["headers"]:
        # SARIF 3.46.7: fields of one name are joined by commas, as in RFC 9110 5.3.
        key = _text(name)
        headers[key] = f"{headers[key]}, {_text(value)}" if key in headers else _text(value)
    body: str = message["body"]
    cut = body if len(body) <= _MOST_BODY else f"{body[:_MOST_BODY]}... ({len(body)} characters)"
    return {"headers": headers, "body": {"text": escaped_lines(cut)}}


def _clean(value: JSON) -> JSON:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(key)): _clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return value


def _text(text: str) -> str:
    return escaped(text)
