"""Judging a client in a process of its own, as its user would."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def judged(spec, scenarios, folder):
    """Return the results by scenario."""
    results = folder / "results.jsonl"
    keyword = " or ".join(sorted(scenarios))
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "oauth_gauntlet",
            "run",
            "--client",
            spec,
            "-k",
            keyword,
            "--results",
            str(results),
            "-q",
        ],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    found = {line["scenario"]: line for line in lines if line["type"] == "result"}
    assert found, process.stdout + process.stderr
    return found


def verdicts(spec, scenarios, folder):
    """Return the verdicts by scenario, and whether there is a failure among them (exit code 1)."""
    found = {name: line["verdict"] for name, line in judged(spec, scenarios, folder).items()}
    return found, int(not set(found.values()) <= {"pass", "warn", "not_applicable"})
