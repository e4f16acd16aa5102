from pathlib import Path

import pytest

from oauth_gauntlet.cli.findings_toml import FindingsError, findings_of, load_findings, parse_findings
from oauth_gauntlet_reports.comparing.checked import Nature

ENTRY = """\
[[finding]]
requirement = "http.downgrade"
does = "A redirect is followed from https to plain http."
wire = "> POST https://...; < 307 Location: http://..."
source = "RFC 6749 3.2"
nature = "design choice"
upstream = "https://example.org/issues/1"
"""
CLIENTS = Path(__file__).parents[3] / "clients"


def test_an_entry_is_read():
    (entry,) = parse_findings(ENTRY, "f")
    assert (entry.requirement, entry.nature, entry.upstream) == (
        "http.downgrade",
        Nature.DESIGN_CHOICE,
        "https://example.org/issues/1",
    )


@pytest.mark.parametrize("path", sorted(CLIENTS.glob("*/*/findings.toml")), ids=lambda path: "-".join(path.parts[-3:-1]))
def test_the_findings_file_of_each_client_can_be_read(path):
    assert load_findings(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[finding]", r"^f: not valid TOML: "),
        ("x = 1", r"^f: unknown key 'x'; expected \[\[finding\]\] entries only"),
        ("finding = 1", r"^f: finding must be a list of entries; write \[\[finding\]\] above each"),
        (
            ENTRY.replace("does", "dose"),
            r"^f, entry 1 \(requirement 'http\.downgrade'\): unknown key 'dose'; did you mean does\?",
        ),
        (ENTRY.replace("upstream", "#"), r"entry 1 .*: upstream is missing; every entry needs requirement, does, wire, "),
        (ENTRY.replace('"RFC 6749 3.2"', "3"), r"source is missing"),
        (ENTRY.replace("design choice", "taste"), r"nature: expected one of defect, design choice, documented, got 'taste'"),
        (ENTRY + ENTRY, r"entry 2 .*: a second entry for this requirement; write one entry for each requirement"),
        ("a=" + "[" * 5000, "not valid TOML"),
    ],
)
def test_a_wrong_entry_is_named_with_the_next_step(text, words):
    with pytest.raises(FindingsError, match=words):
        parse_findings(text, "f")


def test_the_findings_of_a_results_file_are_found_by_language_and_name(tmp_path):
    for language in ("rust", "ruby"):
        (tmp_path / language / "oauth2").mkdir(parents=True)
        (tmp_path / language / "oauth2" / "findings.toml").write_text(ENTRY.replace("A redirect", language))
    (tmp_path / "go" / "other").mkdir(parents=True)
    (tmp_path / "go" / "other" / "findings.toml").write_text(ENTRY)
    assert findings_of(Path("out/ruby/oauth2.jsonl"), tmp_path)[0].does.startswith("ruby")
    assert findings_of(Path("other.jsonl"), tmp_path)
    assert findings_of(Path("go/unknown.jsonl"), tmp_path) == ()
    assert findings_of(Path("go/*.jsonl"), tmp_path) == ()
    with pytest.raises(
        FindingsError, match=r"several clients are called oauth2 .*; keep the results as LANGUAGE/oauth2\.jsonl"
    ):
        findings_of(Path("oauth2.jsonl"), tmp_path)


def test_a_missing_folder_is_rejected(tmp_path):
    with pytest.raises(
        FindingsError, match=r"there is no such folder; give the one that contains LANGUAGE/NAME/findings\.toml"
    ):
        findings_of(Path("a.jsonl"), tmp_path / "nowhere")


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "a" / "b" / "findings.toml").mkdir(parents=True)
    with pytest.raises(FindingsError, match="cannot be read: Is a directory"):
        load_findings(tmp_path / "a" / "b" / "findings.toml")
