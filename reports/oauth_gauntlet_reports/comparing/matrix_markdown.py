"""Renders the matrix of several clients as Markdown: verdicts by category, and the most frequent findings."""

from __future__ import annotations

from oauth_gauntlet.model import Tally, Verdict
from oauth_gauntlet_reports.comparing.matrix import Matrix
from oauth_gauntlet_reports.comparing.matrix_client import MatrixClient
from oauth_gauntlet_reports.comparing.shared import PlatformFinding, Shared
from oauth_gauntlet_reports.evidence.words import PLATFORM_SIGN, counted
from oauth_gauntlet_reports.formats.markdown import MARKS, rests_on, sourced
from oauth_gauntlet_reports.formats.markdown_text import code, plain

MOST_SHARED = 25
"""Maximum number of requirements; the HTML page contains all."""

_MOST_WORST = 3
"""Maximum number of causes of each client."""

_MOST_NAMES = 60
"""Maximum number of clients named for each requirement."""

_COLUMNS = (
    *("client", "version", "language", "RFC requirements met", "violations", "hazards", "warnings"),
    *("of its platform", "not judged", "run of"),
)
"""The columns of the table of clients."""

_FOLLOWS = "↳ "
"""Before the name of a client whose project is that of the client above it."""


def matrix_markdown(matrix: Matrix) -> str:
    """Return the document."""
    introduction = (
        f"Made by oauth-gauntlet {plain(matrix.tools)} from runs of {plain(matrix.days)}. Each number counts requirements by "
        "the most severe verdict of their scenarios: **violations** (a document requires it of the client) / **hazards** (a "
        "token or a secret gets lost, or identities get mixed up) / warnings (a recommendation, or servers in use need it) / "
        "passed. A number after a question mark counts requirements that could not be judged. Requirements about features that "
        "an adapter does not declare are not applicable and not counted; nor is what only follows from another finding. "
        f"{_FOLLOWS}marks another client of the same project."
    )
    if matrix.platforms:
        introduction += (
            f" {PLATFORM_SIGN} counts findings of a client's [platform](#platforms): its HTTP stack decides them, and the "
            "numbers of violations, hazards and warnings do not contain them. After a name it says that all violations and "
            "hazards of the client are of its platform. Among the most frequent findings they count once for each platform."
        )
    lines = [
        f"# {len(matrix.clients)} clients side by side",
        "",
        introduction,
        "",
        "## Clients",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|---|---|---|---:|---:|---:|---:|---|---:|---|",
        *(_client(client) for client in matrix.clients),
        "",
        "## By category",
        "",
        f"| {' | '.join(['client', *(code(category) for category, _ in matrix.categories)])} |",
        f"|---|{'---|' * len(matrix.categories)}",
        *(_row(client, matrix) for client in matrix.clients),
        "",
        "## Worst causes",
        "",
        *_worst(matrix),
        "",
        "## Most frequent findings",
        "",
        *_shared(matrix.shared),
        *_platforms(matrix.platforms),
    ]
    return "\n".join([*lines, ""])


def _client(client: MatrixClient) -> str:
    rfc, own = client.standing.rfc, client.tally()
    counts = [str(own.of(verdict) or "") for verdict in (Verdict.VIOLATION, Verdict.HAZARD, Verdict.WARNING)]
    of_platform = ", ".join(counted(count, verdict) for verdict, count in client.platform_tally().counts.items())
    numbers = [f"{rfc.met} of {rfc.applicable}", *counts, of_platform, str(own.unproved or "")]
    day = plain(client.run.started_at[:10]) + ("" if client.run.complete else " (incomplete)")
    return f"| {' | '.join([_name(client), plain(client.version), plain(client.language), *numbers, day])} |"


def _name(client: MatrixClient) -> str:
    return (_FOLLOWS if client.follows else "") + plain(client.name) + (f" {PLATFORM_SIGN}" if client.only_platform else "")


def _row(client: MatrixClient, matrix: Matrix) -> str:
    cells = [_tally(client.tally(category), client.platform_tally(category)) for category, _ in matrix.categories]
    return f"| {' | '.join([plain(client.title), *cells])} |"


def _worst(matrix: Matrix) -> list[str]:
    """Return the worst causes of each client: what the client does, and the requirement."""
    rows = [
        f"| {plain(client.title)} | "
        + "<br>".join(
            f"{MARKS[cause.verdict]} {plain(cause.worst.statement)} {code(cause.id)}"
            + (f": {plain(cause.damage.words)}" if cause.damage is not None else "")
            for cause in client.worst[:_MOST_WORST]
        )
        + " |"
        for client in matrix.clients
        if client.worst
    ]
    return ["| client | the worst first |", "|---|---|", *rows] if rows else ["None."]


def _tally(counts: Tally, of_platform: Tally) -> str:
    platform = f"{PLATFORM_SIGN}{of_platform.applicable}" if of_platform.applicable else ""
    if not counts.applicable:
        return platform
    red = [f"**{count}**" if (count := counts.of(verdict)) else "0" for verdict in (Verdict.VIOLATION, Verdict.HAZARD)]
    words = " / ".join([*red, str(counts.of(Verdict.WARNING)), str(counts.of(Verdict.PASS))])
    return " ".join(filter(None, [words, f"?{counts.unproved}" if counts.unproved else "", platform]))


def _shared(shared: tuple[Shared, ...]) -> list[str]:
    if not shared:
        return ["None: each client passed all scenarios that applied to it."]
    rows = ["| failures | warnings | not judged | requirement | basis | clients |", "|---:|---:|---:|---|---|---|"]
    for each in shared[:MOST_SHARED]:
        example = each.example
        cells = [
            str(each.failing or ""),
            str(each.warned or ""),
            str(each.total - each.failing - each.warned or ""),
            f"{plain(example.statement)} {code(each.id)}{f' {PLATFORM_SIGN}' if each.by_platform else ''}",
            f"{rests_on(example.basis) or sourced(example.source)} ({example.level})",
            _names(each),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    if len(shared) > MOST_SHARED:
        rows += ["", f"... and {len(shared) - MOST_SHARED} more requirements."]
    return rows


def _platforms(platforms: tuple[PlatformFinding, ...]) -> list[str]:
    if not platforms:
        return []
    lines = [
        "",
        "## Platforms",
        "",
        "What the HTTP stack of a platform decides, and most clients take from it; once for each platform and requirement.",
        "",
        "| platform | requirement | level | number | clients |",
        "|---|---|---|---:|---|",
    ]
    for row in platforms:
        example = row.example
        cells = [
            plain(row.platform),
            f"{plain(example.statement)} {code(row.id)}",
            str(example.level),
            str(len(row.clients)),
            _names(row),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _names(found: Shared | PlatformFinding) -> str:
    """Return the names of the clients with a finding, each with its verdict."""
    names = [f"{MARKS[cause.verdict]} {plain(client.name)}" for client, cause in found.clients]
    more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
