"""The options of `serve` that decide its URLs and its certificate, over real processes."""

import http.client
import json
import re
import shlex
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.server.serving.processes import serving

METADATA = "/.well-known/oauth-authorization-server/default"
COMMAND = [sys.executable, "-m", "oauth_gauntlet_server", "--port", "0"]


@contextmanager
def started(*options):
    """Run ``serve`` and yield what it prints until it is ready."""
    with serving(*options) as served:
        served.started()
        yield "".join(served.lines)
        served.stop()


def token_url(printed):
    return urlsplit(re.search(r"^  token +(\S+)$", printed, re.MULTILINE)[1])


def metadata(printed, **headers):
    there = token_url(printed)
    connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=60)
    try:
        connection.request("GET", METADATA, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def first_curl(printed):
    command = next(line for line in printed.splitlines() if line.startswith("curl "))
    return json.loads(subprocess.run(shlex.split(command), capture_output=True, check=True, timeout=120).stdout)


def refused(*options):
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_server_on_all_addresses_has_the_name_that_each_client_uses():
    with started("--host", "0.0.0.0") as printed:
        assert metadata(printed, Host="auth:8080")["issuer"] == "http://auth:8080/default"
        assert metadata(printed, Host="localhost:9", X_Forwarded_Host="x")["issuer"] == "http://localhost:9/default"
        assert "0.0.0.0" not in printed
        assert first_curl(printed)["token_type"] == "Bearer"


def test_a_public_url_is_in_the_answers_and_the_commands_work_on_this_machine():
    with started("--public-url", "http://auth:8080/base/", "--browser-url", "http://localhost:18080") as printed:
        document = metadata(printed, Host="localhost:9")
        assert (document["issuer"], document["jwks_uri"]) == (
            "http://auth:8080/base/default",
            "http://auth:8080/base/default/jwks",
        )
        assert "  console        http://localhost:18080/_console\n" in printed
        assert re.search(r"^  public URL +http://auth:8080/base ", printed, re.MULTILINE)
        assert token_url(printed).hostname == "127.0.0.1"
        assert first_curl(printed)["token_type"] == "Bearer"


def test_a_trusted_proxy_names_the_server():
    with started("--trust-proxy") as printed:
        forwarded = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "auth.example", "X_Forwarded_Prefix": "/a"}
        assert metadata(printed, **forwarded)["issuer"] == "https://auth.example/a/default"
        assert re.search(r"^  control token +\S+$", printed, re.MULTILINE)


def test_further_names_are_in_the_certificate():
    with started("--tls", "--san", "auth", "--san", "192.0.2.7") as printed:
        there, authority = token_url(printed), re.search(r"^  authority +(\S+)", printed, re.MULTILINE)[1]
        for name in ("auth", "192.0.2.7", "localhost"):
            resolve = f"{name}:{there.port}:127.0.0.1"
            command = ["curl", "-sS", "--noproxy", "*", "--cacert", authority, "--resolve", resolve]
            url = f"https://{name}:{there.port}{METADATA}"
            done = subprocess.run([*command, url], capture_output=True, check=True, timeout=120)
            assert json.loads(done.stdout)["issuer"] == f"https://{name}:{there.port}/default"


@pytest.fixture
def own(request, tmp_path):
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"),
            *("-subj", f"/CN={request.param}", "-addext", f"subjectAltName=DNS:{request.param}"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return tmp_path


@pytest.mark.parametrize("own", ["localhost", "auth.local"], indirect=True)
def test_with_a_certificate_of_the_user_the_commands_use_a_name_in_it(own, request):
    with started("--cert", str(own / "cert.pem"), "--key", str(own / "key.pem")) as printed:
        name = request.node.callspec.params["own"]
        assert (token_url(printed).scheme, token_url(printed).hostname) == ("https", name)
        assert first_curl(printed)["token_type"] == "Bearer"
        assert "authority" not in printed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--public-url", "auth:8080"], "--public-url: 'auth:8080' is no base URL: expected http:// or https://"),
        (["--browser-url", "http://a b"], "--browser-url: 'http://a b' is no base URL"),
        (["--public-url", "http://a", "--trust-proxy"], "--public-url decides all URLs, so --trust-proxy has no effect"),
        (["--cert", "cert.pem"], "--cert and --key belong together"),
        (["--key", "key.pem"], "--cert and --key belong together"),
        (["--tls", "--cert", "a", "--key", "b"], "--tls makes a certificate, so --cert and --key have no effect"),
        (["--san", "auth"], "give --tls too"),
        (["--tls", "--san", "a b"], "--san: 'a b' is no name for a certificate"),
        (["--cert", "no-such.pem", "--key", "no-such.pem"], "no-such.pem: No such file or directory"),
        (["--host", "192.0.2.1"], "192.0.2.1 is no address of this machine; use 127.0.0.1"),
    ],
)
def test_options_that_do_not_work_are_refused_with_the_reason(options, message):
    assert message in refused(*options)
