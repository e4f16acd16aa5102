"""Renders the findings checked by hand: each with its exchange, its nature, and the authors' view of it."""

from __future__ import annotations

from oauth_gauntlet.model import Cause
from oauth_gauntlet_reports.comparing.checked import CheckedFinding
from oauth_gauntlet_reports.comparing.matrix import Matrix
from oauth_gauntlet_reports.evidence.sources import linked_parts
from oauth_gauntlet_reports.evidence.transcript import Transcript, decisive
from oauth_gauntlet_reports.evidence.words import PLATFORM_MEANING
from oauth_gauntlet_reports.formats.markdown import quoted, sourced
from oauth_gauntlet_reports.formats.markdown_text import as_html, code, cut, fenced, plain

_MOST_PIECE = 400
"""Maximum number of characters shown of a piece of an exchange."""


def findings_markdown(matrix: Matrix) -> str:
    """Return the document: checked findings by client, then unchecked failures, then stale entries."""
    failures = [(client, cause) for client in matrix.clients for cause in client.failures]
    unchecked = [(client, cause) for client, cause in failures if cause.id not in client.checked]
    introduction = (
        f"How {len(matrix.clients)} clients differ from requirements of level must or unsafe, and from some of level should "
        f"or interop. Runs of oauth-gauntlet {plain(matrix.tools)} ({plain(matrix.days)}) found each of them on the wire. A "
        "person then checked what the source requires, what the client does (`>` was sent, `<` was received), whether it is on "
        "purpose, and whether the authors know. A finding describes what a client does, not how good it is."
    )
    count = f"All failures are checked ({len(failures)})."
    if unchecked:
        count = (
            f"{len(failures) - len(unchecked)} of {len(failures)} failures are checked; "
            "[the others](#not-yet-checked-by-hand) are listed below and are not confirmed yet."
        )
    lines = ["# Findings", "", introduction, "", count]
    for client in matrix.clients:
        checked = [(cause, client.checked[cause.id]) for cause in client.findings if cause.id in client.checked]
        if checked:
            lines += ["", f"## {plain(client.label)}", *(line for cause, entry in checked for line in _checked(cause, entry))]
    if unchecked:
        lines += ["", "## Not yet checked by hand"]
        for client in matrix.clients:
            causes = [cause for each, cause in unchecked if each is client]
            if causes:
                lines += ["", f"### {plain(client.label)}", "", *(line for cause in causes for line in _unchecked(cause))]
    stale = [(client, entry) for client in matrix.clients for entry in client.stale]
    if stale:
        lines += ["", "## Entries for requirements that no longer fail", ""]
        lines += [f"- {plain(client.label)}: {code(entry.requirement)}. {plain(entry.does)}" for client, entry in stale]
    return "\n".join([*lines, ""])


def _checked(cause: Cause, entry: CheckedFinding) -> list[str]:
    result = cause.worst
    upstream = "".join(_link(part.text, part.url) for part in linked_parts(entry.upstream))
    return [
        "",
        f"### {code(cause.id)}",
        "",
        f"{plain(result.statement)} {sourced(result.source)}, level {result.level}, {cause.verdict}",
        "",
        *quoted(result),
        f"- does: {plain(entry.does)}",
        f"- wire: {code(entry.wire)}",
        f"- source: {plain(entry.source)}",
        f"- nature: {plain(entry.nature)}",
        f"- upstream: {upstream}",
        *_platform(cause),
    ]


def _unchecked(cause: Cause) -> list[str]:
    result = cause.worst
    lines = [f"<details><summary><code>{as_html(cause.id)}</code> {as_html(result.statement)}</summary>", ""]
    lines += [f"{sourced(result.source)}, level {result.level}", "", *quoted(result)]
    lines += _platform(cause)
    for finding in result.findings[:1]:
        lines += ["", f"- expected: {code(cut(finding.expected))}", f"- seen: {code(cut(finding.seen))}"]
    exchange = decisive(result, _MOST_PIECE)
    return [*lines, "", *([] if exchange is None else fenced("http", _wire(exchange))), "</details>", ""]


def _platform(cause: Cause) -> list[str]:
    return [f"- platform: {plain(cause.platform)}. {PLATFORM_MEANING}"] if cause.platform else []


def _wire(exchange: Transcript) -> list[str]:
    sides = ((">", exchange.sent), ("<", exchange.received))
    lines = [(sign, line) for sign, side in sides for line in "".join(piece.text for piece in side).split("\n")]
    return [f"{sign} {line}".rstrip() for sign, line in lines]


def _link(text: str, url: str | None) -> str:
    # `linked_parts` finds only URLs without angle brackets.
    return plain(text) if url is None else f"<{url}>"
