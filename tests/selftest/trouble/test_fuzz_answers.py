"""Any answer of an adapter gives a value of the protocol, the client's error, or an `AdapterError` with the reason."""

import base64
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.adapters.adapter_program import AdapterLimits
from oauth_gauntlet.adapters.framing import read_answer
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterError, ClientFailure
from oauth_gauntlet.files.json_values import finite
from oauth_gauntlet.lab import described
from oauth_gauntlet.protocol import (
    ErrorInfo,
    ProtocolViolation,
    ResourceRequest,
    hello_from_json,
    now_from_json,
    response_from_json,
    response_outcome_from_json,
    texts_from_json,
    token_from_json,
    token_outcome_from_json,
)
from tests.selftest.trouble.damaged_documents import damaged, deep, examples, is_one_line_about, mutated

# Sends the octets of its configuration instead of its next answers, with the id filled in.
SCRIPTED = """
import base64, json, sys
octets = None
for line in sys.stdin:
    request = json.loads(line)
    identifier = str(request["id"]).encode()
    answer = b'{"id": @, "ok": {}}\\n'
    if request["op"] == "configure":
        octets = base64.b64decode(request["args"]["config"]["octets"])
    elif octets is not None and request["op"] != "close":
        answer = octets
    sys.stdout.buffer.write(answer.replace(b"@", identifier))
    sys.stdout.buffer.flush()
    if request["op"] == "close":
        break
"""

LIMITS = AdapterLimits(start_s=20, operation_s=10, close_s=5, kill_s=2, line_octets=100_000)

TOKEN = {
    "access_token": "t",
    "token_type": "Bearer",
    "expires_in": 3600,
    "expires_at": 1.5,
    "refresh_token": None,
    "extra": {"a": 1},
}
ERROR = {"kind": "oauth", "message": "no", "type": "E", "oauth_error": "invalid_grant", "http_status": 400, "retry_after": 1.5}
HELLO = {
    "protocol": 1,
    "client": {"name": "c", "version": "1", "language": "", "runtime": "", "url": ""},
    "grants": ["password"],
    "token_endpoint_auth_methods": ["none"],
    "parameters": ["scope"],
    "capabilities": ["cache"],
}
RIGHT = {
    "hello": HELLO,
    "get_token": {"token": TOKEN},
    "refresh": {"token": TOKEN},
    "get_tokens": {"results": [{"token": TOKEN}, {"error": ERROR}]},
    "request": {"status": 200, "headers": [["A", "b"]], "body": "x"},
    "requests": {"results": [{"response": {"status": 200, "headers": [["A", "b"]], "body": "x"}}, {"error": ERROR}]},
    "now": {"now": 1.5},
    "describe": {"texts": ["c", "t"]},
}
ARGUMENTS = {
    "get_tokens": (2,),
    "request": ("GET", "http://x", {}, None),
    "requests": ([ResourceRequest(url="http://x")] * 2,),
}


def outcomes(read, ok):
    """Return the results of concurrent calls, each of them read."""
    return [read(each, "x") for each in ok["results"]] if isinstance(ok.get("results"), list) else ()


READERS = {
    "hello": hello_from_json,
    "get_token": lambda ok: token_from_json(ok.get("token")),
    "get_tokens": lambda ok: outcomes(token_outcome_from_json, ok),
    "request": response_from_json,
    "requests": lambda ok: outcomes(response_outcome_from_json, ok),
    "now": now_from_json,
    "describe": texts_from_json,
}


def line(answer):
    """Return an answer as a line, with the placeholder @ for the id 77."""
    return json.dumps(answer).encode().replace(b'"id": 77', b'"id": @') + b"\n"


operations = st.sampled_from(sorted(RIGHT))


