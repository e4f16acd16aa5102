"""The test snippets compile, can be collected by pytest, and run against a client."""

import ast
import subprocess
import sys

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import PRESETS
from oauth_gauntlet_server.snippets.arming import expression
from oauth_gauntlet_server.snippets.tests_to_write import as_pytest, as_scenario

FORM = b"grant_type=client_credentials&client_id=c&client_secret=s"
TOKEN = (
    b"POST /t/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
    % (len(FORM), FORM)
)
RESOURCE = b"GET /t/resource HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\n\r\n"

ARMED = {
    "nothing": (TOKEN, ()),
    "an error": (TOKEN, (faults.oauth_error("invalid_grant", description='it\'s "quoted"\n\u2028'),)),
    "octets": (TOKEN, (faults.token_response(b"\xff\xfe"),)),
    "several": (TOKEN, (faults.delay(0.01), faults.token_member("expires_in", "3600"))),
    "as one": (TOKEN, (faults.all_of(faults.delay(0.01), faults.http_status(503, headers={"Retry-After": "1"})),)),
    "the resource": (RESOURCE, (faults.fault("bearer_error", error="invalid_token"),)),
    "no answer": (TOKEN, (faults.fault("truncate", octets=0, whole=True),)),
}

MY_CLIENT = """
    import urllib.error, urllib.request
    form = b"grant_type=client_credentials&client_id=c&client_secret=s"
    request = urllib.request.Request(oauth_tenant.token_url, form)
    if {resource!r}:
        request = urllib.request.Request(oauth_tenant.resource_url, headers={{"Authorization": "Bearer x"}})
    try:
        urllib.request.urlopen(request, timeout=60).close()
    except OSError as error:
        getattr(error, "close", lambda: None)()
"""


def pytest_run(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", ".", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


def snippet(recorded, name, write):
    octets, armed = ARMED[name]
    _, exchange = recorded(octets, *armed)
    assert exchange.faults == tuple(fault.name for fault in armed)
    return write(exchange, exchange.fired)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_expression_of_a_fault_creates_an_equal_fault(preset):
    assert eval(expression(PRESETS[preset]), {"faults": faults}) == PRESETS[preset]


def test_an_expression_leaves_out_default_values():
    assert expression(faults.oauth_error("invalid_grant")) == "faults.fault('oauth_error')"
    assert expression(faults.oauth_error("x", status=401)) == "faults.fault('oauth_error', error='x', status=401)"


def test_a_pytest_test_is_readable(recorded):
    assert snippet(recorded, "several", as_pytest).split("\n") == [
        "from oauth_gauntlet_server import faults",
        "",
        "",
        "def test_my_client_meets_delay_token_member(oauth_tenant):",
        "    oauth_tenant.arm(faults.fault('delay', seconds=0.01))",
        "    oauth_tenant.arm(faults.fault('token_member', member='expires_in', value='3600'))",
        '    ...  # MyClient(token_url=oauth_tenant.token_url, client_id="c", client_secret="s").get_token()',
        "    exchange = oauth_tenant.journal.wait_for(1, endpoint='token')[0]",
        "    assert exchange.faults == ('delay', 'token_member')",
        "    assert exchange.request.form_value(\"grant_type\") == 'client_credentials'",
        "    # TODO: assert what your client did after the response 200.",
        "",
    ]


@pytest.mark.slow
def test_every_pytest_test_passes_after_the_client_is_inserted(recorded, tmp_path):
    for number, name in enumerate(ARMED):
        text = snippet(recorded, name, as_pytest)
        ast.parse(text)
        lines = text.split("\n")
        (at,) = (place for place, line in enumerate(lines) if line.startswith("    ...  #"))
        client = MY_CLIENT.format(resource=name == "the resource")
        (tmp_path / f"test_{number}.py").write_text("\n".join([*lines[:at], client, *lines[at + 1 :]]), encoding="utf-8")
    done = pytest_run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ARMED)} passed" in done.stdout


@pytest.mark.slow
def test_every_scenario_runs_against_a_real_client(recorded, tmp_path):
    for number, name in enumerate(ARMED):
        text = snippet(recorded, name, as_scenario)
        ast.parse(text)
        # Each requirement needs its own id.
        (tmp_path / f"test_{number}.py").write_text(text.replace('"mine.', f'"mine.x{number}-'), encoding="utf-8")
    done = pytest_run(tmp_path, "--oauth-client", "py:oauth_gauntlet.reference:make_client", "-rA")
    assert done.returncode == 0, done.stdout + done.stderr
    # One result for each, because each is for one grant; the resource's scenario runs for all four grants.
    assert f"{len(ARMED) + 3} passed" in done.stdout


def test_a_scenario_is_readable(recorded):
    text = snippet(recorded, "an error", as_scenario)
    assert '    "mine.meets-oauth-error",' in text
    assert "    grants=[CLIENT_CREDENTIALS]," in text
    assert '"""Do: the server responds with 400. Check: the client returns an error."""' in text
