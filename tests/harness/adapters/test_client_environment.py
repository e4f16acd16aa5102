import os
import time

import pytest

from oauth_gauntlet.adapters import client_environment as module
from oauth_gauntlet.adapters.client_environment import (
    FIXED,
    changed_environment,
    client_environment,
    described_environment,
    fixed_process,
)


def test_what_the_machine_could_decide_is_fixed_and_the_rest_stays():
    machine = {
        "PATH": "/bin",
        "JAVA_HOME": "/java",
        "GOPROXY": "https://modules.test",
        "GONOPROXY": "corp.test",
        "TZ": "Asia/Kolkata",
        "LANG": "C",
        "LC_ALL": "de_DE.UTF-8",
    }
    assert client_environment(machine) == {
        "PATH": "/bin",
        "JAVA_HOME": "/java",
        "GOPROXY": "https://modules.test",
        "GONOPROXY": "corp.test",
        **FIXED,
    }


@pytest.mark.parametrize(
    "name",
    [
        *("HTTP_PROXY", "https_proxy", "All_Proxy", "NO_PROXY", "CGI_HTTP_PROXY", "GLOBAL_AGENT_HTTP_PROXY"),
        *("npm_config_proxy", "npm_config_https_proxy", "npm_config_noproxy", "LC_TIME", "LANGUAGE"),
        *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_TLS_REJECT_UNAUTHORIZED"),
    ],
)
def test_a_variable_that_could_decide_a_verdict_is_removed(name):
    assert client_environment({name: "x"}) == dict(FIXED)


def test_of_the_options_of_java_only_proxies_and_time_zone_are_removed():
    given = "-Xmx1g -Dhttp.proxyHost=p -Dhttps.proxyPort=1 -Duser.timezone=Asia/Kolkata -Dmine=x -DsocksProxyHost=s"
    found = client_environment({"JAVA_TOOL_OPTIONS": given, "OPTIONS": given})
    assert found["JAVA_TOOL_OPTIONS"] == "-Xmx1g -Dmine=x"
    assert found["OPTIONS"] == given


def test_the_environment_of_an_environment_is_the_same():
    once = client_environment(os.environ)
    assert client_environment(once) == once


def test_this_process_is_fixed_and_restored(monkeypatch):
    monkeypatch.setenv("TZ", "IST-5:30")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    time.tzset()
    before = dict(os.environ)
    umask = os.umask(0o077)
    try:
        with fixed_process():
            assert dict(os.environ) == client_environment(before)
            assert time.localtime().tm_gmtoff == 0
            inside = os.umask(module.UMASK)
            assert f"{inside:03o}" == described_environment()["umask"]
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(umask)
    assert dict(os.environ) == before
    assert time.localtime().tm_gmtoff == 19_800
    monkeypatch.undo()
    time.tzset()


def test_changes_are_restored_also_after_an_error(monkeypatch):
    monkeypatch.delenv("GAUNTLET_NEW", raising=False)
    monkeypatch.setenv("GAUNTLET_OLD", "old")

    def fail():
        with changed_environment({"GAUNTLET_NEW": "new", "GAUNTLET_OLD": None}):
            assert (os.environ.get("GAUNTLET_NEW"), os.environ.get("GAUNTLET_OLD")) == ("new", None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (os.environ.get("GAUNTLET_NEW"), os.environ.get("GAUNTLET_OLD")) == (None, "old")
