"""clients/setup.sh and clients/run.sh: names of clients, and independent installations."""

import subprocess

import pytest


@pytest.fixture
def script(clients):
    def run(name, *arguments, given=""):
        path = clients.path / f"{name}.sh"
        return subprocess.run(["bash", path, *arguments], input=given, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture
def three(clients):
    for name in ("one/oauth2", "two/oauth2", "two/other"):
        clients.add(name)
    (clients.path / "two" / "target").mkdir()  # neither a README.md nor a findings.toml
    shared = clients.path / "one" / "_shared"
    shared.mkdir()
    (shared / "README.md").touch()
    return clients


def test_clients_are_listed_by_language_and_name(three, script):
    assert script("setup", "--list").stdout.split() == ["one/oauth2", "two/oauth2", "two/other"]
    assert script("setup", "--list", "other", "one/oauth2").stdout.split() == ["two/other", "one/oauth2"]


def test_an_example_has_a_name_and_is_not_listed(three, script):
    (three.path / "two" / "other" / "README.md").rename(three.path / "two" / "other" / "example.md")
    assert script("setup", "--list").stdout.split() == ["one/oauth2", "two/oauth2"]
    assert script("setup", "other").stdout == "client two/other: ready\n"


def test_a_name_without_language_is_accepted_if_it_is_unique(three, script):
    done = script("setup", "other")
    assert (done.stdout, done.returncode) == ("client two/other: ready\n", 0)
    assert (three.path / "two" / "other" / "installed").exists()
    assert not (three.path / "two" / "oauth2" / "installed").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("oauth2", "several languages have a client of this name: one/oauth2 two/oauth2; give one of these"),
        ("../x", "there is no such client; clients/setup.sh --list prints all names"),
        ("two/target", "there is no such client"),
        ("one/_shared", "there is no such client"),
        ("o*", "there is no such client"),
    ],
)
def test_a_name_of_no_client_or_of_several_is_rejected(three, script, name, words):
    for each in ("setup", "run"):
        done = script(each, name)
        assert done.returncode == (1 if each == "setup" else 2)
        assert f"client {name}: {words}" in done.stderr


def test_a_failed_installation_does_not_stop_the_others(clients, script):
    for name in ("a/first", "a/second", "b/third"):
        clients.add(name, breaks=name == "a/second")
    done = script("setup", "a/first", "nowhere", "a/second", "b/third")
    assert done.stdout.splitlines() == [
        "client a/first: ready",
        "client a/second: could not be installed",
        "client b/third: ready",
    ]
    assert done.returncode == 1
    assert "compiler is missing: install it" in done.stderr


def test_run_starts_the_adapter(three, script):
    assert script("setup").returncode == 0
    done = script("run", "two/oauth2", given='{"id": 1, "op": "hello", "args": {"protocol": 1}}\n')
    assert '"id": 1' in done.stdout, done.stderr
