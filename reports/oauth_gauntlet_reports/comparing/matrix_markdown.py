"""Renders the matrix of several clients as Markdown: verdicts by category, and the most frequent findings."""

from __future__ import annotations

from oauth_gauntlet.model import Tally, Verdict
from oauth_gauntlet_reports.comparing.matrix import Matrix, MatrixClient, Shared
from oauth_gauntlet_reports.formats.markdown import MARKS, code, plain, rests_on, sourced

MOST_SHARED = 25
"""Maximum number of requirements; the HTML page contains all."""

_MOST_NAMES = 60
"""Maximum number of clients named for each requirement."""

_FOLLOWS = "↳ "
"""Before the name of a client whose project is that of the client above it."""


def matrix_markdown(matrix: Matrix) -> str:
    """Return the document."""
    introduction = (
        f"Made by oauth-gauntlet {plain(matrix.tools)} from runs of {plain(matrix.days)}. Each number counts requirements by "
        "the most severe verdict of their scenarios: **violations** (a document requires it of the client) / **hazards** (a "
        "token or a secret gets lost, or identities get mixed up) / warnings (a recommendation, or servers in use need it) / "
        "passed. A number after a question mark counts requirements that could not be judged. Requirements about features that "
        f"an adapter does not declare are not applicable and not counted. {_FOLLOWS}marks another client of the same project."
    )
    lines = [
        f"# {len(matrix.clients)} clients side by side",
        "",
        introduction,
        "",
        "## Clients",
        "",
        "| client | version | language | RFC requirements met | violations | hazards | warnings | not judged | run of |",
        "|---|---|---|---:|---:|---:|---:|---:|---|",
        *(_client(client) for client in matrix.clients),
        "",
        "## By category",
        "",
        f"| {' | '.join(['client', *(code(category) for category, _ in matrix.categories)])} |",
        f"|---|{'---|' * len(matrix.categories)}",
        *(_row(client, matrix) for client in matrix.clients),
        "",
        "## Most frequent findings",
        "",
        *_shared(matrix.shared),
    ]
    return "\n".join([*lines, ""])


def _client(client: MatrixClient) -> str:
    counted = client.standing
    rfc, common = counted.rfc, counted.common
    counts = (common.of(Verdict.VIOLATION), common.of(Verdict.HAZARD), common.of(Verdict.WARNING), common.unproved)
    numbers = [f"{rfc.met} of {rfc.applicable}", *(str(count or "") for count in counts)]
    day = plain(client.run.started_at[:10]) + ("" if client.run.complete else " (incomplete)")
    return f"| {' | '.join([_name(client), plain(client.version), plain(client.language), *numbers, day])} |"


def _name(client: MatrixClient) -> str:
    return (_FOLLOWS if client.follows else "") + plain(client.name)


def _row(client: MatrixClient, matrix: Matrix) -> str:
    cells = [_tally(client.tally(category)) for category, _ in matrix.categories]
    return f"| {' | '.join([plain(client.title), *cells])} |"


def _tally(counts: Tally) -> str:
    if not counts.applicable:
        return ""
    red = [f"**{count}**" if (count := counts.of(verdict)) else "0" for verdict in (Verdict.VIOLATION, Verdict.HAZARD)]
    words = " / ".join([*red, str(counts.of(Verdict.WARNING)), str(counts.of(Verdict.PASS))])
    return words + (f" ?{counts.unproved}" if counts.unproved else "")


def _shared(shared: tuple[Shared, ...]) -> list[str]:
    if not shared:
        return ["None: each client passed all scenarios that applied to it."]
    rows = ["| failures | warnings | not judged | requirement | basis | clients |", "|---:|---:|---:|---|---|---|"]
    for each in shared[:MOST_SHARED]:
        example = each.example
        names = [f"{MARKS[cause.verdict]} {plain(client.name)}" for client, cause in each.clients]
        more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        cells = [
            str(each.failing or ""),
            str(each.warned or ""),
            str(len(each.clients) - each.failing - each.warned or ""),
            f"{plain(example.statement)} {code(each.id)}",
            f"{rests_on(example.basis) or sourced(example.source)} ({example.level})",
            ", ".join(names[:_MOST_NAMES]) + more,
        ]
        rows.append(f"| {' | '.join(cells)} |")
    if len(shared) > MOST_SHARED:
        rows += ["", f"... and {len(shared) - MOST_SHARED} more requirements."]
    return rows
