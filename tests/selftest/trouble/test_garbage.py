"""If the adapter sends garbage, another kind each time, all verdicts are `error`."""

from tests.selftest.trouble.disturbed_run import client


def test_garbage_gives_no_verdict_about_the_client(start, tmp_path):
    run = start(
        client("garbage", tmp_path / "count"), "-k", "(parse.expires or parse.token-type or parse.unknown) and client_cred"
    )
    code, _, err, lines = run.ended()
    results = [line for line in lines if line["type"] == "result" and line["verdict"] != "not_applicable"]
    assert code == 3, err
    assert len(results) >= 12
    assert {line["verdict"] for line in results} == {"error"}
    assert all("the adapter" in line["message"] for line in results)
    assert len({line["message"].partition(":")[2][:60] for line in results}) >= 8
    run.leaves_nothing()
