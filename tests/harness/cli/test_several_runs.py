from dataclasses import replace

import pytest

from oauth_gauntlet.cli.several_runs import is_one_client, write_comparison, write_matrix
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.matrix import matrix

RUN = Run(tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="2026-11-23T00:00:00Z", complete=True)
OTHER = replace(RUN, client={"name": "d"})


def test_two_runs_of_one_client_are_compared_and_other_runs_are_a_matrix(tmp_path):
    same_name = replace(RUN, client={"name": "c", "language": "ruby"})
    assert is_one_client([RUN, RUN])
    assert not any(map(is_one_client, ([RUN, OTHER], [RUN, same_name], [RUN, RUN, RUN])))
    requests = [f"html={tmp_path / 'out.html'}", f"markdown={tmp_path / 'out.md'}"]
    for write, words in (
        (lambda: write_comparison(RUN, RUN, requests), "c: no change"),
        (lambda: write_matrix(matrix([RUN, OTHER]), requests), "2 clients"),
    ):
        write()
        assert words in (tmp_path / "out.html").read_text()
        assert words in (tmp_path / "out.md").read_text()


def test_a_kind_that_needs_other_runs_is_rejected():
    with pytest.raises(UsageError, match="'junit' needs one run; the kinds here are html, markdown"):
        write_comparison(RUN, RUN, ["junit=-"])
    with pytest.raises(UsageError, match="'findings' needs runs of several clients; the kinds here are html, markdown"):
        write_comparison(RUN, RUN, ["findings=-"])
    with pytest.raises(UsageError, match="'junit' needs one run; the kinds here are html, markdown, findings"):
        write_matrix(matrix([RUN, OTHER]), ["junit=-"])


def test_a_wrong_request_prevents_all_reports(tmp_path):
    with pytest.raises(UsageError):
        write_comparison(RUN, RUN, [f"html={tmp_path / 'out.html'}", "pdf=x"])
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_raised_after_the_others_are_written(tmp_path):
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        write_comparison(RUN, RUN, [f"html={tmp_path}", f"markdown={tmp_path / 'out.md'}"])
    assert "c: no change" in (tmp_path / "out.md").read_text()
