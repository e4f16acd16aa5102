"""Run the scenarios for `run`: show progress, keep each result as it arrives, and report why a run ended early."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

import oauth_gauntlet_scenarios
from oauth_gauntlet.adapters.process_group import describe_exit
from oauth_gauntlet.cli.progress import LiveProgress
from oauth_gauntlet.errors import HarnessError
from oauth_gauntlet.files.escaping import for_log
from oauth_gauntlet.files.text_files import not_written
from oauth_gauntlet.judging.judging_process import JudgingProcess
from oauth_gauntlet.judging.machine.orphans import orphans_ended
from oauth_gauntlet.judging.machine.termination import on_termination
from oauth_gauntlet.model import Run
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet.results.failure_limit import FailureLimit
from oauth_gauntlet.results.result_json import result_from_json
from oauth_gauntlet.results.results_file import ResultsFile
from oauth_gauntlet.results.stream import ResultWriter, RunReader
from oauth_gauntlet.results.trouble import Trouble, TroubleKind
from oauth_gauntlet_server.commands.output import print_error

_NO_EXPLANATION = {0, 1, 2}
"""Exit codes of pytest that need no explanation: passed, failed, interrupted."""

_TAIL_LINES = 10
"""Lines of a reason that are shown, or of the judging process's stderr if it gave no reason."""


def run_scenarios(
    arguments: Sequence[str], results: Path | None, console: Console, *, quiet: bool, limit: FailureLimit | None = None
) -> Run:
    """Run the scenarios, show progress, and return the run with all results that arrived.

    `results` is the file in which the stream is kept. The run is stopped when it reaches the `limit`.

    Raises:
        GauntletError: nothing could be judged; the text contains the reason.
    """
    scenarios = Path(str(oauth_gauntlet_scenarios.__file__)).parent
    reader = RunReader("the results of this run")
    lost: list[str] = []
    with ExitStack() as stack:
        kept = None
        if results is not None:
            kept = _KeptStream(results)
            stack.callback(kept.close)
        stack.enter_context(orphans_ended())
        process = JudgingProcess(arguments, scenarios)
        stack.callback(process.close)
        stack.enter_context(on_termination(process.interrupt))
        progress = stack.enter_context(LiveProgress(console, quiet=quiet))
        for line in process.lines():
            document = reader.feed(line)
            if kept is not None and not kept.add(line, is_result=document["type"] == "result") and not process.interrupted:
                process.interrupt()
            progress.update(document)
            if limit is not None and _reaches(limit, reader, document) and not process.interrupted:
                stop = _stop_record(limit)
                reader.feed(stop)
                if kept is not None:
                    kept.add(stop, is_result=False)
                process.interrupt()
            if document["type"] == "footer":
                lost += document.get("trouble", ())
        finished = _finished(reader, process, explain=kept is None or kept.error is None)
    for sentence in lost:
        print_error(f"oauth-gauntlet: {sentence}")
    if kept is not None and kept.error is not None:
        print_error(f"oauth-gauntlet: {kept.problem()}")
        return replace(finished, complete=False)
    return finished


def _reaches(limit: FailureLimit, reader: RunReader, document: JSONObject) -> bool:
    return document["type"] == "result" and reader.run is not None and limit.is_reached(reader.run, result_from_json(document))


def _stop_record(limit: FailureLimit) -> str:
    """Return the line of the stream that says why the run was stopped."""
    text = io.StringIO()
    ResultWriter(text).trouble(Trouble(kind=TroubleKind.STOPPED, message=limit.reason))
    return text.getvalue()


class _KeptStream:
    """Writes the stream to the file of ``--results`` while this is possible. `error`: why it no longer is."""

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

    def add(self, line: str, *, is_result: bool) -> bool:
        """Write a line, and return whether all lines so far could be written."""
        if self.error is None:
            try:
                self._file.write(line)
                self._results += is_result
            except OSError as error:
                self.error = error
        return self.error is None

    def problem(self) -> str:
        """Return why the file could not be written, what it contains, and the next step."""
        assert self.error is not None
        return (
            f"{not_written(self._what, self.error)}; the run was ended, and the file contains its first {self._results} "
            "results; free some space, and run again"
        )


def _finished(reader: RunReader, process: JudgingProcess, *, explain: bool) -> Run:
    """Return the run with all results that arrived. `explain`: print why it is incomplete, if it is.

    Raises:
        UsageError: the judging process reported one.
        GauntletError: there is not even a header.
    """
    code = process.code
    for trouble in reader.trouble:
        if trouble.kind is TroubleKind.USAGE:
            raise trouble.error()
    if reader.run is None:
        if process.interrupted:
            raise HarnessError("interrupted before anything was judged")
        if reader.trouble:
            raise reader.trouble[0].error()
        reasons = _tail(process.stderr_tail)
        raise HarnessError("\n".join([f"the scenarios could not be run (pytest ended with {describe_exit(code)})", *reasons]))
    finished = reader.finish()
    if finished.complete or not explain:
        return finished
    counted = f"{len(finished.results)} of {finished.planned or 'all'} scenarios have a result"
    if finished.stopped:
        print_error(f"oauth-gauntlet: {finished.stopped}; {counted}")
    elif process.interrupted:
        print_error(f"oauth-gauntlet: interrupted; {counted}")
    elif reader.trouble or code not in _NO_EXPLANATION:
        reasons = _reasons(trouble.message for trouble in reader.trouble) or _tail(process.stderr_tail)
        ended = f"oauth-gauntlet: the scenarios ended early ({describe_exit(code)}); {counted}"
        print_error("\n".join([ended, *reasons]))
    return finished


def _reasons(messages: Iterable[str]) -> list[str]:
    """Return the last lines of each message, indented, and each message once."""
    return [f"  {for_log(line)}" for message in dict.fromkeys(messages) for line in message.splitlines()[-_TAIL_LINES:]]


def _tail(text: str) -> list[str]:
    """Return the last lines of what the judging process wrote to stderr, with a title."""
    lines = [line for line in text.splitlines() if line.strip()][-_TAIL_LINES:]
    return ["last lines of the judging process:", *(f"  {for_log(line)}" for line in lines)] if lines else []
