"""Each starter, as `oauth-gauntlet adapter new` copies it: it keeps the protocol, and reports what is to be completed."""

import json
import time

import pytest

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.adapter_starter import starter_languages
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.time_zones import KOLKATA, NEW_YORK
from tests.harness.starters.programs import Program, build, shared_folder, spec
from tests.schema_agreement import PROTOCOL, matches

pytestmark = pytest.mark.slow

CONFIGURATION = {
    "grant_type": "client_credentials",
    "token_url": "http://127.0.0.1:9/token",
    "client_id": "a",
    "client_secret": "b",
}

ONE_CALLER = {"perl", "php", "shell"}
"""Languages whose loop has neither get_tokens nor requests."""

ONE_INSTANCE = {"shell"}
"""Languages whose loop has no further clients: a script has one set of variables."""

STATIC_MESSAGE = {"go", "rust"}
"""Starters whose error does not contain the token URL."""


SAYS_WHERE = {"java", "javascript", "php", "python", "ruby"}
"""Languages whose exceptions know where they were raised. Perl's messages contain it; errors of the others know nothing."""


@pytest.fixture(params=starter_languages())
def language(request):
    return request.param


@pytest.fixture
def folder(language, tmp_path_factory):
    return build(language, shared_folder(tmp_path_factory))


@pytest.fixture
def program(language, folder):
    started = Program(language, folder)
    yield started
    started.close()


def checked(program, operation, **arguments):
    """Return the answer to a request; it has to match the schema."""
    answer = program.ask(operation, **arguments)
    name = f"{operation}_answer"
    assert matches(PROTOCOL, name, answer) is True, answer
    return answer


def configured(program, **changes):
    checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")
    assert checked(program, "configure", config={**CONFIGURATION, **changes})["ok"] == {}


def test_adapter_check_finds_what_is_to_be_completed_and_nothing_else(language, folder):
    checks = list(check_adapter(parse_spec(spec(language, folder))))
    (problem,) = [check for check in checks if check.outcome != "ok"]
    assert problem.title == "client_credentials: a token is returned"
    assert "fill" in problem.advice
    assert checks[-1].title == "close ends the adapter"


def test_each_answer_matches_the_schema(language, program):
    hello = checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")
    assert hello["ok"]["client"]["language"] == language
    assert checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")["ok"] == hello["ok"]
    assert abs(checked(program, "now")["ok"]["now"] - time.time()) < 120
    for operation in ("get_token", "get_token"):
        assert checked(program, operation)["error"]["kind"] == "config"
    configured(program)
    error = checked(program, "get_token")["error"]
    assert error["kind"] == "unexpected"
    assert "fill" in error["message"]
    for operation, arguments in (
        ("refresh", {}),
        ("request", {"method": "GET", "url": "http://127.0.0.1:9/", "headers": {"A": "b"}, "body": None}),
        ("advance_clock", {"seconds": 5}),
        ("describe", {}),
    ):
        error = checked(program, operation, **arguments)["error"]
        assert (error["kind"], "unknown operation" in error["message"]) == ("unexpected", True), error
    assert checked(program, "close")["ok"] == {}
    assert program.end() == (0, [])


@pytest.mark.parametrize("zone", [KOLKATA, NEW_YORK], ids=lambda zone: zone.name)
def test_local_time_is_that_of_the_time_zone_in_the_environment(language, folder, zone):
    if zone.variable != zone.name:
        pytest.skip("this machine has no zone files, and Go, Java and PHP know zones by name only")
    started = Program(language, folder, {"TZ": zone.variable})
    hello = checked(started, "hello", protocol=1, harness="oauth-gauntlet/test")["ok"]
    # The shell's loop does not know whether the command line takes its time zone from TZ.
    assert ("time_zone" in hello["capabilities"]) == (language != "shell")
    assert checked(started, "now")["ok"]["utc_offset"] in zone.offsets_s
    started.close()


def test_every_exception_is_an_answer_and_the_loop_says_so(language, program):
    hello = checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")["ok"]
    assert hello.get("catches", False) == (language not in ONE_INSTANCE)  # a failing command of a shell may end the script


def test_an_undocumented_exception_says_on_stderr_where_it_was_raised(language, program):
    configured(program)
    checked(program, "get_token")
    checked(program, "now")  # what was written before this answer has arrived
    assert ("here (the last call is" in program.stderr()) == (language in SAYS_WHERE), program.stderr()
    assert "http://127.0.0.1:9" not in program.stderr()


