"""``adapter check`` or a scenario of a run catches each adapter that misreports; the honest adapter has no finding."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.model import Verdict
from tests.adapters.misreporting import Misreport

ROOT = Path(__file__).parents[2]

ISSUED = "problem: client_credentials: the token is one that the server issued"
MEMBERS = "warn: client_credentials: its other members are the server's"
CACHE = "warn: cache: a second call sends nothing"
CLOCK = "clock: the client's clock moves, and configure resets it"
RENEWAL = "warn: auto_refresh: an expired token is renewed"
PARALLEL = "warn: parallel: concurrent calls run concurrently"
REQUESTS = "parallel: concurrent requests run concurrently"
RESOURCE = "resource: the client's request, and the resource's response"
NO_TOKEN = "a response without a token gives no token"
TRUE = "warn: errors contain what the server sent"
APART = "warn: different failures give different errors"
ONCE = "warn: a refused token request is not repeated"
PROGRAMS = "warn: all requests come from one program"
DROPPED = "warn: configure discards the earlier state"
INSTANCES = "warn: instances: each is a client of its own"
REFRESH = "warn: refresh: the refresh token is exchanged"
LOST = "warn: refresh: a response without a refresh token loses none"
REFUSED = "warn: the client itself rejects an incomplete configuration"
ABSENT = "warn: members that the response has not are null"

FOUND = {
    Misreport.CACHE_CLAIMED: {CACHE},
    Misreport.RENEWAL_CLAIMED: {f"warn: {CLOCK}", RENEWAL},
    Misreport.RETRY_CLAIMED: {"warn: retry_401: a request with a refused token is sent again"},
    Misreport.CLOCK_NOT_MOVED: {f"warn: {CLOCK}", RENEWAL},
    Misreport.CLOCK_NOT_RESET: {f"problem: {CLOCK}"},
    Misreport.ONE_CONFIGURATION: {INSTANCES},
    Misreport.CONSTANT_TIME: {"warn: process_clock: the client follows its clock"},
    Misreport.OWN_EXPIRY: {f"warn: {CLOCK}"},
    Misreport.SEQUENTIAL_CALLERS: {PARALLEL},
    Misreport.ONE_CALL_FOR_ALL: {PARALLEL},
    Misreport.CANCEL_CLAIMED: {"problem: cancel: a call is cancelled"},
    Misreport.CANCEL_INVENTED: {"warn: cancel: a call is cancelled"},
    Misreport.CANCEL_AS_TEXT: {"warn: cancel: a call is cancelled", "warn: cancel: a request is cancelled"},
    Misreport.SEQUENTIAL_REQUESTS: {f"warn: {REQUESTS}"},
    Misreport.ONE_REQUEST_FOR_ALL: {f"warn: {REQUESTS}"},
    Misreport.REQUESTS_SHUFFLED: {f"warn: {REQUESTS}"},
    Misreport.REQUESTS_MISSING: {f"problem: {REQUESTS}"},
    Misreport.REQUEST_CANCEL_CLAIMED: {"problem: cancel: a request is cancelled"},
    Misreport.REQUEST_CANCEL_INVENTED: {"warn: cancel: a request is cancelled"},
    Misreport.ANY_CERTIFICATE: {"warn: ca_file reaches the client"},
    Misreport.CA_FILE_DROPPED: {"warn: ca_file reaches the client"},
    Misreport.SCOPE_DROPPED: {"warn: scope reaches the client"},
    Misreport.SCOPE_RENAMED: {"warn: scope reaches the client"},
    Misreport.RESOURCE_IN_HEADER: {"warn: resource reaches the client"},
    Misreport.RESOURCE_DROPPED: {"warn: resource reaches the client"},
    Misreport.SCOPE_DROPPED_FOR_ONE_GRANT: set(),
    Misreport.PAYLOAD_DROPPED: {"warn: additional_payload reaches the client"},
    Misreport.TIMEOUT_DROPPED: {"warn: timeout reaches the client"},
    Misreport.HEADER_DROPPED: {"warn: jwt_header reaches the client"},
    Misreport.KEY_PASSWORD_DROPPED: {"warn: private_key_password reaches the client"},
    Misreport.METHOD_DROPPED: {"warn: client_secret_post is used"},
    Misreport.HTTP_ALWAYS_ALLOWED: {"warn: allow_http reaches the client"},
    Misreport.PARAMETER_HIDDEN: {"warn: undeclared parameters are not sent"},
    Misreport.OWN_GRANT: {PROGRAMS},
    Misreport.CONSTANT_TEXT: {"warn: describe: the client's own string forms"},
    Misreport.TEXT_OF_AN_OBJECT: {"warn: describe: the client's own string forms"},
    Misreport.CONSTANT_TOKEN: {ISSUED},
    Misreport.TOKEN_INVENTED: {ISSUED},
    Misreport.OLD_TOKEN: {DROPPED, ABSENT, f"warn: {NO_TOKEN}", INSTANCES},
    Misreport.LIFETIME_INVENTED: {MEMBERS, ABSENT},
    Misreport.LIFETIME_DEFAULTED: {ABSENT},
    Misreport.LIFETIME_AS_TEXT: {MEMBERS},
    Misreport.LIFETIME_RENAMED: {MEMBERS},
    Misreport.REFRESH_TOKEN_INVENTED: {MEMBERS, ABSENT},
    Misreport.ERRORS_SWALLOWED: {f"problem: {NO_TOKEN}"},
    Misreport.CODE_INVENTED: {TRUE},
    Misreport.STATUS_INVENTED: {TRUE},
    Misreport.KIND_INVENTED: {TRUE, APART},
    Misreport.MESSAGE_REPLACED: {APART},
    Misreport.CRASH_HIDDEN: {"warn: a crash has kind unexpected"},
    Misreport.RESPONSE_JUDGED: {"warn: the client itself rejects a response"},
    Misreport.ONE_ERROR_FOR_ALL: {TRUE, APART},
    Misreport.REFRESH_IS_GET_TOKEN: {REFRESH, LOST},
    Misreport.REFRESH_FROM_CACHE: {REFRESH, LOST},
    Misreport.REFRESH_WITHOUT_TOKEN: {REFRESH, "warn: refresh: without a refresh token it is refused"},
    Misreport.REFRESH_TOKEN_LOST: {LOST},
    Misreport.RESPONSE_INVENTED: {f"problem: {RESOURCE}", "warn: resource: a request without an earlier get_token"},
    Misreport.RESPONSE_STATUS_INVENTED: {f"problem: {RESOURCE}"},
    Misreport.RESPONSE_BODY_INVENTED: {f"problem: {RESOURCE}"},
    Misreport.RETRIES: {ONCE},
    Misreport.RETRIES_SERVER_ERRORS: set(),
    Misreport.UNDECLARED_CACHE: {"warn: without cache, each call sends a request"},
    Misreport.OWN_CACHE: {f"warn: {RESOURCE}"},
    Misreport.BACKGROUND_RENEWAL: {"warn: no request is sent between operations"},
    Misreport.RETRIES_401: {"warn: without retry_401, a request is sent once"},
    Misreport.VALIDATES: {REFUSED},
    Misreport.KEYS_REQUIRED: {REFUSED},
    Misreport.REQUEST_WITHOUT_TOKEN: {"warn: resource: a request without an earlier get_token"},
    Misreport.REQUEST_OF_ONE_GRANT: {"warn: resource: a request without an earlier get_token"},
    Misreport.OWN_TOKEN_REQUEST: {"warn: client_credentials: one token request was sent", ONCE, PROGRAMS},
    Misreport.REQUEST_IN_CONFIGURE: {"problem: client_credentials: configure sends nothing", ONCE},
    Misreport.CONFIGURATION_KEPT: {DROPPED},
    Misreport.OWN_REQUEST: {PROGRAMS},
    Misreport.REQUEST_CHANGED: {f"warn: {RESOURCE}"},
}
"""The exact warnings and problems of ``adapter check`` for each."""

JUDGED = {
    Misreport.CACHE_CLAIMED: {"expiry.cached[client_credentials]"},
    Misreport.RENEWAL_CLAIMED: {"expiry.renewed-after[client_credentials]"},
    Misreport.RETRY_CLAIMED: {"resource.401-renews-once[client_credentials]"},
    Misreport.CLOCK_NOT_MOVED: {"expiry.renewed-after[client_credentials]"},
    Misreport.ANY_CERTIFICATE: {"tls.self-signed[client_credentials]", "tls.wrong-host[client_credentials]"},
    Misreport.SCOPE_DROPPED: {"scope.parameter-name[client_credentials]"},
    Misreport.SCOPE_DROPPED_FOR_ONE_GRANT: {"scope.parameter-name[password]"},
    Misreport.PAYLOAD_DROPPED: {"payload.added[client_credentials]"},
    Misreport.HEADER_DROPPED: {"jwt.header-extra.kid[jwt-bearer]"},
    Misreport.KEY_PASSWORD_DROPPED: {"key.encrypted.pkcs8[jwt-bearer]"},
    Misreport.METHOD_DROPPED: {"auth.method-as-configured.client_secret_post[client_credentials]"},
    Misreport.CONSTANT_TOKEN: {"sanity.first[client_credentials]", "parse.minimal[client_credentials]"},
    Misreport.TOKEN_INVENTED: {"sanity.first[client_credentials]"},
    Misreport.OLD_TOKEN: {"config.reconfigure-drops-token[client_credentials]"},
    Misreport.ERRORS_SWALLOWED: {
        "error.codes.invalid-client[client_credentials]",
        "error.400-with-token.400[client_credentials]",
    },
    Misreport.REFRESH_IS_GET_TOKEN: {"refresh.absent-keeps.null[password]"},
    Misreport.RESPONSE_INVENTED: {"resource.bearer-header[client_credentials]"},
    Misreport.RETRIES: {"error.retry-after.429[client_credentials]"},
    Misreport.RETRIES_SERVER_ERRORS: {"error.retry-after.503[client_credentials]"},
    Misreport.OWN_TOKEN_REQUEST: {"request.one-per-token[client_credentials]"},
    Misreport.CONFIGURATION_KEPT: {"config.reconfigure-clears[client_credentials]"},
}
"""Scenarios that catch some of them too, in a run."""


def found(spec):
    return {f"{check.outcome}: {check.title}" for check in check_adapter(parse_spec(spec)) if check.outcome != "ok"}


def judged(spec, scenarios, folder):
    """Return the verdict of each scenario in a run from the command line."""
    results = folder / "results.jsonl"
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "oauth_gauntlet",
                "run",
                "--client",
                spec,
                "-q",
                "--keep-going",
                "--profile",
                "scim-connector",
            ),
            *("-k", " or ".join(scenarios), "--results", str(results)),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    verdicts = {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}
    assert set(scenarios) <= set(verdicts), done.stdout + done.stderr
    return {name: verdicts[name] for name in scenarios}


def test_the_honest_adapter_has_no_finding():
    assert found("py:tests.adapters.misreporting:HONEST") == set()


def test_each_is_documented_and_expected_to_be_caught():
    assert all(misreport.value.__doc__ for misreport in Misreport)
    assert set(FOUND) == set(Misreport)
    assert all(FOUND[each] or JUDGED.get(each) for each in Misreport)


@pytest.mark.slow
@pytest.mark.parametrize("misreport", list(Misreport), ids=lambda misreport: misreport.name)
def test_adapter_check_catches(misreport):
    assert found(f"py:tests.adapters.misreporting:{misreport.name}") == FOUND[misreport]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("misreport", "words"),
    [
        (Misreport.SCOPE_RENAMED, "scope is declared, and 'gauntlet-scope' was sent as parameter scopes of the body"),
        (Misreport.RESOURCE_IN_HEADER, "was sent in the header field X-Resource"),
        (Misreport.SCOPE_DROPPED, "'gauntlet-scope' was nowhere in the request"),
        (Misreport.LIFETIME_RENAMED, "lifetime 7331 is in extra, and is the lifetime: report it as expires_in"),
        (Misreport.CANCEL_AS_TEXT, "the cancelled call ended with kind transport: context canceled"),
        (Misreport.REQUEST_OF_ONE_GRANT, "password: without an earlier get_token, request reported"),
    ],
    ids=lambda value: value.name if isinstance(value, Misreport) else "",
)
def test_the_advice_names_what_was_seen(misreport, words):
    checks = check_adapter(parse_spec(f"py:tests.adapters.misreporting:{misreport.name}"))
    assert any(words in check.advice for check in checks if check.outcome != "ok")


@pytest.mark.slow
@pytest.mark.parametrize("misreport", list(JUDGED), ids=lambda misreport: misreport.name)
def test_a_run_catches(misreport, tmp_path):
    verdicts = judged(f"py:tests.adapters.misreporting:{misreport.name}", sorted(JUDGED[misreport]), tmp_path)
    assert all(Verdict(verdict).against for verdict in verdicts.values()), verdicts


@pytest.mark.parametrize(
    ("program", "finding"),
    [
        ("CONSTANT_TOKEN", ISSUED),
        ("ERRORS_SWALLOWED", f"problem: {NO_TOKEN}"),
        ("MEMBERS_PASSED", "problem: the protocol is kept"),
    ],
)
def test_adapter_check_catches_a_program(program, finding, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert found(f"cmd:{sys.executable} -m tests.adapters.misreporting {program}") == {finding}
