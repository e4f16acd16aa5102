"""Judging a client in a process of its own, as its user would."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def verdicts(spec, scenarios, folder):
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
    found = {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}
    assert found, process.stdout + process.stderr
    return found, process.returncode
