from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.comparing.matrix_markdown import MOST_SHARED, matrix_markdown


def test_the_document(mixed_run, make_result, make_run):
    other = make_run(make_result(name="auth.a"), make_result(Verdict.ERROR), client={"name": "other", "language": "Go"})
    document = matrix_markdown(matrix([mixed_run, other]))
    assert document.startswith("# 2 clients side by side\n")
    assert "oauth-gauntlet 0 from runs of 2026-01-02." in document
    assert "| some-client | 1.2 |  | 1 of 2 | 1 | 1 | 1 |  |  | 2026-01-02 |" in document
    assert "| other |  | go | 0 of 2 | 1 |  |  |  | 1 | 2026-01-02 |" in document
    assert "| client | `auth` | `jwt` | `parse` | `scope` | `secrecy` |" in document
    assert "| some-client 1.2 | **1** / 0 / 0 / 0 |  | 0 / 0 / 1 / 0 | 0 / 0 / 0 / 1 | 0 / **1** / 0 / 0 |" in document
    assert "| other | **1** / 0 / 0 / 0 |  |  | 0 / 0 / 0 / 0 ?1 |  |" in document
    assert "| 2 |  |  | Broken twice. `auth.a` |" in document
    assert "“Secrets MUST NOT be in the URI.” ([RFC 6749 2.3.1](https://" in document
    assert "(must) | ❌ some-client, ❌ other |" in document


def test_findings_of_platforms_are_counted_apart(platform_runs):
    document = matrix_markdown(matrix(platform_runs))
    assert "◇ counts findings of a client's [platform](#platforms)" in document
    assert "| one ◇ |  | javascript | 0 of 1 |  |  |  | 1 violation, 1 warning |  | 2026-01-02 |" in document
    assert "| two |  | javascript | 0 of 2 | 1 |  |  | 1 violation |  | 2026-01-02 |" in document
    assert "| one | ◇2 |  |" in document
    assert "| two | ◇1 | **1** / 0 / 0 / 0 |" in document
    frequent, platforms = document.split("## Most frequent findings")[1].split("## Platforms")
    assert "| three | 0 / 0 / 0 / 1 ◇1 |  |" in document
    assert "| 2 |  |  | Skips them. `http.1xx` ◇ |" in frequent
    assert [line for line in platforms.splitlines() if line.startswith(("| node", "| java"))] == [
        "| node 20 | Skips them. `http.1xx` | must | 2 | ❌ one, ❌ two |",
        "| java 17 | Skips them. `http.1xx` | must | 1 | ❌ three |",
        "| node 20 | Stays with TLS. `http.downgrade` | interop | 1 | ⚠️ one |",
    ]


def test_without_findings_of_platforms_there_is_no_such_section(mixed_run):
    assert "latform](#platforms)" not in matrix_markdown(matrix([mixed_run]))
    assert "## Platforms" not in matrix_markdown(matrix([mixed_run]))


def test_another_client_of_the_same_project_is_marked(make_run):
    runs = [make_run(client={"name": name, "url": "https://e.org"}) for name in ("one", "two")]
    document = matrix_markdown(matrix(runs))
    assert "| one |" in document
    assert "| ↳ two |" in document


def test_an_incomplete_run_is_marked(make_run):
    assert "| 2026-01-02 (incomplete) |" in matrix_markdown(matrix([make_run(complete=False)]))


def test_the_number_of_requirements_is_limited(make_result, make_run):
    results = [make_result(name=f"a.n{number}") for number in range(MOST_SHARED + 3)]
    assert "\n... and 3 more requirements.\n" in matrix_markdown(matrix([make_run(*results)]))


def test_clients_without_findings(make_result, make_run):
    assert "None: each client passed" in matrix_markdown(matrix([make_run(make_result(Verdict.PASS))] * 3))


def test_hostile_runs_add_no_element(hostile_run, read_markdown):
    shown = read_markdown(matrix_markdown(matrix([hostile_run] * 3)))
    assert set(shown.tags) <= {"h1", "h2", "p", "a", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "br"}
    assert shown.links == ["#platforms"]
    assert "<script>alert(1)</script>" in shown.text
