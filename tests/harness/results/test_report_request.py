import pytest

from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.results.report_request import ReportRequest, parse_request, write_reports

KINDS = ("json", "html")


def requested(*texts):
    return [parse_request(text, KINDS) for text in texts]


def test_kind_and_path_are_separated_at_the_first_equals_sign():
    assert requested("json=a=b.json") == [ReportRequest(kind="json", path="a=b.json")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("json", "report 'json': expected KIND=PATH, with KIND one of json, html"),
        ("json=", "report 'json=': expected KIND=PATH, with KIND one of json, html"),
        ("pdf=x", "report 'pdf=x': unknown kind 'pdf'; there are json, html"),
        ("findings=x", "report 'findings=x': 'findings' needs runs of several clients; the kinds here are json, html"),
    ],
)
def test_a_wrong_request_is_rejected(text, message):
    with pytest.raises(UsageError) as caught:
        parse_request(text, KINDS, elsewhere={"findings": "needs runs of several clients"})
    assert str(caught.value) == message


def test_a_report_is_written_to_its_file_or_to_standard_output(tmp_path, capsys):
    path = tmp_path / "new folder" / "out"
    assert write_reports(requested("html=-", f"json={path}"), "text of {}".format) == []
    assert path.read_text() == "text of json"
    assert capsys.readouterr().out == "text of html"


def test_files_are_written_before_standard_output(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(UsageError, match="report html=-: there is no standard output; give the path of a file"):
        write_reports(requested("html=-", f"json={tmp_path / 'out'}"), "text of {}".format)
    assert (tmp_path / "out").read_text() == "text of json"


def test_each_file_that_cannot_be_written_is_an_error_and_the_others_are_written(tmp_path):
    problems = write_reports(requested(f"json={tmp_path}", "html=/dev/full", f"html={tmp_path / 'out'}"), "text of {}".format)
    assert [type(problem) for problem in problems] == [UsageError, HarnessError]
    assert str(problems[0]) == f"report json={tmp_path}: cannot be written: Is a directory"
    assert (tmp_path / "out").read_text() == "text of html"


def test_half_a_surrogate_pair_is_written_as_an_escape(capsys):
    write_reports(requested("html=-"), lambda _: "\ud800")
    assert capsys.readouterr().out == "\\ud800"
