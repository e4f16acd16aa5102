import io
import json

import pytest
from rich.console import Console

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.advice.peers import Peers, packaged_peers, peers_from_json, peers_of, peers_sentence
from oauth_gauntlet_reports.advice.remedy import remedies
from oauth_gauntlet_reports.formats.html_report import html_report
from oauth_gauntlet_reports.formats.markdown import markdown_report
from oauth_gauntlet_reports.formats.sarif import sarif_report
from oauth_gauntlet_reports.formats.terminal_findings import render_findings

DOCUMENT = {
    "date": "2026-01-31",
    "version": "1.2",
    "clients": [{"name": name, "version": "1", "language": "go"} for name in "abcdef"],
    "passed": {"x.all": [0, 1, 2, 3, 4], "x.three": [0, 1, 2], "x.one": [5]},
    "failed": {"x.all": [5], "x.three": [3], "x.one": [0], "x.none": [0, 1], "x.alone": [2]},
}


@pytest.fixture
def make_peer(make_result, make_run):
    def make(name, *verdicts, day="2026-01-30", **more):
        results = [make_result(verdict, name=requirement) for requirement, verdict in verdicts]
        client = {"name": name, "version": "1", "language": "go"}
        return make_run(*results, **{"client": client, "started_at": f"{day}T23:59:59Z", **more})

    return make


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.all", "5 of 6 published clients that were judged on 2026-01-31 pass this: a, b, c and others."),
        ("x.three", "3 of 4 published clients that were judged on 2026-01-31 pass this: a, b, c."),
        ("x.one", "1 of 2 published clients that were judged on 2026-01-31 passes this: f."),
        ("x.none", "None of 2 published clients that were judged on 2026-01-31 passes this."),
        ("x.alone", "None of 1 published client that was judged on 2026-01-31 passes this."),
        ("x.unknown", None),
    ],
)
def test_the_sentence_names_the_clients_that_pass(name, sentence):
    assert peers_from_json(DOCUMENT).sentence(name) == sentence


def test_a_client_passes_if_all_applicable_scenarios_pass(make_peer):
    passing, left_out = ("x.y", Verdict.PASS), ("x.y", Verdict.NOT_APPLICABLE)
    document = peers_of(
        [
            make_peer("g", ("x.y", Verdict.ERROR)),
            make_peer("f", passing, ("x.y", Verdict.UNTESTABLE)),
            make_peer("e", left_out, left_out),
            make_peer("d", passing, ("x.y", Verdict.WARNING)),
            make_peer("C", passing, ("x.y", Verdict.VIOLATION), ("x.y", Verdict.ERROR)),
            make_peer("b", passing, left_out, day="2026-01-31"),
            make_peer("a", passing, passing, ("z.w", Verdict.PASS)),
        ]
    )
    assert document == {
        "date": "2026-01-31",
        "version": "0",
        "clients": [{"name": name, "version": "1", "language": "go"} for name in "abCdefg"],
        "passed": {"x.y": [0, 1], "z.w": [0]},
        "failed": {"x.y": [2, 3]},
    }
    read = peers_from_json(json.loads(json.dumps(document)))
    assert read == Peers(
        date="2026-01-31",
        version="0",
        clients=tuple("abCdefg"),
        passed={"x.y": ("a", "b"), "z.w": ("a",)},
        failed={"x.y": ("C", "d")},
    )


def test_unusable_runs_are_rejected(make_peer):
    good = make_peer("a", ("x.y", Verdict.PASS))
    for runs, words in [
        ([], "there are no runs"),
        ([good, make_peer("b", complete=False)], "the run of b is incomplete"),
        ([good, make_peer("b", options={"selection": {"expressions": ["x"]}})], "the run of b is of a selection"),
        ([good, make_peer("a")], "there are two runs of a 1: give one results file for each client"),
        ([good, make_peer("b", tool_version="1")], r"several versions of the tool \(0, 1\)"),
    ]:
        with pytest.raises(ValueError, match=words):
            peers_of(runs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": "yesterday"}, "date: expected a day as in 2026-01-31, got 'yesterday'"),
        ({"date": None}, "date: expected a string, got None"),
        ({"clients": "abc"}, "clients: expected a list, got 'abc'"),
        ({"clients": [{"version": "1"}]}, r"clients\[0\]\.name: expected a string, got None"),
        ({"passed": []}, r"passed: expected an object, got \[\]"),
        ({"failed": {"x.y": [6]}}, r"failed\.x\.y\[0\]: expected an index of the 6 clients, got 6"),
        ({"failed": {"x.y": [0, -1]}}, r"failed\.x\.y\[1\]: expected a number of at least 0, got -1"),
        ({"failed": {"x.y": [True]}}, r"failed\.x\.y\[0\]: expected a whole number, got True"),
        ({"failed": {"x.y": "0"}}, r"failed\.x\.y: expected a list, got '0'"),
    ],
)
def test_an_error_names_the_key_of_the_file(change, words):
    with pytest.raises(ValueError, match=rf"peers\.json: {words}"):
        peers_from_json({**DOCUMENT, **change})


def test_a_file_must_be_a_json_object():
    with pytest.raises(ValueError, match=r"peers\.json: the document: expected an object, got \[\]"):
        peers_from_json([])


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The folder in which `packaged_peers` searches the file."""
    monkeypatch.setattr("oauth_gauntlet_reports.advice.peers.FOLDER", tmp_path)
    packaged_peers.cache_clear()
    yield tmp_path
    packaged_peers.cache_clear()


def test_without_a_file_there_is_no_sentence(folder):
    assert packaged_peers() is None
    assert peers_sentence("x.all") is None


def test_the_file_is_read(folder):
    (folder / "peers.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    assert peers_sentence("x.one") == "1 of 2 published clients that were judged on 2026-01-31 passes this: f."


def test_every_report_of_a_finding_contains_the_sentence(folder, make_result, make_run, read_markdown):
    sentence = "1 of 2 published clients that were judged on 2026-01-31 passes this: <script>."
    document = {**DOCUMENT, "clients": [{"name": "<script>" if name == "f" else name} for name in "abcdef"]}
    (folder / "peers.json").write_text(json.dumps(document), encoding="utf-8")
    run = make_run(make_result(name="x.one"), make_result(Verdict.PASS, name="x.all"))
    page = html_report(run)
    assert sentence.replace("<", "&lt;").replace(">", "&gt;") in page
    assert page.count("published client") == 1
    assert sentence in read_markdown(markdown_report(run)).text
    (rule,) = json.loads(sarif_report(run))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["help"]["text"].splitlines()[-1] == sentence
    assert sentence in read_markdown(rule["help"]["markdown"]).text
    console = Console(file=io.StringIO(), width=200)
    render_findings(run, console, verbose=True)
    assert sentence in console.file.getvalue()
    for verdict in (Verdict.ERROR, Verdict.UNTESTABLE):
        assert "published client" not in html_report(make_run(make_result(verdict, name="x.one")))


def test_the_packaged_file_contains_only_existing_requirements():
    found = packaged_peers()
    assert found is None or {*found.passed, *found.failed} <= set(remedies())
