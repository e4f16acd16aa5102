"""Every lie is found: by ``adapter check``, or by a scenario of an ordinary run; and the honest adapter is clean."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from liars import Lie  # noqa: E402

ISSUED = "problem: client_credentials: it is the one that the server issued"
MEMBERS = "warn: client_credentials: what else is said of it is the server's"
CACHE = "warn: cache: a second call sends nothing"
CLOCK = "clock: the client's clock is moved, and put back"
RENEWAL = "warn: auto_refresh: an expired token is renewed"
PARALLEL = "warn: parallel: callers at once are served at once"
RESOURCE = "resource: the client's request, and the resource's answer"
NO_TOKEN = "an answer without a token gives none"
TRUE = "warn: errors say what the server said"
APART = "warn: errors are told apart"
ONCE = "warn: a refusal is asked for once"
PROGRAMS = "warn: all requests come from one program"
DROPPED = "warn: configure drops what was before"
REFRESH = "warn: refresh: the refresh token is exchanged"

FOUND = {
    Lie.CACHE_CLAIMED: {CACHE},
    Lie.RENEWAL_CLAIMED: {f"warn: {CLOCK}", RENEWAL},
    Lie.SECOND_TRY_CLAIMED: {"warn: retry_401: a request with a refused token is made again"},
    Lie.CLOCK_STANDS: {f"warn: {CLOCK}", RENEWAL},
    Lie.CLOCK_NOT_PUT_BACK: {f"problem: {CLOCK}"},
    Lie.TIME_MADE_UP: {"warn: process_clock: the client follows its clock"},
    Lie.EXPIRY_OF_ITS_OWN: {f"warn: {CLOCK}"},
    Lie.ONE_AFTER_THE_OTHER: {PARALLEL},
    Lie.ONE_ANSWER_FOR_ALL: {PARALLEL},
    Lie.CANCEL_CLAIMED: {"problem: cancel: a caller is cancelled"},
    Lie.CANCEL_MADE_UP: {"warn: cancel: a caller is cancelled"},
    Lie.ANY_CERTIFICATE: {"warn: ca_file reaches the client"},
    Lie.CA_FILE_DROPPED: {"warn: ca_file reaches the client"},
    Lie.SCOPE_DROPPED: {"warn: scope reaches the client"},
    Lie.SCOPE_DROPPED_AT_TIMES: set(),
    Lie.PAYLOAD_DROPPED: {"warn: additional_payload reaches the client"},
    Lie.TIMEOUT_DROPPED: {"warn: timeout reaches the client"},
    Lie.HEADER_DROPPED: {"warn: jwt_header reaches the client"},
    Lie.KEY_PASSWORD_DROPPED: {"warn: private_key_password reaches the client"},
    Lie.METHOD_DROPPED: {"warn: client_secret_post is used"},
    Lie.HTTP_ALWAYS_ALLOWED: {"warn: allow_http reaches the client"},
    Lie.SAYS_LESS: {"warn: what is not declared is not sent"},
    Lie.GRANT_OF_ITS_OWN: {PROGRAMS},
    Lie.CONSTANT_WORDS: {"warn: describe: the client's own words"},
    Lie.CONSTANT_TOKEN: {ISSUED},
    Lie.TOKEN_MADE_UP: {ISSUED},
    Lie.TOKEN_OF_BEFORE: {DROPPED, f"warn: {NO_TOKEN}"},
    Lie.LIFETIME_MADE_UP: {MEMBERS},
    Lie.REFRESH_TOKEN_MADE_UP: {MEMBERS},
    Lie.ERRORS_SWALLOWED: {f"problem: {NO_TOKEN}"},
    Lie.CODE_MADE_UP: {TRUE},
    Lie.STATUS_MADE_UP: {TRUE},
    Lie.KIND_MADE_UP: {TRUE, APART},
    Lie.MESSAGE_REPLACED: {APART},
    Lie.CRASH_HIDDEN: {"warn: a crash is of kind unexpected"},
    Lie.ONE_ERROR_FOR_ALL: {TRUE, APART},
    Lie.REFRESH_IS_GET_TOKEN: {REFRESH},
    Lie.REFRESH_FROM_THE_CACHE: {REFRESH},
    Lie.REFRESH_OF_NOTHING: {REFRESH, "warn: refresh: without a refresh token it is refused"},
    Lie.RESPONSE_MADE_UP: {f"problem: {RESOURCE}"},
    Lie.RESPONSE_STATUS_MADE_UP: {f"problem: {RESOURCE}"},
    Lie.RESPONSE_BODY_MADE_UP: {f"problem: {RESOURCE}"},
    Lie.TRIES_AGAIN: {ONCE},
    Lie.TRIES_AGAIN_LATER: set(),
    Lie.KEEPS_TOKENS: {"warn: without cache, each call asks"},
    Lie.CACHE_OF_ITS_OWN: {f"warn: {RESOURCE}"},
    Lie.RENEWS_BY_ITSELF: {"warn: nothing is sent while nobody asks"},
    Lie.REPEATS_AFTER_401: {"warn: without retry_401, a request is made once"},
    Lie.VALIDATES: {"warn: refusals of a configuration are the client's"},
    Lie.ASKS_BESIDE: {"warn: client_credentials: it cost one request", ONCE, PROGRAMS},
    Lie.CONFIGURE_ASKS: {"problem: client_credentials: configure sends nothing", ONCE},
    Lie.CONFIGURATION_KEPT: {DROPPED},
    Lie.REQUEST_OF_ITS_OWN: {PROGRAMS},
    Lie.REQUEST_CHANGED: {f"warn: {RESOURCE}"},
}
"""Exactly what ``adapter check`` says of each lie."""

JUDGED = {
    Lie.CACHE_CLAIMED: {"expiry.cached[client_credentials]": "warn"},
    Lie.RENEWAL_CLAIMED: {"expiry.renewed-after[client_credentials]": "fail"},
    Lie.SECOND_TRY_CLAIMED: {"resource.401-renews-once[client_credentials]": "warn"},
    Lie.CLOCK_STANDS: {"expiry.renewed-after[client_credentials]": "fail"},
    Lie.ANY_CERTIFICATE: {"tls.self-signed[client_credentials]": "fail", "tls.wrong-host[client_credentials]": "fail"},
    Lie.SCOPE_DROPPED: {"scope.space-delimited[client_credentials]": "fail"},
    Lie.SCOPE_DROPPED_AT_TIMES: {"scope.space-delimited[password]": "fail"},
    Lie.PAYLOAD_DROPPED: {"payload.added[client_credentials]": "fail"},
    Lie.HEADER_DROPPED: {"jwt.header-extra.kid[jwt-bearer]": "fail"},
    Lie.KEY_PASSWORD_DROPPED: {"key.encrypted.pkcs8[jwt-bearer]": "fail"},
    Lie.METHOD_DROPPED: {"auth.post-in-body[client_credentials]": "fail"},
    Lie.CONSTANT_TOKEN: {"sanity.first[client_credentials]": "fail", "parse.minimal[client_credentials]": "fail"},
    Lie.TOKEN_MADE_UP: {"sanity.first[client_credentials]": "fail", "request.method-post[client_credentials]": "fail"},
    Lie.TOKEN_OF_BEFORE: {"config.reconfigure-drops-token[client_credentials]": "warn"},
    Lie.ERRORS_SWALLOWED: {
        "error.codes.invalid-client[client_credentials]": "warn",
        "error.400-with-token.400[client_credentials]": "fail",
    },
    Lie.REFRESH_IS_GET_TOKEN: {"refresh.rotation-replaces[password]": "fail"},
    Lie.RESPONSE_MADE_UP: {"resource.bearer-header[client_credentials]": "warn"},
    Lie.TRIES_AGAIN: {"error.retry-after.429[client_credentials]": "warn"},
    Lie.TRIES_AGAIN_LATER: {"error.retry-after.503[client_credentials]": "warn"},
    Lie.ASKS_BESIDE: {"request.one-per-token[client_credentials]": "warn"},
    Lie.CONFIGURATION_KEPT: {"config.reconfigure-clears[client_credentials]": "fail"},
}
"""What scenarios of a run say of lies that they come upon too."""


def found(spec):
    return {f"{check.outcome}: {check.title}" for check in check_adapter(parse_spec(spec)) if check.outcome != "ok"}


def judged(spec, scenarios, folder):
    """Return the verdict of each scenario, as a user's run gives it."""
    results = folder / "results.jsonl"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "oauth_gauntlet", "run", "--client", spec, "-q"),
            *("-k", " or ".join(scenarios), "--results", str(results)),
        ],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    verdicts = {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}
    assert set(scenarios) <= set(verdicts), done.stdout + done.stderr
    return {name: verdicts[name] for name in scenarios}


def test_the_honest_adapter_is_clean():
    assert found("py:liars:HONEST") == set()


def test_every_lie_says_what_it_is_and_is_looked_for():
    assert all(lie.value.__doc__ for lie in Lie)
    assert set(FOUND) == set(Lie)
    assert all(FOUND[lie] or set(JUDGED[lie].values()) & {"warn", "fail"} for lie in Lie)


@pytest.mark.parametrize("lie", list(Lie), ids=lambda lie: lie.name)
def test_the_check_finds_the_lie(lie):
    assert found(f"py:liars:{lie.name}") == FOUND[lie]


@pytest.mark.parametrize("lie", list(JUDGED), ids=lambda lie: lie.name)
def test_a_run_comes_upon_the_lie(lie, tmp_path):
    assert judged(f"py:liars:{lie.name}", list(JUDGED[lie]), tmp_path) == JUDGED[lie]


@pytest.mark.parametrize(("program", "finding"), [("CONSTANT_TOKEN", ISSUED), ("ERRORS_SWALLOWED", f"problem: {NO_TOKEN}")])
def test_a_program_that_lies_is_found_as_well(program, finding):
    assert found(f"cmd:{sys.executable} {HERE / 'liars.py'} {program}") == {finding}
