from oauth_gauntlet.model import Tally, Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix


def test_requirements_are_counted_by_their_most_severe_verdict(make_result, make_run, mixed_run):
    other = make_run(make_result(Verdict.PASS), make_result(Verdict.ERROR, name="b.x"), client={"name": "other"})
    made = matrix([mixed_run, other])
    assert [client.title for client in made.clients] == ["other", "some-client 1.2"]
    assert [category for category, _ in made.categories] == ["auth", "b", "jwt", "parse", "scope", "secrecy"]
    assert [title for _, title in made.categories][:2] == ["Client authentication", "b"]
    some = made.clients[1]
    assert some.tally("auth") == Tally(counts={Verdict.VIOLATION: 1})
    # The deviation from a profile is left out.
    assert some.tally("scope") == Tally(counts={Verdict.PASS: 1})
    assert (some.tally("jwt").applicable, some.tally("b").applicable) == (0, 0)
    one_each = (Verdict.VIOLATION, Verdict.HAZARD, Verdict.WARNING, Verdict.PASS, Verdict.NOT_APPLICABLE)
    assert some.tally() == Tally(counts=dict.fromkeys(one_each, 1))
    assert made.clients[0].tally("b").unproved == 1
    assert (some.standing.rfc.met, some.standing.rfc.applicable) == (1, 2)


def test_clients_are_sorted_by_language_and_have_unique_names_and_keys(make_run):
    declared = [("oauth2", "1", "Rust"), ("oauth2", "1", "ruby"), ("a", "", ""), ("oauth2", "1", "rust"), ("é /<b>", "", "go")]
    made = matrix([make_run(client={"name": n, "version": v, "language": lang}) for n, v, lang in declared])
    assert made.languages == (("", 1), ("go", 1), ("ruby", 1), ("rust", 2))
    assert [client.label for client in made.clients] == [
        *("a", "é /<b> (go)", "oauth2 1 (ruby)", "oauth2 (1) 1 (rust)", "oauth2 (2) 1 (rust)")
    ]
    assert [client.key for client in made.clients] == ["a", "go-b", "ruby-oauth2", "rust-oauth2", "rust-oauth2-2"]


def test_clients_of_one_project_follow_each_other(make_run):
    declared = [("b", "https://e.org/b"), ("a", "https://E.org/Mono/"), ("c", "https://e.org/mono"), ("d", None), ("e", None)]
    made = matrix([make_run(client={"name": name, "url": url}) for name, url in declared])
    assert [(client.name, client.follows) for client in made.clients] == [
        *(("a", False), ("c", True), ("b", False), ("d", False), ("e", False))
    ]


def test_numbered_keys_are_unique(make_run):
    made = matrix([make_run(client={"name": name}) for name in ("a-2", "a", "a", "", "client")])
    assert len({client.key for client in made.clients}) == 5


def test_versions_and_days_of_the_runs(make_run):
    made = matrix(
        [make_run(tool_version=version, started_at=day) for version, day in (("2", "2026-01-03T"), ("1", "2026-01-02T"))]
    )
    assert (made.tools, made.days) == ("1, 2", "2026-01-02 to 2026-01-03")
    assert matrix([make_run()]).days == "2026-01-02"
    assert matrix([]).days == ""
