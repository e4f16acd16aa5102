"""Sets up the real clients, judges them side by side, and makes the matrix of them: ``make clients``.

Results are kept as OUT/LANGUAGE/NAME.jsonl, those of the run before as OUT/before/LANGUAGE/NAME.jsonl. A client that does
not install, or takes too long, is reported and stops no other. Exit code 0; 1 where a findings.toml says what no run bears
out any more; 3 where a client was set up and could not be judged to its end.
"""

from __future__ import annotations

import argparse
import io
import json
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

from oauth_gauntlet.errors import GauntletError, UsageError
from oauth_gauntlet.files.text_files import write_whole
from oauth_gauntlet.judging.machine.interruption import raise_when_told_to_end
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.checked_findings import findings_of, stale_entries
from oauth_gauntlet.results.report_request import write_matrix
from oauth_gauntlet.results.results import read_run, read_run_file
from oauth_gauntlet_reports.advice.peers import peers_of
from oauth_gauntlet_reports.comparing.comparison import compare
from oauth_gauntlet_reports.comparing.matrix import matrix

CLIENTS = Path(__file__).resolve().parent

_SETUP_LIMIT_S = 1800
"""A first build of a client in Rust, with everything that it is made of, on a small machine."""

_PATIENCE_S = 20
"""How long a run that is told to end may take to put its results in order."""


@dataclass(slots=True)
class Outcome:
    """What became of a client; `trouble` is empty where it was judged to its end. Times are in seconds."""

    name: str
    setup_s: float = 0.0
    run_s: float = 0.0
    is_set_up: bool = False
    trouble: str = ""
    told: str = ""


@dataclass(slots=True)
class Judge:
    """Judges clients; `limit_s` is what a run may take, `options` go to ``oauth-gauntlet run``."""

    clients: Path
    out: Path
    limit_s: float
    check: bool = False
    options: list[str] = field(default_factory=list)
    running: set[subprocess.Popen[str]] = field(default_factory=set)
    printing: threading.Lock = field(default_factory=threading.Lock)

    def names(self, wanted: list[str]) -> list[str]:
        """Return the names of the clients that are wanted, or of all; raise SystemExit where there is no such."""
        command = ["bash", str(self.clients / "setup.sh"), "--list", *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr.rstrip())
        return done.stdout.split()

    def set_up(self, name: str) -> Outcome:
        """Install a client."""
        began = time.monotonic()
        code, words = self._finished(["bash", str(self.clients / "setup.sh"), name], _SETUP_LIMIT_S)
        outcome = Outcome(name=name, setup_s=time.monotonic() - began, is_set_up=code == 0)
        if not outcome.is_set_up:
            outcome.trouble = f"could not be set up: {_last_line(words.replace(f'client {name}: could not be installed', ''))}"
            self.say(f"{name}: {outcome.trouble}")
        return outcome

    def judge(self, outcome: Outcome) -> Outcome:
        """Judge a client that is set up."""
        name, began = outcome.name, time.monotonic()
        results = self.out / f"{name}.jsonl"
        before = self.out / "before" / f"{name}.jsonl"
        for path in (results, before):
            path.parent.mkdir(parents=True, exist_ok=True)
        if results.exists():
            results.replace(before)
        spec = f"cmd:{self.clients.name}/run.sh {name}"
        gauntlet = [sys.executable, "-m", "oauth_gauntlet"]
        if self.check:
            code, words = self._finished([*gauntlet, "adapter", "check", spec], self.limit_s)
            if code:
                self.say(f"{name}: adapter check: {_last_line(words)}")
        code, words = self._finished(
            [*gauntlet, "run", "--client", spec, "--results", str(results), "-q", *self.options], self.limit_s
        )
        outcome.run_s = time.monotonic() - began
        if code is None:
            outcome.trouble = f"took more than {self.limit_s:.0f} s, and was ended"
        try:
            run = read_run_file(results)
        except GauntletError:
            results.unlink(missing_ok=True)
            outcome.trouble = outcome.trouble or f"could not be judged: {_last_line(words)}"
        else:
            outcome.told = ", ".join(f"{count} {verdict}" for verdict, count in run.summary().items() if count)
            if not run.complete:
                outcome.trouble = outcome.trouble or f"the run is incomplete: {_last_line(words)}"
            elif before.exists():
                with suppress(GauntletError):
                    outcome.told += f"; since the run before: {compare(read_run_file(before), run).text.rpartition(': ')[2]}"
        self.say(f"{name}: {outcome.trouble or f'judged in {outcome.run_s:.0f} s: {outcome.told}'}")
        return outcome

    def say(self, words: str) -> None:
        """Print a line."""
        with self.printing:
            print(words, flush=True)

    def end(self) -> None:
        """End what still runs."""
        for process in list(self.running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)

    def _finished(self, command: list[str], limit_s: float) -> tuple[int | None, str]:
        """Return the exit code of a command (None: it took too long) and what it printed."""
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
        self.running.add(process)
        try:
            return _waited_for(process, limit_s)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            self.running.discard(process)


