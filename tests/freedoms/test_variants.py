"""No false alarm: a correct client that takes a freedom has no finding at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from variants import COULD_MIND, Freedom  # noqa: E402


@pytest.mark.parametrize("freedom", list(Freedom), ids=lambda freedom: freedom.name)
def test_a_freedom_is_no_finding(freedom, tmp_path):
    results = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", f"py:variants:{freedom.name}", "--strict"]
    done = subprocess.run(
        [*command, "-k", COULD_MIND[freedom], "--results", str(results), "-q"],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    judged = {line["scenario"]: line for line in lines if line["type"] == "result"}
    found = {name: line["message"] for name, line in judged.items() if line["verdict"] not in {"pass", "not_applicable"}}
    assert not found, "\n".join(f"{name}: {message}" for name, message in found.items())
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(judged) > 10
