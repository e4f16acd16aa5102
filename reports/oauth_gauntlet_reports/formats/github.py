"""Renders annotations for GitHub Actions: one workflow command for each cause.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. GitHub shows at most ten annotations of
a kind for a step, so the worst come first.
"""

from __future__ import annotations

from oauth_gauntlet.files.escaping import escaped_lines
from oauth_gauntlet.model import Cause, Result, Run, Verdict, causes, number, root_causes
from oauth_gauntlet_reports.evidence.headline import headline
from oauth_gauntlet_reports.evidence.quotations import quotations

_MOST_QUOTED = 240
"""Maximum number of characters of a quoted sentence: GitHub folds long annotations."""

_MOST_NAMES = 20
"""Maximum number of other requirements with the same cause that are named."""


def github_report(run: Run) -> str:
    """Return the commands, one per line; a finding that is known to the baseline is a notice."""
    lines = [_command(cause) for cause in root_causes(causes(run.results))]
    answer = "\n".join(headline(run).lines)
    return "\n".join([*lines, f"::notice title=oauth-gauntlet::{_data(answer)}", ""])


def _command(cause: Cause) -> str:
    worst = cause.worst
    name = "notice" if cause.known else "warning" if cause.verdict is Verdict.WARNING else "error"
    text = [f"{worst.statement} (level {worst.level})", *_basis(worst)]
    text += [f"expected: {finding.expected}\nseen: {finding.seen}" for finding in worst.findings[:1]] or [worst.message]
    if cause.damage is not None:
        text.append(f"the client {cause.damage.words}")
    if cause.alike:
        names = [f"{each.id} ({each.verdict})" for each in cause.alike]
        text.append(f"{cause.alike_words}: {', '.join(names[:_MOST_NAMES])}{', ...' if len(names) > _MOST_NAMES else ''}")
    if cause.consequences:
        text.append(cause.consequence_words)
    text.append(f"{number(len(cause.shown_in), 'scenario')}; reproduce: {worst.reproduce}")
    return f"::{name} title={_property(f'{worst.verdict} {cause.id}')}::{_data(chr(10).join(text))}"


def _basis(result: Result) -> list[str]:
    """Return the first sentence that the requirement rests on, cut if it is long, and the places of all others."""
    found = quotations(result.basis)
    if not found:
        return [result.source]
    line = found[0].line
    return [
        line if len(line) <= _MOST_QUOTED else f"{line[:_MOST_QUOTED]}...",
        *dict.fromkeys(each.origin for each in found[1:] if each.origin != found[0].origin),
    ]


def _data(text: str) -> str:
    """Return text as the data of a command: lines are kept, other unprintable characters are made visible."""
    return escaped_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
