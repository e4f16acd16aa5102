"""The Markdown report, parsed with GitHub's own parser, cmark-gfm."""

from oauth_gauntlet_reports.formats.markdown import MOST_CAUSES, markdown_report


def test_a_hostile_run_adds_no_element(hostile_run, read_markdown):
    shown = read_markdown(markdown_report(hostile_run))
    assert not {"script", "img", "iframe", "svg", "style"} & set(shown.tags)
    assert all(link.startswith("https://www.rfc-editor.org/") for link in shown.links)
    assert shown.tags.count("details") == 7


def test_the_document_lists_what_to_fix_first_with_evidence(mixed_run, read_markdown):
    document = markdown_report(mixed_run)
    assert document.startswith(
        "## ❌ some-client 1.2 meets 1 of 2 applicable RFC requirements; 1 hazard; 1 warning (set all, seed 1)\n"
        "\n### 🚫 profile their-page: meets 0 of 1\n"
    )
    assert document.index("Broken twice.") < document.index("Promised.") < document.index("Warned about.")
    assert "> Secrets MUST NOT be in the URI.\n>\n> — [RFC 6749 2.3.1](https://" in document
    shown = read_markdown(document)
    assert "https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1" in shown.links
    for words in ("> scope=a%2Cb", "oauth-gauntlet run -k 'auth.a.one[client_credentials]'", "1 of 3", "8 scenarios against"):
        assert words in shown.text


def test_the_document_is_smaller_than_the_limit_of_github(make_result, make_run):
    results = [make_result(name=f"scope.x{number}", seen="y" * 10_000) for number in range(MOST_CAUSES + 5)]
    document = markdown_report(make_run(*results))
    assert "... and 5 more causes." in document
    assert len(document.encode()) < 1 << 20


def test_an_empty_run(make_run):
    assert "No scenario was tested" in markdown_report(make_run())


def test_a_finding_contains_its_remedy(make_result, make_run, read_markdown):
    shown = read_markdown(markdown_report(make_run(make_result(name="auth.basic-form-urlencoded"))))
    assert "How to get it right: Form-urlencode id and secret" in shown.text
    assert "(golang.org/x/oauth2 0.38.0, internal/token.go, newTokenRequest)" in shown.text
    assert not [link for link in shown.links if "golang" in link]
    assert "How to get it right" not in markdown_report(make_run(make_result(name="auth.of-another-version")))


def test_a_hostile_remedy_adds_no_element(make_result, make_run, hostile_remedy, read_markdown):
    shown = read_markdown(markdown_report(make_run(make_result())))
    assert not {"script", "img", "iframe", "svg", "style", "b"} & set(shown.tags)
    assert all(link.startswith("https://www.rfc-editor.org/") for link in shown.links)
    assert "<script>alert(1)</script>" in shown.text
