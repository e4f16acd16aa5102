"""Renders annotations for GitHub Actions: one workflow command for each requirement with findings.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. GitHub shows at most ten annotations of
a kind for a step, so the most severe come first.
"""

from __future__ import annotations

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Run, Verdict
from oauth_gauntlet_reports.evidence.causes import Cause, causes
from oauth_gauntlet_reports.evidence.headline import headline

_COMMANDS = {Verdict.FAIL: "error", Verdict.ERROR: "error", Verdict.UNTESTABLE: "error", Verdict.WARN: "warning"}


def github_report(run: Run) -> str:
    """Return the commands, one per line; a finding that is known to the baseline is a notice."""
    lines = [_command(cause) for cause in causes(run.results) if cause.findings]
    return "\n".join([*lines, f"::notice title=oauth-gauntlet::{_data(headline(run).text)}", ""])


def _command(cause: Cause) -> str:
    worst = cause.worst
    name = "notice" if cause.known else _COMMANDS[cause.verdict]
    count = len(cause.findings)
    text = [f"{worst.statement} ({worst.source}, level {worst.level})"]
    text += [f"expected: {finding.expected}\nseen: {finding.seen}" for finding in worst.findings[:1]] or [worst.message]
    text.append(f"{count} scenario{'s' if count != 1 else ''}; reproduce: {worst.reproduce}")
    return f"::{name} title={_property(f'{worst.verdict} {cause.id}')}::{_data(chr(10).join(text))}"


def _data(text: str) -> str:
    """Return text as the data of a command: lines are kept, other unprintable characters are made visible."""
    lines = [escaped(line) for line in text.split("\n")]
    return "\n".join(lines).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
