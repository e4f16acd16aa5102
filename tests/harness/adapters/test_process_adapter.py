"""Every operation as a request, the environment of the process, and how it ends; faults are in tests/adapters."""

import json
import os
import signal
import sys
import threading
from dataclasses import replace

import pytest

from oauth_gauntlet.adapters import process_group
from oauth_gauntlet.adapters.adapter_program import AdapterLimits
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterError, AdapterTimeout, ClientFailure, UsageError
from oauth_gauntlet.protocol import ErrorKind, ResourceRequest

# Answers each operation with its entry in ANSWERS; logs its requests; hello contains its folder and environment.
SCRIPTED = """
import json, os, sys, time
answers = json.loads(os.environ["ANSWERS"])
hello = {"protocol": 1, "grants": [], "client": {"name": "scripted", "version": str(os.getpid()),
         "language": os.getcwd(), "runtime": os.environ.get("OAUTH_GAUNTLET", "")}}
for line in sys.stdin:
    request = json.loads(line)
    sys.stderr.write(line)
    sys.stderr.flush()
    answer = answers.get(request["op"], {"ok": hello if request["op"] == "hello" else {}})
    print(json.dumps({"id": request["id"], **answer}), flush=True)
    if request["op"] == "close":
        exec(answers.get("at the end", "sys.exit(0)"))
    exec(answers.get("after", {}).get(request["op"], ""))
"""

LIMITS = AdapterLimits(start_s=60, operation_s=60, close_s=60, kill_s=0.5)
SHORT_LIMITS = AdapterLimits(start_s=60, operation_s=1, close_s=0.5, kill_s=0.5)


@pytest.fixture
def start(tmp_path):
    started = []

    def call(answers=None, limits=LIMITS, **more):
        environment = {**os.environ, "ANSWERS": json.dumps(answers or {})}
        command = [sys.executable, "-c", SCRIPTED]
        started.append(ProcessAdapter(command, limits=limits, cwd=str(tmp_path), env=environment, **more))
        return started[-1]

    yield call
    for adapter in started:
        adapter.close()


def asked(adapter):
    last = json.loads(adapter.adapter_process.stderr().splitlines()[-1])
    return {key: last[key] for key in ("op", "args")}


TOKEN = {"ok": {"token": {"access_token": "t"}}}
ERROR = {"kind": "oauth", "message": "no", "oauth_error": "invalid_grant"}


@pytest.mark.parametrize(
    ("operation", "arguments", "answer", "sent", "shown"),
    [
        ("configure", ({"scope": "ä"},), {"ok": {}}, {"config": {"scope": "ä"}}, None),
        ("get_token", (), TOKEN, {}, "t"),
        ("refresh", (), TOKEN, {}, "t"),
        ("get_tokens", (2,), {"ok": {"results": [TOKEN["ok"], {"error": ERROR}]}}, {"count": 2}, ["t", "invalid_grant"]),
        (
            *("get_tokens", (2, 1), {"ok": {"results": [TOKEN["ok"], {"error": ERROR}]}}),
            *({"count": 2, "cancel": 1}, ["t", "invalid_grant"]),
        ),
        (
            "request",
            ("PUT", "http://x", {"A": "b"}, "body"),
            {"ok": {"status": 201, "headers": [["C", "d"], ["C", "e"]], "body": "f"}},
            {"method": "PUT", "url": "http://x", "headers": {"A": "b"}, "body": "body"},
            (201, (("C", "d"), ("C", "e")), "f"),
        ),
        (
            "requests",
            ([ResourceRequest(url="u"), ResourceRequest(method="PUT", url="v", headers={"A": "b"}, body="c")], 1),
            {"ok": {"results": [{"error": ERROR}, {"response": {"status": 201}}]}},
            {
                "requests": [
                    {"method": "GET", "url": "u", "headers": {}, "body": None},
                    {"method": "PUT", "url": "v", "headers": {"A": "b"}, "body": "c"},
                ],
                "cancel": 1,
            },
            ["invalid_grant", 201],
        ),
        ("advance_clock", (2.5,), {"ok": {}}, {"seconds": 2.5}, None),
        ("describe", (), {"ok": {"texts": ["<client>", ""]}}, {}, ("<client>", "")),
    ],
)
def test_each_operation_is_one_request_and_one_answer(start, operation, arguments, answer, sent, shown):
    def plain(value):
        if operation == "get_tokens":
            return [value[0].access_token, value[1].oauth_error]
        if operation == "request":
            return value.status, value.headers, value.body
        if operation == "requests":
            return [value[0].oauth_error, value[1].status]
        return getattr(value, "access_token", value)

    adapter = start({operation: answer})
    assert plain(getattr(adapter, operation)(*arguments)) == shown
    assert asked(adapter) == {"op": operation, "args": sent}


@pytest.mark.parametrize(
    ("operation", "arguments", "answer"),
    [("configure", ({},), {"ok": {}}), ("get_token", (), TOKEN), ("advance_clock", (1,), {"ok": {}})],
)
def test_the_requests_of_an_instance_name_it(start, operation, arguments, answer):
    adapter = start({operation: answer})
    getattr(adapter.instance("b"), operation)(*arguments)
    assert asked(adapter)["args"]["instance"] == "b"


def test_the_process_has_the_folder_and_the_environment_of_the_protocol(start, tmp_path):
    client = start().hello().client
    assert (client.language, client.runtime) == (str(tmp_path), "1")


