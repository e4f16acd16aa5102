import json
from dataclasses import replace

import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.report_request import is_one_client, parse_request, write_comparison, write_matrix, write_reports
from oauth_gauntlet_reports.comparing.matrix import matrix

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
    other, same_name = replace(RUN, client={"name": "d"}), replace(RUN, client={"name": "c", "language": "ruby"})
    assert is_one_client([RUN, RUN])
    assert not any(map(is_one_client, ([RUN, other], [RUN, same_name], [RUN, RUN, RUN])))
    requests = [f"html={tmp_path / 'out.html'}", f"markdown={tmp_path / 'out.md'}"]
    for write, words in (
        (lambda: write_comparison(RUN, RUN, requests), "c: no change"),
        (lambda: write_matrix(matrix([RUN, other]), requests), "2 clients"),
    ):
        write()
        assert words in (tmp_path / "out.html").read_text()
        assert words in (tmp_path / "out.md").read_text()


def test_a_kind_that_is_made_of_other_runs():
    with pytest.raises(UsageError, match="'junit' is made of one run; of several there are html, markdown"):
        write_comparison(RUN, RUN, ["junit=-"])
    with pytest.raises(UsageError, match="'findings' is made of runs of several clients; here there are html, markdown"):
        write_comparison(RUN, RUN, ["findings=-"])
    with pytest.raises(UsageError, match="'findings' is made of runs of several clients; here there are json"):
        write_reports(RUN, ["findings=-"])
