"""The run itself, as ``run`` sees it: progress while it lasts, results kept as they come, and what went wrong in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from oauth_gauntlet.adapters.process_group import describe_exit
from oauth_gauntlet.cli.output import say
from oauth_gauntlet.cli.progress import LiveProgress
from oauth_gauntlet.errors import GauntletError, HarnessError, UsageError
from oauth_gauntlet.files.text_files import not_written
from oauth_gauntlet.judging.judging_process import JudgingProcess
from oauth_gauntlet.judging.machine.orphans import orphans_ended
from oauth_gauntlet.judging.machine.termination import on_termination
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.results_file import ResultsFile
from oauth_gauntlet.results.stream import RunReader

_ENDED_BY_ITSELF = {0, 1, 2}
"""Exit codes of pytest that need no explanation: passed, failed, interrupted."""

_DOES_NOT_START = re.compile(
    r"^(?:! _pytest\.outcomes\.)?Exit: (the (?:adapter|mock server) does not start: .*?)(?= !$|^!|^Exit: |\Z)",
    re.MULTILINE | re.DOTALL,
)
"""What pytest says of it, twice, once in a frame."""

_EXCEPTION = re.compile(r"^(?:INTERNALERROR> |E +)?((?:[\w.]*(?:Error|Exception|Exit)\b): .*)$", re.MULTILINE)


def run_scenarios(arguments: Sequence[str], results: Path | None, console: Console, *, quiet: bool) -> Run:
    """Run the scenarios, showing progress, and return the run as far as it came. `results` is the file to keep it in.

    Raises:
        GauntletError: it did not come so far that anything could be judged; the text says why.
    """
    reader = RunReader("the results of this run")
    trouble: list[str] = []
    with ExitStack() as stack:
        kept = None
        if results is not None:
            kept = _Kept(results)
            stack.callback(kept.close)
        stack.enter_context(orphans_ended())
        process = JudgingProcess(arguments)
        stack.callback(process.close)
        stack.enter_context(on_termination(process.interrupt))
        progress = stack.enter_context(LiveProgress(console, quiet=quiet))
        for line in process.lines():
            if kept is not None and not kept.take(line) and not process.interrupted:
                process.interrupt()
            document = reader.feed(line)
            progress.take(document)
            trouble += document.get("trouble", ())
        finished = _finished(reader, process, explained=kept is None or kept.error is None)
    for each in trouble:
        say(f"oauth-gauntlet: {each}")
    if kept is not None and kept.error is not None:
        say(f"oauth-gauntlet: {kept.trouble()}")
        return replace(finished, complete=False)
    return finished


class _Kept:
    """The file of ``--results``, as long as it can be written. `error` is why it could not be any more."""

    def __init__(self, path: Path) -> None:
        self._what = f"--results {path}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(self._what, error) from error
        self._file = ResultsFile(path, "--results")
        self._results = 0
        self.error: OSError | None = None
        self.close = self._file.close

    def take(self, line: str) -> bool:
        """Keep a line; return whether all could be kept so far."""
        if self.error is None:
            try:
                self._file.write(line)
                self._results += line.startswith('{"type": "result"')
            except OSError as error:
                self.error = error
        return self.error is None

    def trouble(self) -> str:
        """Say what went wrong, what the file holds, and what to do."""
        assert self.error is not None
        return (
            f"{not_written(self._what, self.error)}; the run was ended, and the file holds its first {self._results} results; "
            "make room, and run again"
        )


def _finished(reader: RunReader, process: JudgingProcess, *, explained: bool) -> Run:
    """Return the run as far as it came; `explained` is whether to say why, where it did not come to its end."""
    code = process.code
    if reader.run is None:
        if process.interrupted:
            raise HarnessError("interrupted before anything was judged")
        raise _failure(process.said, code)
    finished = reader.finish()
    if finished.complete or not explained:
        return finished
    counted = f"{len(finished.results)} of {finished.planned or 'all'} scenarios have a result"
    if process.interrupted:
        say(f"oauth-gauntlet: interrupted; {counted}")
    elif code not in _ENDED_BY_ITSELF:
        told = f"oauth-gauntlet: the scenarios ended early ({describe_exit(code)}); {counted}"
        say("\n".join([told, *_reasons(process.said)]))
    return finished


def _failure(said: str, code: int) -> GauntletError:
    """Return why there is not even a header: a usage error of the plugin, an adapter that does not start, or ours."""
    for line in said.splitlines():
        if line.startswith("ERROR: "):
            return UsageError(line.removeprefix("ERROR: "))
    if found := _DOES_NOT_START.search(said):
        return HarnessError(found.group(1).strip())
    return HarnessError(
        "\n".join([f"the scenarios could not be run (pytest ended with {describe_exit(code)})", *_reasons(said)])
    )


def _reasons(said: str) -> list[str]:
    """Return the last exceptions that pytest told of, without where in whose code they were."""
    found = dict.fromkeys(match[1] for match in _EXCEPTION.finditer(said))
    return [f"  {text}" for text in [*found][-3:]]
