"""Print the time and memory of `gate` and of every report, for a small run and for one ten times as large.

Every result has a finding and an exchange. The baseline has an entry for each second scenario. The time without the start of
the interpreter would be proportional to the number of results if the ratio were 10. The first row parses each line of the
results file with `json.loads` and does nothing else; the last column compares the other rows with it, because a busy
machine slows both down.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import practice, quote
from oauth_gauntlet.results.stream import ResultWriter
from oauth_gauntlet_reports.kinds import COMPARISON_KINDS, MATRIX_KINDS, REPORT_KINDS

COUNT = 50_000
PARSING = "import json, sys\nfor line in open(sys.argv[1], encoding='utf-8'): json.loads(line)"
REQUIREMENTS = 400
CATEGORIES = ("auth", "clientauth", "encoding", "error", "expiry", "http", "jwt", "parse", "refresh", "wire")
GRANTS = ("client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer")
VERDICTS = ((Level.MUST, Verdict.VIOLATION), (Level.UNSAFE, Verdict.HAZARD), (Level.SHOULD, Verdict.WARNING))


def results(count: int) -> Iterator[Result]:
    """Yield results with findings, as a client has them that does many things wrong."""
    for number in range(count):
        place = number % REQUIREMENTS
        identifier = f"{CATEGORIES[place % len(CATEGORIES)]}.requirement-{place}"
        level, verdict = VERDICTS[place % len(VERDICTS)]
        grant = GRANTS[number // REQUIREMENTS % len(GRANTS)]
        yield Result(
            id=identifier,
            scenario=f"{identifier}.variant-{number // REQUIREMENTS}[{grant.rpartition(':')[2]}]",
            grant=grant,
            level=level,
            basis=(
                quote("RFC 6749 5.1", "The client MUST ignore unrecognized value names in the response."),
                practice("Some servers in use send more than the specification names."),
            ),
            statement=f"The client does what requirement {place} says, in each of its variants.",
            verdict=verdict,
            message=f"expected a token; seen an error of kind {number % 7}",
            findings=(
                Finding(expected="a token", seen=f"error of kind {number % 7}", grade=verdict, mark=Mark(text="grant_type")),
            ),
            answer={"error": {"kind": "protocol", "message": f"the response {number} cannot be read"}},
            exchanges=(exchange(number),),
            reproduce=f"oauth-gauntlet run --client 'cmd:node adapter.mjs' -k '{identifier}'",
            duration_s=0.01,
            refused_as=("The content type must be *",) if place % 20 == 0 else (),
            covered_by=(f"{CATEGORIES[0]}.requirement-0",) if place % 50 == 49 else (),
        )


def exchange(number: int) -> dict[str, object]:
    """Return a request and its response, with the octets of both heads."""
    body = f"grant_type=client_credentials&scope=read+write&state={number:032x}"
    fields = [
        ["Host", "127.0.0.1:40123"],
        ["Accept", "application/json"],
        ["User-Agent", "client/1.2.3 (+https://client.example)"],
        ["Authorization", "Basic Z2F1bnRsZXQtY2xpZW50OmdhdW50bGV0LWNsaWVudC1zZWNyZXQ="],
        ["Content-Type", "application/x-www-form-urlencoded"],
        ["Content-Length", str(len(body))],
    ]
    answer = json.dumps({"access_token": f"{number:064x}", "token_type": "Bearer", "expires_in": 3600})
    sent = [["Content-Type", "application/json"], ["Cache-Control", "no-store"], ["Content-Length", str(len(answer))]]
    target = f"/t{number:012x}/token"
    return {
        "request": {
            "method": "POST",
            "target": target,
            "http_version": "1.1",
            "headers": fields,
            "head": f"POST {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n",
            "body": body,
        },
        "response": {
            "status": 400 if number % 3 == 0 else 200,
            "reason": "OK",
            "headers": sent,
            "head": "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in sent) + "\r\n",
            "body": answer,
        },
        "fault": None if number % 3 == 0 else "json_member",
    }


def write_run(path: Path, count: int, name: str) -> None:
    """Write the stream of a run."""
    run = Run(
        tool_version="0",
        client={"name": name, "version": "1"},
        declared={"grants": list(GRANTS)},
        options={"seed": 1, "set": {"name": "all", "version": "1"}},
        started_at="2026-01-02T03:04:05Z",
    )
    with path.open("w", encoding="utf-8") as file:
        writer = ResultWriter(file)
        writer.header(run)
        writer.plan(count)
        for result in results(count):
            writer.result(result)
        writer.footer(duration_s=1.0, complete=True)


def write_baseline(path: Path, count: int) -> None:
    """Write a baseline with an entry for each second scenario."""
    path.write_text(
        "".join(
            f'[[expect]]\nscenario = "{each.scenario}"\nverdict = "{each.verdict}"\nreason = "known since number {number}"\n\n'
            for number, each in enumerate(results(count))
            if number % 2
        ),
        encoding="utf-8",
    )


def commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the arguments of the interpreter for each command, with its name."""
    run = str(folder / "run.jsonl")
    yield "json.loads", ["-c", PARSING, run]
    for name, arguments in tool_commands(folder):
        yield name, ["-m", "oauth_gauntlet", *arguments]