@st.composite
def damaged_answers(draw):
    """Draw an operation and the octets of its answer, with one change."""
    operation = draw(operations)
    right = {"id": 77, "error": ERROR} if draw(st.integers(0, 3)) == 0 else {"id": 77, "ok": RIGHT[operation]}
    match draw(st.sampled_from(["value", "value", "value", "octets", "lines", "twice", "deep", "huge"])):
        case "value":
            return operation, line(draw(mutated(right)))
        case "octets":
            return operation, draw(damaged(line(right)))
        case "lines":
            noise = draw(st.sampled_from([b"\n", b"log\n", b"\xff\n", b"{}\n", b"\x00", b"\r\n", line(right)]))
            return operation, draw(st.sampled_from([noise + line(right), line(right) + noise]))
        case "twice":  # members of an object; the last one counts
            return operation, line(right).replace(b"{", b'{"id": 1, "ok": {}, "token": 5, "kind": [], ', 1)
        case "deep":
            levels = draw(st.sampled_from([50, 99, 100, 500, 990, 5000]))
            opening, closing = draw(st.sampled_from([(b"[", b"]"), (b'{"a": ', b"}")]))
            nested = opening * levels + b"1" + closing * levels
            return operation, b'{"id": @, "ok": {"token": {"access_token": "t", "extra": {"x": ' + nested + b"}}}}\n"
        case _:
            return operation, line({**right, "x": "y" * draw(st.sampled_from([90_000, 99_960, 110_000]))})


@pytest.fixture(scope="module")
def adapters():
    """Return a function that returns the adapter; after a broken answer it starts a new one."""
    command = [sys.executable, "-I", "-S", "-c", SCRIPTED]
    living = [ProcessAdapter(command, limits=LIMITS)]

    def get(broken=False):
        if broken:
            living.append(ProcessAdapter(command, limits=LIMITS))
        return living[-1]

    yield get
    for each in living:
        each.close()


def asked(adapter, operation):
    """Call an operation, and return its value or its error as strict JSON."""
    try:
        answer = getattr(adapter, operation)(*ARGUMENTS.get(operation, ()))
    except ClientFailure as failure:
        answer = failure.error
    described(answer).encode("utf-8", "backslashreplace")
    return json.dumps(finite(answer.to_json() if hasattr(answer, "to_json") else None), allow_nan=False)


@examples(120)
@given(answer=damaged_answers())
def test_a_damaged_answer_of_a_program(adapters, answer):
    operation, octets = answer
    if not octets.endswith(b"\n"):
        octets += b"\n"  # the harness waits for the end of a line: see tests/adapters
    adapter = adapters()
    try:
        adapter.configure({"octets": base64.b64encode(octets).decode()})
        asked(adapter, operation)
        adapter.configure({"octets": ""})  # an extra line is found here at the latest
    except AdapterError as error:
        is_one_line_about(error, "the adapter", most=2000)
        adapters(broken=True)


@examples(400)
@given(answer=damaged_answers())
def test_a_damaged_answer_in_the_reader(answer):
    operation, octets = answer
    try:
        value = read_answer(octets.partition(b"\n")[0].replace(b"@", b"7"), 7, operation)
        if not isinstance(value, ErrorInfo):
            READERS.get(operation, READERS["get_token"])(value)
    except ProtocolViolation as violation:
        is_one_line_about(violation, "", most=1500)


@pytest.mark.parametrize("operation", sorted(RIGHT))
def test_valid_answers_are_accepted(adapters, operation):
    adapters().configure({"octets": base64.b64encode(line({"id": 77, "ok": RIGHT[operation]})).decode()})
    assert getattr(adapters(), operation)(*ARGUMENTS.get(operation, ()))


@pytest.mark.parametrize("levels", [10, 500, 990, 10_000])
def test_members_from_the_server_may_be_nested_to_any_depth(levels):
    nested = "[" * levels + "]" * levels
    answer = read_answer(
        f'{{"id": 1, "ok": {{"token": {{"access_token": "t", "extra": {{"x": {nested}}}}}}}}}'.encode(), 1, "get_token"
    )
    token = token_from_json(answer["token"])
    assert token.access_token == "t"
    assert (token.extra["x"] == deep_list(levels)) == (levels <= 90)


def deep_list(levels):
    value = deep(levels - 1) if levels < 100 else None
    return json.loads(json.dumps(value).replace("1", "[]")) if value is not None else None
