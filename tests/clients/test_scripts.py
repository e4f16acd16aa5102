"""clients/setup.sh and clients/run.sh: which client a name means, and one that does not install stops no other."""

import subprocess

import pytest


@pytest.fixture
def script(clients):
    def run(name, *arguments, given=""):
        path = clients.path / f"{name}.sh"
        return subprocess.run(["bash", path, *arguments], input=given, capture_output=True, text=True, timeout=30, check=False)

    return run


@pytest.fixture
def three(clients):
    for name in ("one/oauth2", "two/oauth2", "two/other"):
        clients.add(name)
    (clients.path / "two" / "target").mkdir()  # a folder that is no client
    return clients


def test_clients_are_listed_by_language_and_name(three, script):
    assert script("setup", "--list").stdout.split() == ["one/oauth2", "two/oauth2", "two/other"]
    assert script("setup", "--list", "other", "one/oauth2").stdout.split() == ["two/other", "one/oauth2"]


def test_a_name_alone_will_do_where_it_is_unique(three, script):
    done = script("setup", "other")
    assert (done.stdout, done.returncode) == ("client two/other: ready\n", 0)
    assert (three.path / "two" / "other" / "installed").exists()
    assert not (three.path / "two" / "oauth2" / "installed").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("oauth2", "several languages have one: one/oauth2 two/oauth2; name one of these"),
        ("../x", "there is no such client; clients/setup.sh --list names them"),
        ("two/target", "there is no such client"),
        ("o*", "there is no such client"),
    ],
)
def test_a_name_that_means_none_or_several_is_refused(three, script, name, words):
    for each in ("setup", "run"):
        done = script(each, name)
        assert done.returncode == (1 if each == "setup" else 2)
        assert f"client {name}: {words}" in done.stderr


def test_one_that_does_not_install_stops_no_other(clients, script):
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


def test_run_becomes_the_adapter(three, script):
    assert script("setup").returncode == 0
    done = script("run", "two/oauth2", given='{"id": 1, "op": "hello", "args": {"protocol": 1}}\n')
    assert '"id": 1' in done.stdout, done.stderr
