"""Renders JUnit XML for Jenkins and GitLab: one suite for each category, one case for each scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import wire_lines

# Characters that XML 1.0 §2.2 does not allow in a document, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(run: Run) -> str:
    """Return the document.

    A warning is a passed case with its finding in ``system-out``. What the baseline knows is skipped, with the reason.
    """
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
    settings = {"seed": run.options.get("seed"), "effort": run.options.get("effort"), "set": judged.get("name")}
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
    kind = _element(result)
    if kind == "skipped":
        ET.SubElement(case, kind, message=_legal(_why_skipped(result)))
    elif kind is not None:
        ET.SubElement(case, kind, message=_legal(result.message), type=str(result.verdict)).text = _legal(_account(result))
    if result.verdict is Verdict.WARNING or (kind == "skipped" and result.expected is not None):
        ET.SubElement(case, "system-out").text = _legal(_account(result))


def _element(result: Result) -> str | None:
    """Return the element that says how the case ended, or None for a passed case."""
    if result.verdict in {Verdict.NOT_APPLICABLE, Verdict.CONSEQUENCE}:
        return "skipped"
    if result.verdict in {Verdict.PASS, Verdict.WARNING}:
        return None
    if result.expected is not None:
        return "skipped"
    return "error" if result.verdict is Verdict.ERROR else "failure"


def _why_skipped(result: Result) -> str:
    if result.verdict is Verdict.CONSEQUENCE:
        return f"it follows from {result.follows_from}: {result.message}"
    if result.expected is None:
        return result.message
    known = f"known {result.verdict}: {result.expected.get('reason')}"
    issue = result.expected.get("issue")
    return f"{known} ({issue})" if issue else known


def _account(result: Result) -> str:
    lines = [f"{result.verdict}: {result.statement} (level {result.level})"]
    lines += basis_lines(result.basis) or [result.source]
    for finding in result.findings:
        lines += [f"expected: {finding.expected}", f"seen: {finding.seen}"]
    lines += list(result.notes)
    if result.exchanges:
        place, mark = marked_exchange(result)
        lines += [f"{line.side} {line.text}" for line in wire_lines(result.exchanges[place], mark)]
    if result.answer is not None:
        lines.append(f"answer: {json.dumps(result.answer)}")
    return "\n".join([*lines, f"reproduce: {result.reproduce}"])


def _counts(results: Sequence[Result]) -> dict[str, str]:
    kinds = [_element(result) for result in results]
    counts = {"failures": kinds.count("failure"), "errors": kinds.count("error"), "skipped": kinds.count("skipped")}
    return {"tests": str(len(kinds)), **{name: str(count) for name, count in counts.items()}}


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
