from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix


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


def test_a_result_without_evidence_is_not_the_platforms(make_result, make_run):
    (client,) = matrix([make_run(make_result(Verdict.UNTESTABLE, platform="node 20"))]).clients
    assert (client.tally().unproved, client.platform_tally().applicable) == (1, 0)


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