def tool_commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the arguments of the command line for each command, with its name."""
    run, other, out = str(folder / "run.jsonl"), str(folder / "other.jsonl"), folder / "out"
    yield "gate", ["gate", run, "--expect", str(folder / "none.toml")]
    yield "gate, baseline", ["gate", run, "--expect", str(folder / "known.toml")]
    yield "gate --update", ["gate", run, "--expect", str(folder / "new.toml"), "--update"]
    yield "gate --update, baseline", ["gate", run, "--expect", str(folder / "known.toml"), "--update"]
    for kind in REPORT_KINDS:
        yield f"report {kind}", ["report", run, "--report", f"{kind}={out}"]
    for kind in COMPARISON_KINDS:
        yield f"comparison {kind}", ["report", run, run, "--report", f"{kind}={out}"]
    for kind in MATRIX_KINDS:
        yield f"matrix {kind}", ["report", run, other, "--report", f"{kind}={out}"]


def measured(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Return the processor time of a command in seconds, and its peak of resident memory in MiB."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{arguments}: exit code {process.returncode}: {errors.decode()}")
    return usage.ru_utime + usage.ru_stime, _mebibytes(usage)


def _mebibytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def prepared(folder: Path, count: int) -> Path:
    """Write the files of the commands into a new folder, and return it."""
    folder.mkdir()
    write_run(folder / "run.jsonl", count, "one")
    write_run(folder / "other.jsonl", REQUIREMENTS, "two")
    write_baseline(folder / "known.toml", count)
    (folder / "none.toml").write_text("")
    return folder


if __name__ == "__main__":
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "results", type=int, nargs="?", default=COUNT, help="number of results of the large run (default: 50000)"
    )
    large = parser.parse_args().results
    with tempfile.TemporaryDirectory() as scratch:
        small_folder, large_folder = (prepared(Path(scratch) / str(count), count) for count in (large // 10, large))
        size = (large_folder / "run.jsonl").stat().st_size / 1024 / 1024
        print(f"{large} results, {size:.0f} MiB; processor seconds, peak of resident memory")
        print("| command | seconds | MiB | seconds, a tenth of the results | ratio | to json.loads |\n" + "| --- " * 6 + "|")
        parsing = None
        for (name, small_command), (_, large_command) in zip(
            list(commands(small_folder)), list(commands(large_folder)), strict=True
        ):
            few, _ = measured(small_command, small_folder)
            many, memory = measured(large_command, large_folder)
            parsing = many if parsing is None else parsing
            print(f"| {name} | {many:.1f} | {memory:.0f} | {few:.1f} | {many / few:.1f} | {many / parsing:.1f} |", flush=True)
