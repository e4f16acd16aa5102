"""The control API used by curl alone, without Python; and the examples of docs/control-api.md."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from oauth_gauntlet_server.config.config_file import configuration_of
from oauth_gauntlet_server.jose.keys import new_signing_key

# Starts `oauth-gauntlet serve` several times.
pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs" / "control-api.md"


@pytest.fixture
def serve():
    """Return a function that starts ``oauth-gauntlet serve`` and returns what it prints at start."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "oauth_gauntlet", "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        processes.append(process)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        return "".join(lines)

    yield start
    for process in processes:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        process.stdout.close()


def base_url(printed):
    return re.search(r"control API +(\S+)/_control/openapi.json", printed)[1]


def curl(*arguments):
    command = ["curl", "-sS", "--max-time", "60", "-w", "\n%{http_code}", *arguments]
    body, _, status = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("\n")
    return int(status), json.loads(body) if body else None


def post(url, document):
    return curl(url, "-H", "Content-Type: application/json", "-d", json.dumps(document))


def test_the_control_api_works_by_curl_alone(serve):
    server = base_url(serve())
    control = f"{server}/_control/tenants"
    status, tenant = post(control, {"name": "shop", "access_token_lifetime_s": 60})
    assert (status, tenant["token_url"]) == (201, f"{server}/shop/token")
    assert post(f"{control}/shop/clients", {"client_id": "web", "client_secret": "s3cret"})[0] == 201
    unavailable = {"fault": "http_status", "status": 503, "headers": {"Retry-After": "1"}}
    assert post(f"{control}/shop/faults", [unavailable, {"fault": "oauth_error", "error": "invalid_grant"}])[0] == 201

    answers = [curl("-u", "web:s3cret", "-d", "grant_type=client_credentials", tenant["token_url"]) for _ in range(3)]
    assert [status for status, _ in answers] == [503, 400, 200]
    assert answers[1][1]["error"] == "invalid_grant"
    token = answers[2][1]["access_token"]

    status, journal = curl(f"{control}/shop/journal/wait_for?count=3&endpoint=token")
    assert [exchange["fault"] for exchange in journal["exchanges"]] == ["http_status", "oauth_error", None]
    assert ["Retry-After", "1"] in journal["exchanges"][0]["response"]["headers"]
    assert curl(f"{control}/shop/journal/count?fault=oauth_error") == (200, {"count": 1, "dropped": 0})
    assert [armed["fired"] for armed in curl(f"{control}/shop/faults")[1]["faults"]] == [1, 1]

    def active():
        return curl("-u", "web:s3cret", "-d", f"token={token}", tenant["introspection_url"])[1]["active"]

    assert active() is True
    assert post(f"{control}/shop/clock/advance", {"seconds": 61})[0] == 200
    assert active() is False
    assert curl("-X", "DELETE", f"{control}/shop") == (204, None)


def test_on_all_interfaces_the_token_is_printed_once_and_required(serve):
    printed = serve("--host", "0.0.0.0")
    server = base_url(printed)
    (token,) = re.findall(r"^  control token +(\S+)$", printed, re.MULTILINE)
    assert printed.count(token) == 1
    assert curl(f"{server}/_control/tenants")[0] == 401
    assert curl("-H", f"Authorization: Bearer {token}", f"{server}/_control/tenants")[0] == 200
    assert curl("-d", "grant_type=client_credentials&client_id=c", f"{server}/default/token")[0] == 200


def test_on_loopback_no_token_is_printed(serve):
    assert "control token" not in serve()


def test_the_examples_of_the_documentation_work(serve):
    server = base_url(serve())
    examples = re.findall(r"^```sh\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    output = ""
    for example in examples:
        script = example.replace("http://127.0.0.1:8080", server).replace("curl ", "curl --fail-with-body --max-time 60 ")
        done = subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        output += done.stdout
    for expected in ('"name": "shop"', '"roles": ["admin"]', '"nth": 2', '"exchanges": []', '"frozen": false'):
        assert expected in output


def test_the_configuration_file_of_the_documentation_is_valid(tmp_path):
    (tmp_path / "key.pem").write_text(json.dumps(new_signing_key("EdDSA").as_dict(private=True)))
    (example,) = re.findall(r"^```toml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    configuration = configuration_of(tomllib.loads(example), folder=tmp_path)
    assert [tenant.describe() for tenant in configuration.tenants] == [
        "tenant shop: strict, opaque access tokens, 1 client, 1 user, 1 key, 1 fault"
    ]


def test_the_documentation_lists_every_operation(control):
    text = DOCS.read_text(encoding="utf-8")
    for path in control("GET", "/openapi.json").json["paths"]:
        last = path.rpartition("/")[2]
        assert f"/{last}" in text or f"`{path.removeprefix('/_control/')}`" in text
