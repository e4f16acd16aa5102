import re

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model.basis import quote
from oauth_gauntlet_reports.formats.github import github_report

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def commands(text):
    """Parse commands like the runner: one per line, unescaped."""
    for line in text.splitlines():
        kind, title, data = COMMAND.fullmatch(line).groups()
        for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            title, data = title.replace(escape, character), data.replace(escape, character)
        yield kind, title, data


def test_one_annotation_per_requirement_the_most_severe_first(mixed_run):
    found = list(commands(github_report(mixed_run)))
    assert [(kind, title) for kind, title, _ in found] == [
        ("error", "violation auth.a"),
        ("error", "hazard secrecy.f"),
        ("error", "deviation scope.c"),
        ("warning", "warning parse.b"),
        ("notice", "oauth-gauntlet"),
    ]
    assert found[0][2].splitlines()[:5] == [
        "Broken twice. (level must)",
        'RFC 6749 2.3.1, binds the client: "Secrets MUST NOT be in the URI."',
        "RFC 6749 B, binds the client",
        "expected: a b",
        "seen: a,b",
    ]
    answer, profile = found[-1][2].splitlines()
    assert answer.startswith("some-client 1.2 meets 1 of 2 applicable RFC requirements; 1 hazard; 1 warning")
    assert profile == "profile their-page: meets 0 of 1"


def test_a_long_sentence_is_cut(make_result, make_run):
    (first, _) = commands(github_report(make_run(make_result(basis=(quote("RFC 6749 3.3", "It MUST " + "x" * 900),)))))
    assert "x...\n" in first[2]
    assert "x" * 300 not in first[2]


def test_a_place_that_was_named_is_not_named_again(make_result, make_run):
    sentences = (("RFC 6749 6", "It MUST a."), ("RFC 6749 6", "It MUST b."), ("RFC 6749 B", "c"), ("RFC 6749 B", "d"))
    (first, _) = commands(github_report(make_run(make_result(basis=tuple(quote(*each) for each in sentences)))))
    assert first[2].splitlines()[1:4] == [
        'RFC 6749 6, binds the client: "It MUST a."',
        "RFC 6749 B, binds the client",
        "expected: a b",
    ]


def test_a_known_finding_is_a_notice(make_result, make_run):
    (known, _) = commands(github_report(make_run(make_result(expected={"reason": "r"}))))
    assert known[0] == "notice"


def test_a_hostile_run_adds_no_command(hostile_run):
    assert len(list(commands(github_report(hostile_run)))) == 7 + 1


@given(st.text(st.characters(exclude_categories=())))
def test_a_command_is_always_one_line(make_result, make_run, text):
    found = list(commands(github_report(make_run(make_result(name=f"x{text}", statement=text, seen=text)))))
    assert len(found) == 2


def test_percent_signs_and_lines_are_preserved(make_result, make_run):
    (first, _) = commands(github_report(make_run(make_result(seen="a%2Cb\nc: d, e"))))
    assert "seen: a%2Cb\nc: d, e\n" in first[2]
