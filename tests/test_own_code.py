"""Scenarios and faults of the user's own: the examples of the documentation run, and an error in one names its place."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REFERENCE = "py:oauth_gauntlet.reference:make_client"
pytestmark = pytest.mark.slow  # starts processes


def examples(page):
    """Return the Python blocks of a page that begin with the name of their file."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found
    return dict(found)


@pytest.fixture
def folder(tmp_path):
    for name, code in (examples("own-faults.md") | examples("own-scenarios.md")).items():
        (tmp_path / name).write_text(code)
    return tmp_path


def gauntlet(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=6000,
        check=False,
    )


def judged(folder, *arguments):
    done = gauntlet(folder, "run", "--client", REFERENCE, "--results", "r.jsonl", *arguments)
    assert (folder / "r.jsonl").exists(), done.stderr
    lines = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    return done, {line["scenario"]: line for line in lines if line["type"] == "result"}


def test_the_scenarios_are_judged_and_the_command_judges_one_again(folder):
    done, results = judged(folder, "--scenarios", "test_acme.py", "-k", "acme")
    assert done.returncode == 1, done.stderr
    verdicts = {name: result["verdict"] for name, result in results.items()}
    assert verdicts.pop("acme.envelope[client_credentials]") == "pass"
    assert len(verdicts) == 4
    assert set(verdicts.values()) == {"deviation"}
    again = results["acme.request-id[password]"]["reproduce"]
    assert "--scenarios test_acme.py" in again
    done = subprocess.run(
        f"exec {sys.executable} -m {again.replace('-', '_', 1)} -q", shell=True, cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "profile acme: meets 0 of 1" in done.stdout


def test_their_profile_can_be_named_and_another_one_is_unknown(folder):
    _, results = judged(folder, "--scenarios", "test_acme.py", "-k", "acme.request-id", "--level", "must", "--profile", "acme")
    assert {result["profile"] for result in results.values()} == {"acme"}
    done = gauntlet(folder, "run", "--client", REFERENCE, "--scenarios", "test_acme.py", "--profile", "acne")
    assert "unknown profile 'acne', did you mean acme? there are acme, scim-connector" in done.stderr
    assert done.returncode == 2


def test_list_and_explain_know_them(folder):
    assert "acme.request-id" in gauntlet(folder, "list", "--scenarios", ".").stdout
    explained = gauntlet(folder, "explain", "acme.request-id", "--scenarios", "test_acme.py").stdout
    assert "Every token request has the header X-Request-ID." in explained
    assert "--scenarios test_acme.py" in explained


@contextmanager
def served(folder, configuration):
    """Serve the configuration in the folder, and return the base URL of the server."""
    (folder / "server.toml").write_text(configuration)
    command = [sys.executable, "-u", "-m", "oauth_gauntlet", "serve", "--config", "server.toml"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(600, process.kill)
        watchdog.start()
        try:
            yield next(line.split()[1] for line in process.stdout if line.startswith("  console ")).removesuffix("/_console")
        finally:
            watchdog.cancel()
            process.terminate()


def control(url, document=None):
    """Return the answer of the control API to a document, which is sent with POST."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    return json.loads(urllib.request.urlopen(request).read())


def test_faults_and_presets_are_served_listed_and_armed_by_the_control_api(folder):
    assert (
        "/default/faults/acme-envelope/token"
        in gauntlet(folder, "faults", "acme-envelope", "--faults", "acme_faults.py").stdout
    )
    configuration = (
        '[server]\nport = 0\nfaults = ["acme_faults.py"]\n[[tenant]]\nname = "default"\nstrict = false\n'
        '[[tenant.fault]]\nfault = "acme_envelope"\nmember = "outer"\nwhen.times = 1\n'
    )
    with served(folder, configuration) as base:
        assert sorted(answer(f"{base}/default/token")) == ["outer"]
        assert "token_type" in answer(f"{base}/default/token")
        control(f"{base}/_control/tenants/default/faults", {"fault": "acme_envelope", "member": "later"})
        assert sorted(answer(f"{base}/default/token")) == ["later"]
        listed = json.dumps(control(f"{base}/_control/faults"))
        assert "acme-envelope" in listed
        assert "acme_envelope" in listed


def test_a_connection_fault_of_ones_own_has_a_port(folder):
    configuration = (
        '[server]\nport = 0\nfaults = ["acme_balancer.py"]\n[[tenant]]\nname = "default"\nstrict = false\n'
        '[[port]]\nfault = { fault = "acme_starting" }\n'
    )
    with served(folder, configuration) as base:
        port = control(f"{base}/_control/ports", {"fault": {"fault": "acme_starting", "line": "later", "times": 1}})
        assert received(port) == b"later\r\n"
        assert answer(f"{port['url']}/default/token")["token_type"] == "Bearer"
        (configured,) = [each for each in control(f"{base}/_control/ports")["ports"] if each["port"] != port["port"]]
        assert received(configured) == b"balancer: starting\r\n"


def received(port):
    with socket.create_connection(("127.0.0.1", port["port"])) as client:
        return client.makefile("rb").read()


def answer(url):
    request = urllib.request.Request(url, b"grant_type=client_credentials", {"Authorization": "Basic YTpi"})
    return json.loads(urllib.request.urlopen(request).read())


@pytest.mark.parametrize(
    ("file", "code", "command", "words"),
    [
        (
            "test_bad.py",
            "\nimport nope\n",
            ["list", "--scenarios"],
            "test_bad.py, line 2: ModuleNotFoundError: No module named 'nope'",
        ),
        ("test_bad.py", "\nx = = 1\n", ["list", "--scenarios"], "test_bad.py, line 2: SyntaxError: "),
        ("test_bad.py", "\n", ["run", "--client", REFERENCE, "--scenarios"], "test_bad.py: there is no scenario"),
        (
            "test_acme.py",
            ("acme.envelope", "sanity.first"),
            ["list", "--scenarios"],
            "the id 'sanity.first' exists already (test_sanity.py, line ",
        ),
        (
            "test_acme.py",
            ("acme.envelope", "sanity.first"),
            ["run", "--client", REFERENCE, "--scenarios"],
            "test_acme.py, line 23: the id 'sanity.first' exists already (test_sanity.py, line ",
        ),
        (
            "test_acme.py",
            ("(client, tenant)", "(client, database)"),
            ["list", "--scenarios"],
            "takes 'database'; a scenario can take",
        ),
        ("bad.py", "\nimport nope\n", ["serve", "--faults"], "bad.py, line 2: ModuleNotFoundError: No module named 'nope'"),
        ("acme_faults.py", ("acme_envelope", "oauth_error"), ["serve", "--faults"], "a fault 'oauth_error' exists already"),
        (
            "acme_faults.py",
            ("acme-envelope", "invalid-grant"),
            ["faults", "--faults"],
            "a preset 'invalid-grant' exists already",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(folder, file, code, command, words):
    path = folder / file
    path.write_text(code if isinstance(code, str) else path.read_text().replace(*code))
    done = gauntlet(folder, *command, file)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scenario_that_breaks_names_the_line(folder):
    path = folder / "test_acme.py"
    path.write_text(path.read_text().replace('request.header("X', 'request.headers.get("X'))
    done, results = judged(folder, "--scenarios", "test_acme.py", "-k", "request-id and password")
    assert done.returncode == 3
    line = path.read_text().splitlines().index(next(x for x in path.read_text().splitlines() if "headers.get" in x)) + 1
    message = results["acme.request-id[password]"]["message"]
    assert message.startswith(f"the scenario itself broke (test_acme.py, line {line}): AttributeError")


def test_two_scenarios_with_one_id_in_a_pytest_session_are_an_error_that_names_both(folder):
    shutil.copy(folder / "test_acme.py", folder / "test_copy.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "--oauth-client", REFERENCE, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=6000, check=False)
    assert done.returncode == 4
    assert re.search(r"two scenarios have the id 'acme\.\S+': test_copy\.py, line \d+ and test_acme\.py, line", done.stderr)


def test_an_installed_package_offers_scenarios_and_faults(folder):
    installed = folder / "acme-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(
        "[oauth_gauntlet.scenarios]\nacme = test_acme\n[oauth_gauntlet.faults]\nacme = acme_faults\n"
    )
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(folder)}

    def call(*arguments):
        command = [sys.executable, "-m", "oauth_gauntlet", *arguments]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=6000, check=False
        )

    assert "acme_envelope" in call("faults", "acme-envelope").stdout
    done = call("run", "--client", REFERENCE, "-k", "acme.request-id[password]", "--results", "r.jsonl")
    assert done.returncode == 1, done.stderr
    result = json.loads((elsewhere / "r.jsonl").read_text().splitlines()[2])
    assert result["verdict"] == "deviation"
    assert "--scenarios" not in result["reproduce"]


def test_a_package_that_is_installed_and_named_by_its_path_is_loaded_once(folder):
    package = folder / "acme_scenarios"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.move(folder / "test_acme.py", package)
    installed = folder / "acme-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[oauth_gauntlet.scenarios]\nacme = acme_scenarios\n")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", REFERENCE, "-k", "acme.request-id[password]"]
    for number, path in enumerate(("acme_scenarios", "acme_scenarios/test_acme.py")):
        more = ["--scenarios", path, "--results", f"{number}.jsonl"]
        done = subprocess.run([*command, *more], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        lines = [json.loads(line) for line in (folder / f"{number}.jsonl").read_text().splitlines()]
        assert [line["verdict"] for line in lines if line["type"] == "result"] == ["deviation"]
