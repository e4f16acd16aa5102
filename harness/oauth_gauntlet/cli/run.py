"""``run``: judge a client.

The scenarios run in a pytest process of their own, sealed off from the user's pytest configuration and plugins. Its
results stream comes back through a pipe, so that progress is live and finished results survive whatever happens to it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import IO, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from oauth_gauntlet.cli.catalogue import unknown_scenario
from oauth_gauntlet.cli.gate import baseline
from oauth_gauntlet.client_spec import parse_spec
from oauth_gauntlet.closing_words import say_closing_words
from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.gate import judge, with_known
from oauth_gauntlet.model import Run, Verdict
from oauth_gauntlet.pytest_plugin import PROFILES
from oauth_gauntlet.report_request import parse_request, write_reports
from oauth_gauntlet.results import RunReader
from oauth_gauntlet.selection import grants_named
from oauth_gauntlet_reports.terminal import STYLES
from oauth_gauntlet_scenarios.requirement_sets import requirement_set as named_set

_ENDED_S = 10.0
"""How long the pytest process may take to end after an interruption."""

_ENDED_BY_ITSELF = {0, 1, 2}
"""Exit codes of pytest that need no explanation: passed, failed, interrupted."""

_DOES_NOT_START = re.compile(
    r"^(?:! _pytest\.outcomes\.)?Exit: (the adapter does not start: .*?)(?= !$|^!|^Exit: |\Z)", re.MULTILINE | re.DOTALL
)
"""What pytest says of it, twice, once in a frame."""


@click.command()
@click.option("--client", "spec", metavar="SPEC", required=True, help="py:module:factory, or an adapter's command line")
@click.option("--grant", "grants", metavar="G", multiple=True, help="judge this grant only (repeatable)")
@click.option("-k", "keyword", metavar="EXPR", help="judge scenarios whose id matches (pytest's -k)")
@click.option("--set", "requirement_set", metavar="NAME", default="all", show_default=True, help="set of requirements")
@click.option("--level", type=click.Choice(["must", "should"]), help="judge requirements of this level and above")
@click.option("--strict", is_flag=True, help="a warning is a failure")
@click.option("--expect", type=click.Path(path_type=Path), help="baseline of known verdicts")
@click.option("--profile", type=click.Choice(PROFILES), default="ci", show_default=True, help="how much is generated")
@click.option("--seed", type=int, help="seed of everything generated (default: 1)")
@click.option("-n", "workers", metavar="WORKERS", type=click.IntRange(0), default=0, help="judge in parallel")
@click.option("--report", "reports", metavar="KIND=PATH", multiple=True, help="write a report (repeatable)")
@click.option("--results", type=click.Path(path_type=Path), help="keep the results stream (JSON Lines)")
@click.option("-q", "--quiet", is_flag=True, help="say only what it comes to")
@click.option("-v", "--verbose", is_flag=True, help="show every finding, alike ones too")
def run(
    spec: str,
    grants: tuple[str, ...],
    keyword: str | None,
    requirement_set: str,
    level: str | None,
    strict: bool,
    expect: Path | None,
    profile: str,
    seed: int | None,
    workers: int,
    reports: tuple[str, ...],
    results: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge a client, and say what it gets wrong, with the evidence.

    Exit code 0: it conforms, or has known failures only. 1: unexpected verdicts. 2: usage. 3: adapter or harness
    failed. 4: nothing was tested.
    """
    for request in reports:
        parse_request(request)
    expectations = baseline(expect)
    try:
        grants_named(grants)
        named_set(requirement_set)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if workers and importlib.util.find_spec("xdist") is None:
        raise UsageError("-n needs pytest-xdist: pip install 'oauth-gauntlet[parallel]'")
    parse_spec(spec)
    arguments = ["--oauth-client", spec, "--oauth-profile", profile]
    for grant in grants:
        arguments += ["--oauth-grant", grant]
    for option, value in (("--oauth-set", requirement_set), ("--oauth-level", level), ("--oauth-seed", seed), ("-k", keyword)):
        if value is not None:
            arguments += [option, str(value)]
    if strict:
        arguments.append("--oauth-strict")
    if workers:
        arguments += ["-p", "xdist.plugin", "-n", str(workers)]
    console = Console(highlight=False)
    finished = _judged(arguments, results, console, quiet=quiet)
    if not finished.results and keyword and keyword.replace("-", "").isidentifier() is False and " " not in keyword:
        raise UsageError(unknown_scenario(keyword))
    report = judge(finished, expectations, strict=strict, today=date.today())  # noqa: DTZ011 - the user's own day
    write_reports(with_known(finished, report), reports)
    if quiet:
        counts = ", ".join(f"{count} {name}" for name, count in finished.summary().items() if count)
        console.print(f"{finished.client.get('name')}: {counts or 'nothing'}", markup=False)
    else:
        say_closing_words(console, finished, report, verbose=verbose)
    return report.exit_code


