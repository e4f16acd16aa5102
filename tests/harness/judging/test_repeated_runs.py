"""The same run twice: byte-identical results but for what docs/results.md names, in one process and in several."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.repeatable import comparable

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

SELECTED = (
    "sanity or parse.minimal or parse.generated or parse.expires-in-odd or http.content-coding or connector.provision or "
    "clientauth.accepted or clientauth.jti-at-retry or key.pkcs8 or wire.reset or provider.success or refresh.rotation or "
    "concurrency.requests-rotation or jwt.claims-roundtrip"
)

CLIENTS = ["py:tests.adapters.repeatable:Repeatable", f"cmd:{sys.executable} {ROOT / 'tests' / 'adapters' / 'good.py'}"]


def judge(client, folder, *arguments):
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "oauth_gauntlet", "run", "--client", client, "-k", SELECTED, "--effort", "quick"),
            *("--results", "results.jsonl", "--report", "json=results.json", *arguments),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    stream = (folder / "results.jsonl").read_text().splitlines()
    assert json.loads(stream[-1])["complete"], done.stderr
    return comparable(stream), comparable([(folder / "results.json").read_text()])


@pytest.mark.parametrize("client", CLIENTS, ids=["object", "process"])
def test_a_run_repeats_in_one_process_and_in_several(client, tmp_path):
    stream, document = judge(client, tmp_path / "one", "-n", "0")
    assert len(stream) > 100
    assert judge(client, tmp_path / "two", "-n", "2") == (stream, document)
    assert judge(client, tmp_path / "three", "-n", "0") == (stream, document)


def test_another_seed_gives_other_tokens(tmp_path):
    stream, _ = judge(CLIENTS[0], tmp_path / "one", "-k", "sanity.first")
    other, _ = judge(CLIENTS[0], tmp_path / "two", "-k", "sanity.first", "--seed", "2")
    tokens = [[line["answer"]["token"]["access_token"] for line in each if line.get("answer")] for each in (stream, other)]
    assert len(tokens[0]) == len(tokens[1]) > 3
    assert not set(tokens[0]) & set(tokens[1])


def test_a_scenario_is_the_same_alone_as_among_others(tmp_path):
    alone, _ = judge(CLIENTS[0], tmp_path / "one", "-k", "parse.minimal and password")
    others, _ = judge(CLIENTS[0], tmp_path / "two", "-k", "(parse.minimal or parse.expires-in-odd) and password")
    results = [line for line in alone if line["type"] == "result"]
    assert len(results) == 1
    assert results[0] in others
