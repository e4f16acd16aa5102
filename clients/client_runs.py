"""Sets up published clients with ``setup.sh`` and judges several at the same time with ``oauth-gauntlet run``.

Set-up is sequential, because package managers lock; a client is judged as soon as it is set up. A client that
cannot be set up, fails or exceeds the time limit is recorded in its `ClientRun` and does not stop the others.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet_reports.comparing.comparison import compare

_SETUP_LIMIT_S = 1800
"""Enough for the first build of a Rust client with all its dependencies on a small machine, in seconds."""

_STOP_LIMIT_S = 20
"""Time for a run to complete its results file after SIGTERM, in seconds."""


@dataclass(slots=True)
class ClientRun:
    """Set-up and run of one client. `problem` is empty if the run is complete; `counts` is printed."""

    name: str
    setup_s: float = 0.0
    run_s: float = 0.0
    is_set_up: bool = False
    problem: str = ""
    counts: str = ""


@dataclass(slots=True)
class ClientRuns:
    """Sets up and judges clients of one folder.

    Results are written to OUT/LANGUAGE/NAME.jsonl; the previous results move to OUT/before/LANGUAGE/NAME.jsonl. `limit_s`
    is the time limit of one run in seconds; `options` are passed to ``oauth-gauntlet run``.
    """

    clients: Path
    out: Path
    limit_s: float
    check: bool = False
    options: list[str] = field(default_factory=list)
    _processes: set[subprocess.Popen[str]] = field(default_factory=set)
    _printing: threading.Lock = field(default_factory=threading.Lock)

    def names(self, wanted: list[str]) -> list[str]:
        """Return LANGUAGE/NAME of each wanted client, or of all clients if none is wanted.

        Raises:
            SystemExit: a name matches no client, or several.
        """
        command = ["bash", str(self.clients / "setup.sh"), "--list", *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr.rstrip())
        return done.stdout.split()

    def run_all(self, names: list[str], at_once: int) -> list[ClientRun]:
        """Set up the clients one after the other, and judge up to `at_once` of those that are ready."""
        runs: list[ClientRun | Future[ClientRun]] = []
        with ThreadPoolExecutor(at_once) as pool:
            try:
                for name in names:
                    run = self._set_up(name)
                    runs.append(pool.submit(self._judge, run) if run.is_set_up else run)
                return [each.result() if isinstance(each, Future) else each for each in runs]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._stop()
                raise

    def _set_up(self, name: str) -> ClientRun:
        started = time.monotonic()
        code, output = self._finished(["bash", str(self.clients / "setup.sh"), name], _SETUP_LIMIT_S)
        run = ClientRun(name=name, setup_s=time.monotonic() - started, is_set_up=code == 0)
        if not run.is_set_up:
            run.problem = f"could not be set up: {_last_line(output.replace(f'client {name}: could not be installed', ''))}"
            self._print(f"{name}: {run.problem}")
        return run

    def _judge(self, client_run: ClientRun) -> ClientRun:
        name, started = client_run.name, time.monotonic()
        results = self.out / f"{name}.jsonl"
        before = self.out / "before" / f"{name}.jsonl"
        for path in (results, before):
            path.parent.mkdir(parents=True, exist_ok=True)
        if results.exists():
            results.replace(before)
        spec = f"cmd:{self.clients.name}/run.sh {name}"
        program = [sys.executable, "-m", "oauth_gauntlet"]
        if self.check:
            code, output = self._finished([*program, "adapter", "check", spec], self.limit_s)
            if code:
                self._print(f"{name}: adapter check: {_last_line(output)}")
        code, output = self._finished(
            [*program, "run", "--client", spec, "--results", str(results), "-q", *self.options], self.limit_s
        )
        client_run.run_s = time.monotonic() - started
        if code is None:
            client_run.problem = f"took more than {self.limit_s:.0f} s and was stopped"
        try:
            run = read_run_file(results)
        except GauntletError:
            results.unlink(missing_ok=True)
            client_run.problem = client_run.problem or f"could not be judged: {_last_line(output)}"
        else:
            client_run.counts = ", ".join(f"{count} {verdict}" for verdict, count in run.summary().items() if count)
            if not run.complete:
                client_run.problem = client_run.problem or f"the run is incomplete: {_last_line(output)}"
            elif before.exists():
                with suppress(GauntletError):
                    changes = compare(read_run_file(before), run).text.rpartition(": ")[2]
                    client_run.counts += f"; since the previous run: {changes}"
        self._print(f"{name}: {client_run.problem or f'judged in {client_run.run_s:.0f} s: {client_run.counts}'}")
        return client_run

    def _print(self, line: str) -> None:
        with self._printing:
            print(line, flush=True)

    def _stop(self) -> None:
        for process in list(self._processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)

    def _finished(self, command: list[str], limit_s: float) -> tuple[int | None, str]:
        """Return a command's exit code (None if it exceeded the limit) and its output."""
        process = subprocess.Popen(
            command,
            cwd=self.clients.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._processes.add(process)
        try:
            return _waited_for(process, limit_s)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            self._processes.discard(process)


def _waited_for(process: subprocess.Popen[str], limit_s: float) -> tuple[int | None, str]:
    try:
        output, _ = process.communicate(timeout=limit_s)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        # SIGTERM first: `run` then keeps the results it has. SIGKILL goes to the whole process group.
        process.terminate()
    try:
        output, _ = process.communicate(timeout=_STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    return None, output


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"
