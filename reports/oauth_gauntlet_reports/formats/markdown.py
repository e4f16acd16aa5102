"""Renders Markdown for a job summary or a merge request: findings, folded evidence, score.

Clients and servers choose much of the text, so each piece is escaped for its place (`markdown_text`).
"""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Basis, Cause, Result, Run, Verdict, causes, number, root_causes
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy
from oauth_gauntlet_reports.evidence.headline import fixed_environment, headline
from oauth_gauntlet_reports.evidence.quotations import Quotation, quotations
from oauth_gauntlet_reports.evidence.scores import client_name, scores
from oauth_gauntlet_reports.evidence.sources import source_parts
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import wire_texts
from oauth_gauntlet_reports.evidence.words import PLATFORM_MEANING, PLATFORM_SIGN
from oauth_gauntlet_reports.formats.markdown_text import as_html, code, cut, fenced, plain, worded

MOST_CAUSES = 50
"""Maximum number of causes; a job summary of GitHub is limited to 1 MiB."""

_MOST_NAMES = 60
"""Maximum number of names in a list of requirements."""

MARKS = {
    Verdict.VIOLATION: "❌",
    Verdict.HAZARD: "🔓",
    Verdict.DEVIATION: "🚫",
    Verdict.ERROR: "💥",
    Verdict.UNTESTABLE: "❔",
    Verdict.WARNING: "⚠️",
    Verdict.PASS: "✅",
    Verdict.CONSEQUENCE: "↪️",
    Verdict.NOT_APPLICABLE: "⏭️",
}
"""The emoji for a verdict; GitHub and GitLab both show it."""


def markdown_report(run: Run) -> str:
    """Return the document, in the Markdown that GitHub and GitLab have in common."""
    answer = headline(run)
    found = root_causes(causes(run.results))
    lines = [f"## {MARKS[answer.verdict]} {plain(answer.text)}", ""]
    for verdict, text in answer.profiles:
        lines += [f"### {MARKS[verdict]} {plain(text)}", ""]
    lines += [f"{plain(each)}\n" for each in answer.details]
    listed = found[:MOST_CAUSES]
    if listed:
        lines += ["### What to fix, the worst first", ""]
        lines += ["| | requirement | basis | scenarios | seen |", "|---|---|---|---:|---|"]
        lines += [_row(cause) for cause in listed]
        if len(found) > len(listed):
            lines.append(f"\n... and {len(found) - len(listed)} more causes.")
        lines += ["", "### Evidence", "", *(_evidence(cause) for cause in listed)]
    return "\n".join([*lines, *_score(run), "", _foot(run), ""])


def advice(requirement_id: str) -> list[str]:
    """Return the remedy of a requirement and the sentence on published clients, as lines, if there are any."""
    found, peers = remedy(requirement_id), peers_sentence(requirement_id)
    lines = [f"{HEADING}: {worded(found.text)}", ""] if found is not None else []
    if found is not None and found.examples:
        lines += [*(f"- {worded(each.how)} ({plain(each.seen)})" for each in found.examples), ""]
    return [*lines, *([plain(peers), ""] if peers else [])]


def _row(cause: Cause) -> str:
    worst = cause.worst
    seen = worst.findings[0].seen if worst.findings else worst.message
    known = " (known)" if cause.known else ""
    platform = f" {PLATFORM_SIGN} {plain(cause.platform)}" if cause.platform else ""
    cells = [
        MARKS[cause.verdict],
        f"**{plain(worst.statement)}** {code(cause.id)}{known}{platform}{_others(cause)}",
        f"{_places(worst)} ({worst.level})",
        f"{len(cause.shown_in)}",
        code(cut(seen)),
    ]
    return f"| {' | '.join(cells)} |"


def _others(cause: Cause) -> str:
    """Return how many other requirements have the same cause, and are consequences of it; for the table."""
    same = f"{len(cause.alike)} more with the same cause" if cause.alike else ""
    following = number(len(cause.consequences), "consequence") if cause.consequences else ""
    words = ", ".join(filter(None, [same, following]))
    return f" ({words})" if words else ""


