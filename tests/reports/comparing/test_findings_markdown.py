from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.checked import Nature
from oauth_gauntlet_reports.comparing.findings_markdown import findings_markdown
from oauth_gauntlet_reports.comparing.matrix import matrix


def test_checked_and_unchecked_findings(mixed_run, entry):
    auth = entry("auth.a", nature=Nature.DESIGN_CHOICE, upstream="https://example.org/issues/1 (open)")
    document = findings_markdown(matrix([mixed_run], [[auth, entry("parse.b")]]))
    assert "1 of 2 failures are checked; [the others](#not-yet-checked-by-hand) are listed below" in document
    checked, unchecked = document.split("## Not yet checked by hand")
    assert "## some-client 1.2\n\n### `auth.a`\n\nBroken twice. [RFC 6749 2.3.1]" in checked
    assert "level must, violation" in checked
    assert "- does: Commas it is.\n- wire: `> scope=a%2Cb`\n- source: RFC 6749 3.3\n- nature: design choice\n" in checked
    assert "- upstream: <https://example.org/issues/1> (open)\n" in checked
    # A checked warning is listed; a warning without an entry is not.
    assert "`parse.b`" in checked
    assert "`secrecy.f`" not in checked
    assert "<code>secrecy.f</code> Lost.</summary>" in unchecked
    assert "What is lost: A secret is lost." in unchecked
    assert "> Secrets MUST NOT be in the URI.\n>\n> — [RFC 6749 2.3.1](https://" in checked
    # A profile is no part of the matrix.
    assert "scope.c" not in document
    assert "- expected: `a b`\n- seen: `a,b`" in unchecked
    assert "> POST /t/token HTTP/1.1\n> Host: h\n>\n> scope=a%2Cb\n< HTTP/1.1 400 Bad Request" in unchecked
    assert "auth.a" not in unchecked


def test_all_failures_are_checked(make_result, make_run, entry):
    document = findings_markdown(matrix([make_run(make_result())], [[entry("scope.x")]]))
    assert "All failures are checked (1)." in document
    assert "Not yet" not in document


def test_a_stale_entry_is_listed(make_result, make_run, entry):
    document = findings_markdown(matrix([make_run(make_result(Verdict.PASS))], [[entry("scope.x")]]))
    assert "## Entries for requirements that no longer fail\n\n- c\\x00 1: `scope.x`. Commas it is." in document.replace(
        "\\\\", "\\"
    )


def test_hostile_runs_and_entries_add_no_element(hostile_run, read_markdown, entry, hostile_texts):
    ids = [result.id for result in hostile_run.results]
    entries = [entry(name, text) for name, text in zip(ids[6:], hostile_texts[6:], strict=True)]
    shown = read_markdown(findings_markdown(matrix([hostile_run], [entries])))
    allowed = {"h1", "h2", "h3", "p", "ul", "li", "code", "pre", "blockquote", "details", "summary", "a", "br"}
    assert set(shown.tags) <= allowed
    # An entry is trusted and may contain a URL.
    assert shown.links == ["#not-yet-checked-by-hand", "https://x"]


def test_a_finding_of_a_platform_names_it(platform_runs, entry):
    document = findings_markdown(matrix(platform_runs, [(), (entry("http.1xx"),), ()]))
    assert "- upstream: none found\n- platform: node 20. The HTTP stack decides this" in document
    assert "- platform: java 17. The HTTP stack decides this" in document
    assert document.count("- platform: ") == 3