def _judged(arguments: Sequence[str], results: Path | None, console: Console, *, quiet: bool) -> Run:
    """Run the scenarios, showing progress, and return the run as far as it came."""
    reader = RunReader("the results of this run")
    with ExitStack() as stack:
        kept = stack.enter_context(_kept(results)) if results is not None else None
        said = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))
        process, stream = _started(arguments, said)
        stack.callback(process.wait)
        stack.enter_context(stream)
        progress = stack.enter_context(_progress(console, quiet=quiet))
        task = progress.add_task("collecting", total=None)
        try:
            for line in stream:
                if kept is not None:
                    kept.write(line)
                    kept.flush()
                document = reader.feed(line)
                if document["type"] == "plan":
                    progress.update(task, total=document["total"])
                elif document["type"] == "result":
                    progress.update(task, advance=1, description=document["id"])
                    _announce(progress, document, quiet=quiet)
        except KeyboardInterrupt:
            _interrupt(process)
        code = process.wait()
        if reader.run is None:
            said.seek(0)
            raise _failure(said.read(), code)
        finished = reader.finish()
        if not finished.complete and code not in _ENDED_BY_ITSELF:
            said.seek(0)
            click.echo(f"the scenarios ended early (pytest's exit code {code}):\n{_tail(said.read())}", err=True)
    return finished


def _started(arguments: Sequence[str], said: IO[str]) -> tuple[subprocess.Popen[bytes], TextIO]:
    import oauth_gauntlet_scenarios

    folder = Path(str(oauth_gauntlet_scenarios.__file__)).parent
    read_end, write_end = os.pipe()
    command = [
        *(sys.executable, "-m", "pytest", "-c", str(folder / "run.ini"), "--rootdir", str(folder)),
        *("-p", "oauth_gauntlet.pytest_plugin", "-p", "no:cacheprovider", "--noconftest", "--import-mode=importlib"),
        *("-q", "--oauth-results", f"/dev/fd/{write_end}", *arguments, str(folder)),
    ]
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_ADDOPTS"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment, pass_fds=[write_end]
        )
    finally:
        os.close(write_end)
    return process, os.fdopen(read_end, encoding="utf-8")


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Let the pytest process end as it would at the terminal; insist when it does not."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_ENDED_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _failure(said: str, code: int) -> Exception:
    """Return why there is not even a header: a usage error of the plugin, an adapter that does not start, or ours."""
    for line in said.splitlines():
        if line.startswith("ERROR: "):
            return UsageError(line.removeprefix("ERROR: "))
    if found := _DOES_NOT_START.search(said):
        return HarnessError(found.group(1).strip())
    return HarnessError(f"the scenarios could not be run (pytest ended with exit code {code}):\n{_tail(said)}")


def _tail(said: str) -> str:
    return "\n".join([line for line in said.splitlines() if line.strip()][-20:])


def _kept(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--results {path}: cannot be written: {error.strerror}") from error


def _progress(console: Console, *, quiet: bool) -> Progress:
    # Rich draws nothing but the final state where the output is no terminal; there it would only be noise.
    return Progress(
        TextColumn("{task.description:<28.28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )


def _announce(progress: Progress, document: dict[str, str], *, quiet: bool) -> None:
    verdict = Verdict(document["verdict"])
    if quiet or progress.disable or verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return
    progress.console.print(f"[{STYLES[verdict]}]{verdict:<10}[/] {document['scenario']}".replace("[client", r"\[client"))
