"""Run a client's scenarios several times while all cores are busy, and print the verdicts that differ.

    python -m tests.selftest.repeat --times 20 [OPTION OF `oauth-gauntlet run`...]

Exit code 0: all runs have the same verdicts. 1: some verdicts differ; they are printed. 2: a run did not finish.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

REFERENCE = "py:oauth_gauntlet.reference:make_client"

_SPIN = "import os, sys\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(1_000_000))"


@contextlib.contextmanager
def busy(cores=None):
    """Keep every core busy; the processes end automatically if this one is killed."""
    spinning = [subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(cores or os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def run_once(folder, client=REFERENCE, options=(), limit_s=1800):
    """Return the results of one run by scenario, or None if the run did not finish."""
    results = Path(folder) / "results.jsonl"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", client, "--results", str(results), "-q", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=limit_s, check=False)
    lines = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    if not lines or lines[-1]["type"] != "footer" or not lines[-1]["complete"]:
        print(f"a run did not finish (exit code {done.returncode}):\n{done.stdout}{done.stderr}", flush=True)
        return None
    return {line["scenario"]: line for line in lines if line["type"] == "result"}


def differences(runs):
    """Return a line for each scenario with different verdicts: the verdicts, and the message of the rarest one."""
    lines = []
    for scenario in sorted({name for run in runs for name in run}):
        results = [run.get(scenario, {"verdict": "missing", "message": ""}) for run in runs]
        counted = Counter(result["verdict"] for result in results)
        if len(counted) > 1:
            rarest = min(counted, key=lambda verdict: counted[verdict])
            message = next(result["message"] for result in results if result["verdict"] == rarest)
            counts = ", ".join(f"{count} {verdict}" for verdict, count in counted.most_common())
            lines.append(f"{scenario}: {counts}; {rarest}: {message}")
    return lines


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.selftest.repeat", description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=20, metavar="N", help="number of runs to compare (default: %(default)s)")
    parser.add_argument("--client", default=REFERENCE, metavar="SPEC")
    parser.add_argument("--idle", action="store_true", help="do not keep the cores busy")
    given, options = parser.parse_known_args(argv)
    runs = []
    with contextlib.nullcontext() if given.idle else busy():
        for number in range(1, given.times + 1):
            started = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                run = run_once(folder, given.client, options)
            if run is None:
                return 2
            runs.append(run)
            counted = Counter(result["verdict"] for result in run.values())
            counts = ", ".join(f"{count} {verdict}" for verdict, count in counted.most_common())
            print(f"run {number} of {given.times}: {counts} in {time.monotonic() - started:.0f} s", flush=True)
    different = differences(runs)
    print("\n".join(different) or f"{len(runs)} runs, the same {len(runs[0])} verdicts in each", flush=True)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
