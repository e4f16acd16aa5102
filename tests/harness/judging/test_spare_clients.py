"""Programs that no scenario uses serve the next one that wants the same environment variables."""

import json
import subprocess
import sys

import pytest

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.spare_clients import MOST_SPARE, SpareClients
from oauth_gauntlet.protocol import Hello

SPEC = "py:oauth_gauntlet.reference:make_client"
TOKYO, LIMA = {"TZ": "Asia/Tokyo"}, {"TZ": "America/Lima"}


class Program:
    """An adapter as far as it is taken, given back, closed and abandoned."""

    def __init__(self):
        self.closed = self.abandoned = False
        self.adapter_process = self

    def close(self):
        assert not self.closed
        self.closed = True
        raise AdapterError("it did not end")

    def abandon(self):
        self.abandoned = True


@pytest.fixture
def spare():
    """Spare clients, of which each program that starts is new."""
    return SpareClients(lambda environment: (Program(), environment))


def test_a_program_serves_again_where_the_variables_are_the_same(spare):
    in_tokyo = spare.take(TOKYO)
    assert in_tokyo[1] == TOKYO
    spare.give_back(*in_tokyo, TOKYO)
    others = [spare.take(LIMA), spare.take(), spare.take({**TOKYO, "LANG": "C"})]
    assert in_tokyo[0] not in [adapter for adapter, _ in others]
    assert spare.take(dict(TOKYO)) == in_tokyo
    assert spare.take(TOKYO)[0] is not in_tokyo[0], "one scenario at a time"


def test_at_most_so_many_are_kept_and_the_oldest_is_closed(spare):
    taken = [spare.take() for _ in range(MOST_SPARE + 2)]
    for each in taken:
        spare.give_back(*each)
    assert [adapter.closed for adapter, _ in taken] == [True, True] + [False] * MOST_SPARE
    spare.close()
    assert all(adapter.closed for adapter, _ in taken)
    assert spare.take()[0] not in [adapter for adapter, _ in taken]


def test_abandon_ends_those_in_use_and_those_that_start_later(spare):
    in_use, (kept, hello) = spare.take()[0], spare.take()
    spare.give_back(kept, hello)
    spare.abandon()
    assert [in_use.abandoned, kept.abandoned] == [True, True]
    assert spare.take(LIMA)[0].abandoned


def test_a_client_in_this_process_is_closed():
    spec = parse_spec(SPEC, in_process=True)
    spare = SpareClients(lambda environment: (spec.open(environment), Hello))
    first = spare.take()
    spare.give_back(*first)
    assert spare.take()[0] is not first[0]


def test_the_scenarios_of_a_time_zone_share_a_process(tmp_path):
    (tmp_path / "counted.py").write_text(
        "import os\n"
        "with open('starts', 'a') as file:\n"
        "    file.write(os.environ.get('TZ', '') + '\\n')\n"
        "from oauth_gauntlet.reference import make_client\n"
    )
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", "py:counted:make_client", "--results", "r.jsonl"]
    done = subprocess.run([*command, "-k", "zone.lifetime"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [line["verdict"] for line in results if line["type"] == "result"] == ["pass"] * 9
    starts = [zone for zone in (tmp_path / "starts").read_text().splitlines() if zone not in {"UTC", ""}]
    assert len(starts) == len(set(starts)) == 3