def _waited_for(process: subprocess.Popen[str], limit_s: float) -> tuple[int | None, str]:
    try:
        words, _ = process.communicate(timeout=limit_s)
        return process.returncode, words
    except subprocess.TimeoutExpired:
        # A run that is told to end keeps the results that it has; what does not listen is ended with all that it started.
        process.terminate()
    try:
        words, _ = process.communicate(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        words, _ = process.communicate()
    return None, words


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"


def judged(judge: Judge, names: list[str], at_once: int) -> list[Outcome]:
    """Set up clients one after the other, as package managers want it, and meanwhile judge those that are ready."""
    outcomes: list[Outcome | Future[Outcome]] = []
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for name in names:
                outcome = judge.set_up(name)
                outcomes.append(pool.submit(judge.judge, outcome) if outcome.is_set_up else outcome)
            return [each.result() if isinstance(each, Future) else each for each in outcomes]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            judge.end()
            raise


def rendered(judge: Judge, outcomes: list[Outcome], publish: Path | None, peers: Path | None) -> list[str]:
    """Make the matrix of all results that there are, and return what is wrong with the findings that were checked by hand."""
    files = [path for name in judge.names([]) if (path := judge.out / f"{name}.jsonl").exists()]
    runs = [_without_place(path) for path in files]
    made = matrix(runs, [findings_of(path, judge.clients) for path in files])
    targets = [(judge.out / "matrix.html", judge.out / "matrix.md", judge.out / "findings.md")]
    if publish is not None:
        targets.append((publish / "matrix.html", publish / "README.md", publish / "findings.md"))
    for page, table, findings in targets:
        write_matrix(made, [f"html={page}", f"markdown={table}", f"findings={findings}"])
        with table.open("a", encoding="utf-8") as file:
            file.write(f"\n[The matrix with the evidence]({page.name}) · [what was checked by hand]({findings.name})\n")
            missing = [outcome for outcome in outcomes if not outcome.is_set_up]
            if missing:
                file.write(f"\nNot judged, since they could not be set up: {', '.join(outcome.name for outcome in missing)}.\n")
        judge.say(f"{len(runs)} clients: {page}, {table.name}, {findings.name}")
    if peers is not None:
        try:
            judge.say(f"{write_peers([run for run in runs if run.complete], peers)} clients: {peers}")
        except ValueError as error:
            raise UsageError(f"--peers {peers}: {error}") from error
    return stale_entries(made)


def _without_place(path: Path) -> Run:
    """Read results, in which what a client says of its own files does not tell where on this machine they are."""
    text = path.read_text(encoding="utf-8").replace(json.dumps(f"{CLIENTS.parent}/")[1:-1], "")
    return read_run(io.StringIO(text, newline="\n"), str(path))


def write_peers(runs: list[Run], file: Path) -> int:
    """Write which clients pass what, a line a requirement, and return of how many clients."""
    document = peers_of(runs)
    lines = [f'"{key}": {json.dumps(document[key])}' for key in ("date", "version", "clients")]
    for key in ("passed", "failed"):
        inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(clients)}" for name, clients in document[key].items())
        lines.append(f'"{key}": {{\n{inner}\n}}')
    write_whole(file, "{\n" + ",\n".join(lines) + "\n}\n")
    return len(runs)


def main() -> int:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(description="Judge the real clients side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="LANGUAGE/NAME, or NAME where it is unique (default: all)")
    parser.add_argument(
        "-n",
        type=int,
        default=max(1, (os.cpu_count() or 1) // 2),
        dest="at_once",
        help="how many clients at a time (default: half as many as there are cores)",
    )
    # Many a client waits more than it works: google-auth alone pauses for two minutes before it tries again.
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="processes for each client (default: 4)")
    parser.add_argument("--limit", type=float, default=300, metavar="SECONDS", help="what a run may take (default: 300)")
    parser.add_argument("--out", type=Path, default=Path(".oauth-gauntlet/clients"), help="where results and matrix go")
    parser.add_argument("--publish", type=Path, metavar="FOLDER", help="write the matrix there, too")
    parser.add_argument("--peers", type=Path, metavar="FILE", help="write there which clients pass what, for other reports")
    parser.add_argument("--check", action="store_true", help="check each adapter before its client is judged")
    parser.add_argument("--only-render", action="store_true", help="judge nothing; make the matrix of the results there are")
    parser.add_argument("-k", metavar="EXPR", help="judge scenarios whose id matches")
    given = parser.parse_args()
    judge = Judge(
        clients=CLIENTS,
        out=given.out.resolve(),
        limit_s=given.limit,
        check=given.check,
        options=["-n", str(given.workers), *(["-k", given.k] if given.k else [])],
    )
    names = judge.names(given.names)
    began = time.monotonic()
    outcomes = [] if given.only_render else judged(judge, names, max(1, given.at_once))
    print()
    for outcome in outcomes:
        times = f"set up {outcome.setup_s:6.1f} s   judged {outcome.run_s:6.1f} s"
        print(f"{outcome.name:<44} {times}   {outcome.trouble or outcome.told}")
    wrong = rendered(judge, outcomes, given.publish, given.peers)
    missing = [outcome for outcome in outcomes if not outcome.is_set_up]
    broken = [outcome for outcome in outcomes if outcome.is_set_up and outcome.trouble]
    for words in wrong:
        print(words)
    for kind, those in (("could not be set up", missing), ("could not be judged to the end", broken)):
        if those:
            print(f"{len(those)} {kind}: {', '.join(outcome.name for outcome in those)}")
    print(f"{len(outcomes)} clients in {time.monotonic() - began:.0f} s")
    return 3 if broken else 1 if wrong else 0


if __name__ == "__main__":
    raise_when_told_to_end()
    try:
        sys.exit(main())
    except GauntletError as error:
        sys.exit(f"judge.py: {error}")
    except KeyboardInterrupt:
        sys.exit("judge.py: interrupted; what was judged is kept")
