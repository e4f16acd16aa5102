"""Dockerfile, compose.yaml and docs/containers.md, as far as they can be tested without a container engine."""

import fnmatch
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
import yaml

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.commands.serve import serve

ROOT = Path(__file__).parents[1]
LINES = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
PAGE = (ROOT / "docs/containers.md").read_text(encoding="utf-8")
OPTIONS = {option.lstrip("-").replace("-", "_").upper() for each in serve.params for option in each.opts}


def instruction(name):
    (line,) = (line for line in LINES if line.startswith(f"{name} "))
    return line.removeprefix(f"{name} ")


def admitted(name):
    """Return whether a file is part of the build context: the last pattern of .dockerignore that matches decides."""
    folders = [str(each) for each in Path(name).parents if str(each) != "."]
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if line and not line.startswith("#") and any(fnmatch.fnmatch(each, pattern) for each in (name, *folders)):
            ignored = not line.startswith("!")
    return not ignored


@pytest.mark.slow
def test_the_build_context_is_enough_for_the_wheel(tmp_path, wheel):
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = [name for name in listed if admitted(name)]
    assert not [name for name in files if name.startswith(("tests/", "clients/", ".github/"))]
    for name in files:
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(tmp_path / "src"),
    ]
    subprocess.run(command, check=True, timeout=300)
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as ours, zipfile.ZipFile(wheel) as whole:
        assert set(ours.namelist()) == set(whole.namelist())


def test_the_container_starts_serve_on_all_its_addresses_and_not_as_root():
    program, command, *options = json.loads(instruction("ENTRYPOINT"))
    assert (program, command) == ("oauth-gauntlet", "serve")
    assert options == ["--host", "0.0.0.0"]
    assert instruction("USER").split(":")[0] not in {"0", "root"}
    assert LINES.index(f"USER {instruction('USER')}") > max(n for n, line in enumerate(LINES) if line.startswith("RUN "))


def test_the_health_check_succeeds_while_a_server_runs_and_fails_without_one():
    program, *arguments = json.loads(instruction("HEALTHCHECK").partition(" CMD ")[2])
    assert program == "python"
    with MockServer(host="0.0.0.0") as server:
        here = [each.replace("http://127.0.0.1:8080", server.base_url) for each in arguments]
        assert here != arguments
        assert subprocess.run([sys.executable, *here], check=False).returncode == 0
    assert subprocess.run([sys.executable, *here], stderr=subprocess.DEVNULL, check=False).returncode != 0


def environments(value):
    """Yield each variable of `environment` or `env` in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key in {"environment", "env"} else environments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from environments(inner)


YAML = {"compose.yaml": (ROOT / "compose.yaml").read_text()}
YAML |= {f"block {n}": block for n, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))}


@pytest.mark.parametrize("name", YAML)
def test_each_variable_for_the_server_is_an_option_of_serve(name):
    document = yaml.safe_load(YAML[name])
    variables = [each.removeprefix("OAUTH_GAUNTLET_") for each in environments(document) if each.startswith("OAUTH_GAUNTLET_")]
    assert variables
    assert set(variables) <= OPTIONS


def test_each_variable_that_the_page_names_is_an_option_of_serve():
    assert set(re.findall(r"OAUTH_GAUNTLET_([A-Z_]+)", PAGE)) <= OPTIONS


def metadata_at(url, server):
    """Return the document at a URL, as soon as the server answers."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.1)


@pytest.mark.slow
def test_the_server_of_compose_starts_with_its_variables():
    variables = yaml.safe_load(YAML["compose.yaml"])["services"]["oauth"]["environment"]
    command = [sys.executable, "-m", "oauth_gauntlet_server", *json.loads(instruction("ENTRYPOINT"))[2:], "--port", "0"]
    environment = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    with socket.create_server(("127.0.0.1", 0)) as free:
        command[-1] = str(free.getsockname()[1])
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        metadata = metadata_at(f"http://127.0.0.1:{command[-1]}/default/.well-known/oauth-authorization-server", server)
        server.terminate()
        server.stdout.read()
    assert metadata["token_endpoint"] == f"{variables['OAUTH_GAUNTLET_PUBLIC_URL']}/default/token"
    assert server.returncode == 0


def test_the_page_and_the_dockerfile_agree_on_the_port():
    assert instruction("EXPOSE") == "8080"
    assert set(re.findall(r"\b(\d{4})(?:/tcp)?\b", PAGE)) == {"8080"}
    shown = re.findall(r"^docker run (.*)$", PAGE, re.MULTILINE)
    assert all("127.0.0.1:8080:8080" in shlex.split(line) for line in shown)
