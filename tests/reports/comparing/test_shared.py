from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix


def test_shared_findings_are_sorted_by_failures_then_warnings(make_result, make_run):
    warned = {"verdict": Verdict.WARNING, "level": Level.SHOULD}
    two = [make_result(name="a.two"), make_result(name="a.all-warned", **warned)]
    made = matrix([make_run(*two, make_result(name="a.one")), make_run(*two), make_run(two[1])])
    assert [each.id for each in made.shared] == ["a.two", "a.one", "a.all-warned"]
    assert [(each.failing, len(each.clients)) for each in made.shared] == [(2, 2), (1, 1), (0, 3)]
    assert made.shared[0].example.statement == "Joined by spaces."


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
