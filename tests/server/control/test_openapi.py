"""The OpenAPI document, and a test of the server by schemathesis against it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet_server import MockServer, Tenants
from oauth_gauntlet_server.control.openapi import openapi
from oauth_gauntlet_server.control.operations import OPERATIONS

HERE = Path(__file__).parent


def test_the_document_contains_every_operation_and_every_reference_resolves():
    document = openapi(server="http://127.0.0.1:1", with_token=False)
    described = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    assert described == {operation.id for operation in OPERATIONS}
    assert len(described) == len(OPERATIONS)

    def references(value):
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            yield from value.get("discriminator", {}).get("mapping", {}).values()
            for each in value.values():
                yield from references(each)
        elif isinstance(value, list):
            for each in value:
                yield from references(each)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) == known
    assert all(document["components"]["schemas"].values())


def test_the_document_requires_a_token_only_if_the_server_does():
    with_token = openapi(server="http://h", with_token=True)
    assert with_token["security"] == [{"control": []}]
    assert "401" in with_token["paths"]["/_control/tenants"]["get"]["responses"]
    without = openapi(server="http://h", with_token=False)
    assert "security" not in without
    assert "401" not in without["paths"]["/_control/tenants"]["get"]["responses"]


def test_the_server_sends_the_document(control, control_server):
    answer = control("GET", "/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == openapi(server=control_server.base_url, with_token=False)
    assert control("DELETE", "/openapi.json").headers["allow"] == "GET, HEAD"


@pytest.mark.slow
@pytest.mark.parametrize("token", [None, "a-control-token"])
def test_schemathesis_finds_no_failure(tmp_path, token):
    """No 5xx, every response as described, every invalid request rejected, every valid one accepted (schemathesis.toml).

    The seed and the number of examples are fixed.
    """
    examples, seconds = (4, 12) if token is None else (1, 4)
    with MockServer(tenants=Tenants(auto_create=True), control_token=token) as server:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
                *("run", f"{server.base_url}/_control/openapi.json", "--checks", "all", "--phases", "coverage,fuzzing"),
                *("--max-examples", str(examples), "--max-time", str(seconds), "--seed", "3"),
                *("--no-color", "--no-shrink", "--generation-database", "none", "--warnings", "off"),
                *(("--header", f"Authorization: Bearer {token}") if token else ()),
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(OPERATIONS)} selected / {len(OPERATIONS)} total" in done.stdout
