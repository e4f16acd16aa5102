"""Renders Markdown for a job summary or a merge request: findings, folded evidence, score.

Clients and servers choose much of the text, so each piece is escaped for its place: `plain`, `code`, `as_html`, `fenced`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Basis, Result, Run, Verdict
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy, spans
from oauth_gauntlet_reports.evidence.causes import Cause, causes, client_name, scores
from oauth_gauntlet_reports.evidence.headline import headline
from oauth_gauntlet_reports.evidence.quotations import Quotation, quotations
from oauth_gauntlet_reports.evidence.sources import source_parts
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import wire_lines
from oauth_gauntlet_reports.evidence.words import PLATFORM_MEANING, PLATFORM_SIGN

MOST_CAUSES = 50
"""Maximum number of requirements; a job summary of GitHub is limited to 1 MiB."""

_MOST_TEXT = 400
"""Maximum number of characters shown of an expected or seen value."""

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

_SPECIAL = re.compile(r"([\\`*_{}\[\]|~$])")
_AUTOLINK = re.compile(r"((?:https?|ftp|mailto|xmpp|www)(?=[:.]))", re.IGNORECASE)
_REFERENCE = re.compile(r"(@|(?<!&)#|!(?!--))(?=\w)")
_LONGEST_RUN = re.compile("`+")


def markdown_report(run: Run) -> str:
    """Return the document, in the Markdown that GitHub and GitLab have in common."""
    answer = headline(run)
    found = [cause for cause in causes(run.results) if cause.findings]
    lines = [f"## {MARKS[answer.verdict]} {plain(answer.text)}", ""]
    for verdict, text in answer.profiles:
        lines += [f"### {MARKS[verdict]} {plain(text)}", ""]
    lines += [f"{plain(each)}\n" for each in answer.details]
    listed = found[:MOST_CAUSES]
    if listed:
        lines += ["### What to fix, most severe first", ""]
        lines += ["| | requirement | basis | scenarios | seen |", "|---|---|---|---:|---|"]
        lines += [_row(cause) for cause in listed]
        if len(found) > len(listed):
            lines.append(f"\n... and {len(found) - len(listed)} more requirements.")
        lines += ["", "### Evidence", "", *(_evidence(cause) for cause in listed)]
    return "\n".join([*lines, *_score(run), "", _foot(run), ""])


def plain(text: str) -> str:
    """Return text as one line that Markdown shows literally: without markup, links, mentions or HTML."""
    escapes = _SPECIAL.sub(r"\\\1", escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _unreferenced(_unlinked(escapes))


def worded(text: str) -> str:
    """Return a text with its code between backticks as code spans, and the rest as plain text."""
    return "".join(code(span.text) if span.code else plain(span.text) for span in spans(text))


def advice(requirement_id: str) -> list[str]:
    """Return the remedy of a requirement and the sentence on published clients, as lines, if there are any."""
    found, peers = remedy(requirement_id), peers_sentence(requirement_id)
    lines = [f"{HEADING}: {worded(found.text)}", ""] if found is not None else []
    if found is not None and found.examples:
        lines += [*(f"- {worded(each.how)} ({plain(each.seen)})" for each in found.examples), ""]
    return [*lines, *([plain(peers), ""] if peers else [])]


def as_html(text: str) -> str:
    """Return text for an HTML element within Markdown, such as ``<summary>``."""
    return _unreferenced(html.escape(escaped(text)))


def code(text: str) -> str:
    """Return text as a code span that its content cannot end; usable in a table."""
    shown = escaped(text)
    if "|" in shown:
        # A pipe ends a table cell even in a code span; outside of a table, a backslash before it is visible.
        inside = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        inside = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", inside)
        return f"<code>{_unlinked(inside)}</code>"
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[:1] in {"`", " ", ""} or shown[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _unlinked(text: str) -> str:
    return _AUTOLINK.sub(r"\1<!-- -->", text)


def _unreferenced(text: str) -> str:
    # GitHub and GitLab search for mentions and references after unescaping; an HTML comment breaks them.
    return _REFERENCE.sub(r"\1<!-- -->", text)


def _longest_run(text: str) -> int:
    return max((len(each) for each in _LONGEST_RUN.findall(text)), default=0)


def _row(cause: Cause) -> str:
    worst = cause.worst
    seen = worst.findings[0].seen if worst.findings else worst.message
    known = " (known)" if cause.known else ""
    platform = f" {PLATFORM_SIGN} {plain(cause.platform)}" if cause.platform else ""
    cells = [
        MARKS[cause.verdict],
        f"**{plain(worst.statement)}** {code(cause.id)}{known}{platform}",
        f"{_places(worst)} ({worst.level})",
        f"{len(cause.findings)}",
        code(cut(seen)),
    ]
    return f"| {' | '.join(cells)} |"


def _evidence(cause: Cause) -> str:
    result = cause.worst
    lines = [f"<details><summary>{MARKS[cause.verdict]} {as_html(result.statement)}</summary>", "", *quoted(result)]
    for finding in result.findings:
        lines += [f"- expected: {code(cut(finding.expected))}", f"- seen: {code(cut(finding.seen))}"]
    if not result.findings:
        lines.append(f"- {code(cut(result.message))}")
    if cause.platform:
        lines.append(f"- platform: {code(cause.platform)}. {PLATFORM_MEANING}")
    if cause.consequences:
        names = ", ".join(code(each.id) for each in cause.consequences)
        lines.append(f"- {cause.consequence_words}: {names}")
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


def _wire(result: Result) -> list[str]:
    if not result.exchanges:
        return []
    place, mark = marked_exchange(result)
    lines = wire_lines(result.exchanges[place], mark)
    return fenced("http", [f"{line.side} {line.text}".rstrip() for line in lines])


def fenced(language: str, lines: list[str]) -> list[str]:
    """Return lines as a code block that its content cannot end."""
    fence = "`" * max(3, max(map(_longest_run, lines), default=0) + 1)
    return [f"{fence}{language}", *lines, fence, ""]


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
        f"{len(run.results)} scenarios against {client_name(run)}, set {judged.get('name')} {judged.get('version')}, "
        f"effort {options.get('effort')}, seed {options.get('seed')}"
    )
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


def cut(text: str) -> str:
    """Return a text, cut if it is too long for a table."""
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."
