"""Two concurrent runs in one folder each keep their own results, and no file has two writers."""

from tests.selftest.trouble.disturbed_run import REFERENCE, call, client


def test_each_run_has_its_results_and_a_third_cannot_write_the_same_file(start, tmp_path):
    some = "(auth.basic or auth.post or error or parse) and client_credentials"
    first = start(REFERENCE, "-k", some, name="first")
    second = start(client("works"), "-k", "request and client_credentials", name="second")
    first.after(1)
    intruder = call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", first.results, cwd=tmp_path)
    assert intruder.returncode == 2
    assert "another run is writing it; give each run its own file" in intruder.stderr
    for run in (first, second):
        code, out, err, lines = run.ended()
        assert code == 0, out + err
        assert lines[-1] == {"type": "footer", "duration_s": lines[-1]["duration_s"], "complete": True}
        assert len(lines) == lines[1]["total"] + 3
        run.leaves_nothing()
    again = call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", first.results, cwd=tmp_path)
    assert again.returncode == 0, "the file is free when the run that wrote it has ended"
