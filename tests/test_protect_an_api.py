"""The page "Protect an API": its APIs run with the real libraries, and accept and refuse tokens of a real server."""

import re
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from oauth_gauntlet_server.config.config_file import configuration_of
from oauth_gauntlet_server.serve import default_tenant, development_server

PAGE = (Path(__file__).parents[1] / "docs" / "protect-an-api.md").read_text(encoding="utf-8")
FORM = {"grant_type": "client_credentials", "client_id": "web", "client_secret": "secret"}
GOOD = {**FORM, "scope": "orders.read", "audience": "https://api.example"}
REFUSED = sorted(re.findall(r"/default/faults/(jwt-[a-z-]+)/token", PAGE))


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@contextmanager
def flask(folder, code):
    """Run a block with Flask's server, and yield the URL of its endpoint."""
    (folder / "api.py").write_text(code)
    command = [sys.executable, "-u", "-m", "flask", "--app", "api", "run", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            found = next(match for line in process.stderr if (match := re.search(r"Running on (http://[0-9.:]+)", line)))
            yield f"{found[1]}/orders"
        finally:
            process.terminate()


@pytest.mark.slow
@pytest.mark.parametrize(("number", "typ"), [(0, "JWT"), (1, "at+jwt")], ids=["pyjwt", "authlib"])
def test_the_api_accepts_good_tokens_and_refuses_the_others(tmp_path, number, typ):
    server = development_server(host="127.0.0.1", port=0)
    with server:
        tenant = default_tenant(server)
        tenant.configure(access_token_typ=typ)
        code = blocks("python")[number].replace("http://127.0.0.1:8080", server.base_url)
        assert server.base_url in code

        def status(form, fault=""):
            url = f"{tenant.issuer}{f'/faults/{fault}' if fault else ''}/token"
            token = requests.post(url, form, timeout=60).json()["access_token"]
            return asked(token).status_code

        def asked(token):
            return requests.get(api, headers={"Authorization": f"Bearer {token}"}, timeout=60)

        with flask(tmp_path, code) as api:
            good = requests.post(tenant.token_url, GOOD, timeout=60).json()["access_token"]
            assert asked(good).json() == {"orders of": "web"}
            assert requests.get(api, timeout=60).status_code == 401
            assert asked("nonsense").status_code == 401
            assert status(FORM) == 401  # another audience
            assert status({**GOOD, "scope": "orders.write"}) == 403
            assert [status(GOOD, fault) for fault in REFUSED] == [401] * 7
            asked(
                tenant.mint_jwt_access_token("web", username="ann", scope="orders.read", claims={"aud": "https://api.example"})
            )
            tenant.configure(access_token_typ="JWT" if typ == "at+jwt" else "at+jwt")
            assert status(GOOD) == (401 if typ == "at+jwt" else 200)  # PyJWT does not look at typ


def test_the_file_on_the_page_is_valid(tmp_path):
    configuration = configuration_of(tomllib.loads(blocks("toml")[0]), folder=tmp_path)
    assert [tenant.describe() for tenant in configuration.tenants] == [
        "tenant shop: lenient, JWT access tokens, 1 client, 1 user"
    ]