def test_an_unknown_operation_has_kind_unexpected(program):
    for _ in range(2):
        error = program.ask("gauntlet_unknown")["error"]
        assert (error["kind"], "unknown operation" in error["message"]) == ("unexpected", True)
        configured(program)


def test_each_instance_is_a_client_of_its_own(language, program):
    hello = checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")["ok"]
    assert ("instances" in hello["capabilities"]) == (language not in ONE_INSTANCE)
    if language in ONE_INSTANCE:
        return
    configured(program, token_url="http://127.0.0.1:9/first")
    assert checked(program, "get_token", instance="b")["error"]["kind"] == "config"
    assert (
        checked(program, "configure", instance="b", config={**CONFIGURATION, "token_url": "http://127.0.0.1:9/second"})["ok"]
        == {}
    )
    for arguments, path in (({}, "first"), ({"instance": "b"}, "second"), ({"instance": "a"}, "first")):
        error = checked(program, "get_token", **arguments)["error"]
        assert error["kind"] == "unexpected"
        assert language in STATIC_MESSAGE or f"http://127.0.0.1:9/{path}" in error["message"]


@pytest.mark.parametrize("cancel", [None, 1])
def test_concurrent_calls_have_an_answer_each(language, program, cancel):
    configured(program)
    answer = checked(program, "get_tokens", count=3, **({} if cancel is None else {"cancel": cancel}))
    if language in ONE_CALLER:
        assert "unknown operation" in answer["error"]["message"]
    else:
        assert [result["error"]["kind"] for result in answer["ok"]["results"]] == ["unexpected"] * 3


def test_concurrent_requests_of_a_client_without_request_are_unknown(program):
    configured(program)
    request = {"method": "GET", "url": "http://127.0.0.1:9/", "headers": {}, "body": None}
    answer = checked(program, "requests", requests=[request, request])
    # The loops of Java and Rust ask each caller's client, and the others ask none.
    answers = [answer] if "error" in answer else answer["ok"]["results"]
    assert all("unknown operation" in each["error"]["message"] for each in answers)


@pytest.mark.parametrize(
    "text",
    ['a"b\\c/d', "a\n\r\t\x00\x1f\x7fb", "ä€\u2028\u2029\ufeff", "\U0001f600 \U0010ffff", "'; echo $HOME `id` $(id) %s"],
    ids=["quotes", "control characters", "characters beyond ASCII", "characters beyond 16 bits", "shell syntax"],
)
def test_text_arrives_and_comes_back_unchanged(language, program, text):
    if language == "shell" and "\x00" in text:
        text = text.replace("\x00", "")  # no variable of a shell can contain NUL
    configured(program, token_url=f"http://127.0.0.1:9/{text}", scope=text, additional_payload={text: text})
    message = checked(program, "get_token")["error"]["message"]
    assert language in STATIC_MESSAGE or f"http://127.0.0.1:9/{text}" in message


def test_a_request_in_utf_8_is_read(program):
    line = json.dumps({"id": 7, "op": "configure", "args": {"config": {**CONFIGURATION, "scope": "ä€😀"}}}, ensure_ascii=False)
    program.send(line.encode())
    assert json.loads(program.read()) == {"id": 7, "ok": {}}


@pytest.mark.parametrize("number", [2**31, 2**53 + 1, 2**63, 2**64, -(2**64), 1e308, 5e-324, 0.1, -0.0, 10**40])
def test_large_and_small_numbers_are_read(program, number):
    configured(program, additional_payload={"number": number}, timeout=0.5)
    assert checked(program, "get_token")["error"]["kind"] == "unexpected"


def test_deep_nesting_is_read(program):
    nested = []
    for _ in range(90):
        nested = [nested]
    configured(program, additional_payload={"nested": nested}, jwt_header={"nested": nested})
    assert checked(program, "get_token")["error"]["kind"] == "unexpected"


def test_a_long_line_is_read(language, program):
    configured(program, client_secret="s" * 3_000_000)
    assert checked(program, "get_token")["error"]["kind"] == "unexpected"


@pytest.mark.parametrize("line", [b"not JSON", b"{", b'{"id": 1, "op": "hello"', b"\xff\xfe"], ids=repr)
def test_a_line_that_is_no_request_ends_the_adapter_without_an_answer(program, line):
    checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")
    program.send(line)
    code, unread = program.end()
    assert code != 0
    assert unread == []


def test_the_end_of_stdin_ends_the_adapter_in_order(program):
    checked(program, "hello", protocol=1, harness="oauth-gauntlet/test")
    assert program.end() == (0, [])