def test_an_error_is_the_clients_answer_and_the_process_stays(start):
    adapter = start({"refresh": {"error": ERROR}})
    before = adapter.hello().client.version
    with pytest.raises(ClientFailure) as caught:
        adapter.refresh()
    assert (caught.value.error.kind, caught.value.error.oauth_error) == (ErrorKind.OAUTH, "invalid_grant")
    assert adapter.hello().client.version == before


HUGE = float("1e999")


@pytest.mark.parametrize(
    ("operation", "arguments", "answer", "words"),
    [
        ("get_tokens", (2,), {"ok": {"results": [TOKEN["ok"]]}}, "ok.results: expected a list of 2"),
        ("get_tokens", (1,), {"ok": {"results": [{}]}}, "ok.results[0]: expected a member token or a member error"),
        ("requests", ([ResourceRequest(url="u")],), {"ok": {"results": []}}, "ok.results: expected a list of 1"),
        (
            *("requests", ([ResourceRequest(url="u")],), {"ok": {"results": [{"token": {}}]}}),
            "ok.results[0]: expected a member response or a member error",
        ),
        ("request", ("GET", "u", {}, None), {"ok": {"status": "200"}}, "ok.status: expected a whole number, got '200'"),
        ("describe", (), {"ok": {"texts": "c"}}, "ok.texts: expected a list of strings"),
        ("get_token", (), {"ok": {}}, "ok.token: expected an object, got None"),
        pytest.param(
            *("request", ("GET", "u", {}, None), {"ok": {"status": 200, "headers": 5}}, "ok.headers: expected"),
        ),
        pytest.param(
            *("get_token", (), {"error": {"kind": "oauth", "http_status": HUGE}}, "error.http_status: expected"),
        ),
    ],
)
def test_a_wrong_answer_ends_the_process_and_names_the_member(start, operation, arguments, answer, words):
    adapter = start({operation: answer})
    process = int(adapter.hello().client.version)
    with pytest.raises(AdapterError) as caught:
        getattr(adapter, operation)(*arguments)
    assert f"the adapter broke the protocol on {operation}: " in str(caught.value)
    assert words in str(caught.value)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(
    ("at_the_end", "limits", "words"),
    [
        ("sys.exit(4)", LIMITS, "it ended with exit code 4 after close; exit code 0 was expected"),
        ("os.kill(os.getpid(), 15)", LIMITS, "it ended with signal SIGTERM after close"),
        ("time.sleep(60)", SHORT_LIMITS, "it did not end within 0.5 s after close"),
    ],
)
def test_a_wrong_end_is_an_error_once(start, at_the_end, limits, words):
    adapter = start({"at the end": at_the_end}, limits)
    process = int(adapter.hello().client.version)
    with pytest.raises(AdapterError, match=words):
        adapter.close()
    adapter.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_every_call_after_close_fails(start):
    adapter = start()
    adapter.close()
    with pytest.raises(AdapterError, match="cannot be asked for get_token: it was closed"):
        adapter.get_token()


def test_a_command_that_does_not_start_is_a_usage_error():
    with pytest.raises(UsageError, match="'/no/such/adapter' does not start: No such file"):
        ProcessAdapter(["/no/such/adapter"])


def test_a_stdout_that_is_closed_between_two_operations_is_not_a_timeout(start):
    adapter = start({"after": {"configure": "os.close(1); time.sleep(60)"}})
    adapter.configure({})
    threading.Event().wait(0.3)
    with pytest.raises(AdapterError, match="closed its stdout"):
        adapter.get_token()


def test_an_adapter_that_stops_reading_fails_however_large_the_request(start):
    adapter = start({"after": {"hello": "time.sleep(600)"}}, SHORT_LIMITS)
    process = int(adapter.hello().client.version)
    given_up = []

    def call():
        try:
            adapter.request("POST", "http://x", {}, "x" * 1_000_000)
        except AdapterError as error:
            given_up.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    caller.join(60)
    in_time = list(given_up)
    if not in_time:
        os.kill(process, signal.SIGKILL)
    caller.join(60)
    assert [type(error) for error in in_time] == [AdapterTimeout]


def test_abandon_signals_no_group_that_has_ended(start, monkeypatch):
    adapter = start()
    adapter.close()
    monkeypatch.setattr(process_group, "_signal_group", lambda *_: pytest.fail("another program may have this number by now"))
    adapter.adapter_process.abandon()


def test_abandon_ends_a_pending_call(start):
    adapter = start({"after": {"configure": "time.sleep(60)"}})
    process = int(adapter.hello().client.version)
    adapter.configure({})
    threading.Timer(0.1, adapter.adapter_process.abandon).start()
    # Without abandon the error would be an AdapterTimeout, "did not answer get_token".
    with pytest.raises(AdapterError, match=r"the adapter ended .*SIGTERM.* during get_token"):
        adapter.get_token()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_the_time_limit_of_an_operation_can_be_changed(start):
    adapter = start({"get_token": TOKEN, "after": {"get_token": "time.sleep(0.2)"}}, SHORT_LIMITS)
    assert adapter.operation_limit_s == 1
    adapter.operation_limit_s = 60
    assert adapter.adapter_process.limits == replace(SHORT_LIMITS, operation_s=60)
    assert adapter.get_token().access_token == "t"
