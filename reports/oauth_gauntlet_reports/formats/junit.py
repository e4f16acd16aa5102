"""Renders JUnit XML for Jenkins and GitLab: one suite for each category, one case for each scenario, the worst first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from oauth_gauntlet.files.escaping import escaped_lines
from oauth_gauntlet.model import Result, Run, Verdict, causes
from oauth_gauntlet_reports.evidence.bounded import MOST_EVIDENCE, answer_text
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import wire_texts

# Characters that XML 1.0 §2.2 does not allow in a document, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(run: Run) -> str:
    """Return the document.

    A warning is a passed case with its finding in ``system-out``. What the baseline knows is skipped, with the reason.
    """
    suites: dict[str, list[Result]] = {}
    for cause in causes(run.results):
        for result in cause.results:
            suites.setdefault(result.category, []).append(result)
    root = ET.Element("testsuites", {"name": "oauth-gauntlet", "time": f"{run.duration_s:.3f}", **_counts(run.results)})
    shown: Counter[str] = Counter()
    for category, results in suites.items():
        _suite(root, category, results, run, shown)
    _make_legal(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, category: str, results: Sequence[Result], run: Run, shown: Counter[str]) -> None:
    """Add the suite of a category. `shown` counts the exchanges by requirement."""
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
        ET.SubElement(properties, "property", name=str(name), value=str(value))
    for result in results:
        _case(suite, result, run, shown)


def _case(suite: ET.Element, result: Result, run: Run, shown: Counter[str]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        name=result.scenario,
        classname=f"{run.client.get('name') or 'client'}.{result.category}",
        time=f"{result.duration_s:.3f}",
    )
    kind = _element(result)
    if kind == "skipped":
        ET.SubElement(case, kind, message=_why_skipped(result))
    elif kind is not None:
        ET.SubElement(case, kind, message=result.message, type=str(result.verdict)).text = _account(result, shown)
    if result.verdict is Verdict.WARNING or (kind == "skipped" and result.expected is not None):
        ET.SubElement(case, "system-out").text = _account(result, shown)


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


def _account(result: Result, shown: Counter[str]) -> str:
    lines = [f"{result.verdict}: {result.statement} (level {result.level})"]
    lines += [f"damage: the client {result.whole_damage.words}"] if result.verdict.against else []
    lines += basis_lines(result.basis) or [result.source]
    for finding in result.findings:
        lines += [f"expected: {finding.expected}", f"seen: {finding.seen}"]
    lines += list(result.notes)
    shown[result.id] += 1
    if result.exchanges and shown[result.id] > MOST_EVIDENCE:
        lines.append(f"the exchange is in the results file; {MOST_EVIDENCE} of this requirement are shown")
    elif result.exchanges:
        lines += wire_texts(result.exchanges[marked_exchange(result)[0]])
    if result.answer is not None:
        lines.append(f"answer: {answer_text(result.answer)}")
    return "\n".join([*lines, f"reproduce: {result.reproduce}"])


def _counts(results: Sequence[Result]) -> dict[str, str]:
    kinds = [_element(result) for result in results]
    counts = {"failures": kinds.count("failure"), "errors": kinds.count("error"), "skipped": kinds.count("skipped")}
    return {"tests": str(len(kinds)), **{name: str(count) for name, count in counts.items()}}


def _make_legal(root: ET.Element) -> None:
    """Replace, in every text and attribute, what XML does not allow, and make control characters visible."""
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, _legal(value))
        if element.text:
            element.text = _legal(element.text)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", escaped_lines(text))
