"""Renders JUnit XML for Jenkins and GitLab: one suite for each category, one case for each scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet_reports.evidence.wire_text import wire_lines

# Characters that XML 1.0 §2.2 does not allow in a document, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ELEMENTS = {Verdict.FAIL: "failure", Verdict.UNTESTABLE: "failure", Verdict.ERROR: "error"}


def junit_report(run: Run) -> str:
    """Return the document. A warning is a passed case with its finding in ``system-out``."""
    suites: dict[str, list[Result]] = {}
    for result in run.results:
        suites.setdefault(result.category, []).append(result)
    root = ET.Element("testsuites", {"name": "oauth-gauntlet", "time": f"{run.duration_s:.3f}", **_counts(run.results)})
    for category in sorted(suites):
        _suite(root, category, suites[category], run)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, category: str, results: Sequence[Result], run: Run) -> None:
    duration = sum(result.duration_s for result in results)
    suite = ET.SubElement(
        root,
        "testsuite",
        {"name": category, "time": f"{duration:.3f}", "timestamp": run.started_at, **_counts(results)},
    )
    properties = ET.SubElement(suite, "properties")
    judged = run.options.get("set") or {}
    settings = {"seed": run.options.get("seed"), "profile": run.options.get("profile"), "set": judged.get("name")}
    for name, value in {**run.client, **settings, "set_version": judged.get("version")}.items():
        ET.SubElement(properties, "property", name=_legal(str(name)), value=_legal(str(value)))
    for result in results:
        _case(suite, result, run)


def _case(suite: ET.Element, result: Result, run: Run) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        name=_legal(result.scenario),
        classname=_legal(f"{run.client.get('name') or 'client'}.{result.category}"),
        time=f"{result.duration_s:.3f}",
    )
    if result.verdict is Verdict.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message=_legal(result.message))
    elif result.verdict in _ELEMENTS:
        element = ET.SubElement(case, _ELEMENTS[result.verdict], message=_legal(result.message), type=str(result.verdict))
        element.text = _legal(_account(result))
    elif result.verdict is Verdict.WARN:
        ET.SubElement(case, "system-out").text = _legal(_account(result))


def _account(result: Result) -> str:
    lines = [f"{result.verdict}: {result.statement}", f"source: {result.source} (level {result.level})"]
    for finding in result.findings:
        lines += [f"expected: {finding.expected}", f"seen: {finding.seen}"]
    lines += list(result.notes)
    mark = result.findings[0].mark if result.findings else None
    if result.exchanges:
        lines += [f"{line.side} {line.text}" for line in wire_lines(result.exchanges[-1], mark)]
    if result.answer is not None:
        lines.append(f"answer: {json.dumps(result.answer)}")
    return "\n".join([*lines, f"reproduce: {result.reproduce}"])


def _counts(results: Sequence[Result]) -> dict[str, str]:
    verdicts = [result.verdict for result in results]
    return {
        "tests": str(len(verdicts)),
        "failures": str(verdicts.count(Verdict.FAIL) + verdicts.count(Verdict.UNTESTABLE)),
        "errors": str(verdicts.count(Verdict.ERROR)),
        "skipped": str(verdicts.count(Verdict.NOT_APPLICABLE)),
    }


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
