from oauth_gauntlet.model import Level, Tally, Verdict
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


def test_shared_findings_are_sorted_by_failures_then_warnings(make_result, make_run):
    warned = {"verdict": Verdict.WARNING, "level": Level.SHOULD}
    two = [make_result(name="a.two"), make_result(name="a.all-warned", **warned)]
    made = matrix([make_run(*two, make_result(name="a.one")), make_run(*two), make_run(two[1])])
    assert [each.id for each in made.shared] == ["a.two", "a.one", "a.all-warned"]
    assert [(each.failing, len(each.clients)) for each in made.shared] == [(2, 2), (1, 1), (0, 3)]
    assert made.shared[0].example.statement == "Joined by spaces."


def test_what_a_platform_decides_is_no_finding_of_the_client_alone(platform_runs):
    three, one, two = matrix(platform_runs).clients
    assert [client.only_platform for client in (one, two, three)] == [True, False, True]
    assert one.tally().counts == {}
    assert one.platform_tally().counts == {Verdict.VIOLATION: 1, Verdict.WARNING: 1}
    assert two.tally().counts == {Verdict.VIOLATION: 1}
    assert two.platform_tally("scope").counts == {}
    # What passes is the client's, whoever decides it.
    assert (three.tally("http").counts, three.platform_tally("http").counts) == ({Verdict.PASS: 1}, {Verdict.VIOLATION: 1})
    assert three.standing.rfc.met == 0


def test_a_client_without_failures_fails_by_no_platform(make_result, make_run):
    (client,) = matrix([make_run(make_result(Verdict.WARNING, level=Level.SHOULD, platform="node 20"))]).clients
    assert not client.only_platform


def test_a_shared_finding_of_platforms_counts_each_platform_once(platform_runs):
    made = matrix(platform_runs)
    assert [(each.id, each.by_platform, each.failing, each.warned, each.total, len(each.clients)) for each in made.shared] == [
        *(("http.1xx", True, 2, 0, 2, 3), ("scope.own", False, 1, 0, 1, 1), ("http.downgrade", True, 0, 1, 1, 1)),
    ]
    assert [(row.platform, row.id, [client.name for client, _ in row.clients]) for row in made.platforms] == [
        ("node 20", "http.1xx", ["one", "two"]),
        ("java 17", "http.1xx", ["three"]),
        ("node 20", "http.downgrade", ["one"]),
    ]


def test_a_platform_that_fails_with_one_client_and_warns_with_another_counts_as_failing(make_result, make_run):
    verdicts = (Verdict.VIOLATION, Verdict.WARNING)
    (shared,) = matrix([make_run(make_result(verdict, platform="node 20")) for verdict in verdicts]).shared
    assert (shared.failing, shared.warned, shared.total) == (1, 0, 1)


def test_a_result_without_evidence_is_not_the_platforms(make_result, make_run):
    (client,) = matrix([make_run(make_result(Verdict.UNTESTABLE, platform="node 20"))]).clients
    assert (client.tally().unproved, client.platform_tally().applicable) == (1, 0)


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
    named = [{"name": name, "url": f"https://e.org/{name}", "project": "p"} for name in "ab"]
    assert [client.follows for client in matrix([make_run(client=each) for each in named]).clients] == [False, True]


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


def test_an_entry_is_stale_if_the_run_has_no_such_finding(make_result, make_run, entry):
    kept, fixed, unknown = entry("scope.x"), entry("a.fixed"), entry("a.unknown")
    results = (make_result(), make_result(Verdict.PASS, name="a.fixed"))

    def stale(**more):
        (client,) = matrix([make_run(*results, **more)], [(kept, fixed, unknown)]).clients
        return [each.requirement for each in client.stale]

    assert stale() == ["a.fixed", "a.unknown"]
    # A requirement that was not judged may still fail.
    assert stale(complete=False) == ["a.fixed"]
    assert stale(options={"selection": {"keyword": "scope"}}) == ["a.fixed"]
    assert stale(options={"selection": None, "set": {"name": "rfc6749"}}) == ["a.fixed"]


def test_a_warning_keeps_an_entry_valid(make_result, make_run, entry):
    (client,) = matrix([make_run(make_result(Verdict.WARNING))], [[entry("scope.x")]]).clients
    assert (client.stale, client.failures) == ((), ())
