import json

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.json_report import json_report


def test_the_document_is_the_run_with_a_line_for_each_result(make_result, make_run):
    run = make_run(make_result(Verdict.VIOLATION), make_result(Verdict.PASS, name="a.other"))
    text = json_report(run)
    assert json.loads(text) == json.loads(json.dumps(run.to_json()))
    assert list(json.loads(text)) == list(run.to_json())
    assert [json.loads(line.strip().rstrip(",")) for line in text.splitlines()[-4:-2]] == json.loads(text)["results"]


def test_a_run_without_results_is_a_document(make_run):
    run = make_run()
    assert json.loads(json_report(run)) == json.loads(json.dumps(run.to_json()))
