import json
from dataclasses import replace

import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet.report_request import parse_request, write_joint_reports, write_reports

RUN = Run(tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="2026-11-23T00:00:00Z", complete=True)


def test_kind_and_path():
    assert parse_request("json=a=b.json") == ("json", "a=b.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [("json", "expected KIND=PATH"), ("json=", "expected KIND=PATH"), ("pdf=x", "unknown kind 'pdf'; there are ")],
)
def test_what_is_no_request(text, words):
    with pytest.raises(UsageError, match=words):
        parse_request(text)


def test_a_report_goes_into_its_file_or_to_standard_output(tmp_path, capsys):
    path = tmp_path / "new folder" / "out.json"
    write_reports(RUN, [f"json={path}", "json=-"])
    assert json.loads(path.read_text())["client"] == {"name": "c"}
    assert json.loads(capsys.readouterr().out) == json.loads(path.read_text())


def test_a_request_that_is_wrong_leaves_no_half_done_work(tmp_path):
    with pytest.raises(UsageError):
        write_reports(RUN, [f"json={tmp_path / 'out.json'}", "pdf=x"])
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        write_reports(RUN, [f"json={tmp_path}"])


def test_two_runs_of_one_client_are_compared_and_others_are_a_matrix(tmp_path):
    other = replace(RUN, client={"name": "d"})
    for runs, words in (([RUN, RUN], "c: nothing changed"), ([RUN, other], "2 clients"), ([RUN, RUN, RUN], "3 clients")):
        write_joint_reports(runs, [f"html={tmp_path / 'out.html'}", f"markdown={tmp_path / 'out.md'}"])
        assert words in (tmp_path / "out.html").read_text()
        assert words in (tmp_path / "out.md").read_text()


def test_a_kind_that_is_made_of_one_run():
    with pytest.raises(UsageError, match="'junit' is made of one run; of several there are html, markdown"):
        write_joint_reports([RUN, RUN], ["junit=-"])