def _evidence(cause: Cause) -> str:
    result = cause.worst
    lines = [f"<details><summary>{MARKS[cause.verdict]} {as_html(result.statement)}</summary>", "", *quoted(result)]
    for finding in result.findings:
        lines += [f"- expected: {code(cut(finding.expected))}", f"- seen: {code(cut(finding.seen))}"]
    if not result.findings:
        lines.append(f"- {code(cut(result.message))}")
    if cause.platform:
        lines.append(f"- platform: {code(cause.platform)}. {PLATFORM_MEANING}")
    if cause.damage is not None:
        lines.append(f"- damage: the client {cause.damage.words}")
    if cause.alike:
        lines.append(f"- {plain(cause.alike_words)}: {_named([f'{code(each.id)} ({each.verdict})' for each in cause.alike])}")
    if cause.consequences:
        lines.append(f"- {cause.consequence_words}: {_named([code(each.id) for each in cause.consequences])}")
    lines += ["", *(advice(cause.id) if cause.against else []), *_wire(result)]
    if result.reproduce:
        lines += ["Reproduce it:", "", *fenced("sh", [escaped(result.reproduce)])]
    others = [each.scenario for each in cause.findings[1:]]
    if others:
        lines += [
            f"Same requirement: {', '.join(code(each) for each in others[:20])}{' ...' if len(others) > 20 else ''}",
            "",
        ]
    return "\n".join([*lines, "</details>", ""])


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _wire(result: Result) -> list[str]:
    if not result.exchanges:
        return []
    lines = wire_texts(result.exchanges[marked_exchange(result)[0]])
    return fenced("http", [line.rstrip() for line in lines])


def _score(run: Run) -> list[str]:
    rows = [
        "### Scenarios by category",
        "",
        "| category | passed | failures | warnings | not judged |",
        "|---|---:|---:|---:|---:|",
    ]
    for score in scores(run):
        counts = f"{score.passed} of {score.tested} | {score.failed or ''} | {score.warned or ''} | {score.unproved or ''}"
        rows.append(f"| {plain(score.title)} | {counts if score.tested else 'not applicable | | |'} |")
    return rows


def _foot(run: Run) -> str:
    options = run.options
    judged = options.get("set") or {}
    text = (
        f"{number(len(run.results), 'scenario')} against {client_name(run)}, set {judged.get('name')} {judged.get('version')}, "
        f"effort {options.get('effort')}, seed {options.get('seed')}"
    )
    if fixed := fixed_environment(run):
        text += f", environment {fixed}"
    return f"{plain(text)}; oauth-gauntlet {plain(run.tool_version)}"


def sourced(text: str) -> str:
    """Return a requirement's source with links to its sections."""
    return "".join(f"[{plain(part.text)}]({part.url})" if part.url else plain(part.text) for part in source_parts(text))


def quoted(result: Result) -> list[str]:
    """Return what the requirement rests on as lines: each sentence as a block quotation, with its place."""
    lines: list[str] = []
    for each in quotations(result.basis):
        lines += [f"> {plain(each.words)}", ">", f"> — {_origin(each)}", ""] if each.quoted else [quotation(each), ""]
    return lines


def quotation(each: Quotation) -> str:
    """Return what a requirement rests on in one line, usable in a table."""
    return f"“{plain(each.words)}” ({_origin(each)})" if each.quoted else f"{each.place}: {plain(each.words)}"


def rests_on(basis: Iterable[Basis]) -> str:
    """Return the whole basis in one line, usable in a table."""
    return "<br>".join(quotation(each) for each in quotations(basis))


def _places(result: Result) -> str:
    """Return the places of the quoted sentences with links, or the reason where none is quoted."""
    is_quoted = any(each.quoted for each in quotations(result.basis))
    return sourced(result.source) if is_quoted else rests_on(result.basis)


def _origin(each: Quotation) -> str:
    place = f"[{plain(each.place)}]({each.url})" if each.url else plain(each.place)
    return f"{place}, {each.binds}" if each.binds else place
