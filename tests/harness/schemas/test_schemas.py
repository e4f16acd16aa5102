"""The schemas name what the code names. tests/test_generated.py compares the files, tests/schema_agreement.py the messages."""

import inspect
import json

import jsonschema_rs
import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.protocol import CONFIGURATION_KEYS, ErrorInfo, ErrorKind, ResourceRequest, ResourceResponse, Token
from oauth_gauntlet.schemas import schemas, spelled
from oauth_gauntlet.schemas.protocol_schema import OPERATIONS
from tests import schema_agreement
from tests.schema_agreement import PROTOCOL, RESULTS, matches

DEFINITIONS = schemas()[PROTOCOL]["$defs"]
RESULT = Result(
    id="a.b",
    scenario="a.b[password]",
    grant="password",
    level=Level.MUST,
    basis=(quote("RFC 6749 5", "The client MUST do so."),),
    statement="It does.",
    verdict=Verdict.VIOLATION,
    findings=(Finding(expected="x", seen="y", grade=Verdict.VIOLATION, mark=Mark(text="z")),),
)
RUN = Run(tool_version="1", client={"name": "c"}, declared={}, options={}, started_at="2026-01-01T00:00:00Z", results=(RESULT,))


def test_the_text_of_a_file_is_the_schema():
    assert {name: json.loads(spelled(schema)) for name, schema in schemas().items()} == schemas()


@pytest.mark.parametrize("name", [PROTOCOL, RESULTS])
def test_each_file_is_a_schema_of_draft_2020_12_without_a_dangling_reference(name):
    document = schemas()[name]
    jsonschema_rs.meta.validate(document)
    jsonschema_rs.Draft202012Validator(document)
    text = json.dumps(document)
    for definition in document["$defs"]:
        is_entry = definition.endswith(("_answer", "_request", "document"))
        assert is_entry or f'"#/$defs/{definition}"' in text, f"nothing uses {definition}"


def test_each_operation_is_a_method_of_client_adapter():
    methods = {name for name, _ in inspect.getmembers(ClientAdapter, inspect.isfunction)}
    # An instance is named by an argument of the other operations, and the offset from UTC is a part of the answer to `now`.
    # `answer_by` is no operation: it is the harness's own, until when an operation must be answered.
    assert {*OPERATIONS, "instance", "utc_offset", "answer_by"} == methods


def members(definition):
    return set(DEFINITIONS[definition]["properties"])


def test_the_members_are_those_of_the_code():
    assert members("configuration") == CONFIGURATION_KEYS
    assert members("token") == set(Token(access_token="t").to_json())
    assert members("error") == set(ErrorInfo(kind=ErrorKind.OAUTH, message="").to_json())
    assert members("response") == set(ResourceResponse(status=200, headers=(), body="").to_json())
    assert set(DEFINITIONS["requests_request"]["properties"]["args"]["properties"]["requests"]["items"]["properties"]) == set(
        ResourceRequest(url="u").to_json()
    )
    results = schemas()[RESULTS]["$defs"]
    assert set(results["result"]["properties"]) == set(RESULT.to_json())
    assert set(results["finding"]["properties"]) == set(RESULT.findings[0].to_json())
    assert set(results["finding"]["properties"]["mark"]["properties"]) == set(Mark(text="z").to_json())
    assert set(results["header"]["properties"]) == set(RUN.header_json())


def test_a_document_of_results_matches():
    assert matches(RESULTS, "document", RUN.to_json())
    assert not matches(RESULTS, "document", {**RUN.to_json(), "results": [{}]})


@pytest.mark.parametrize(
    ("trouble", "valid"),
    [
        ({"type": "trouble", "kind": "usage", "message": "no such file"}, True),
        ({"type": "trouble", "kind": "weather", "message": "no such file"}, False),
        ({"type": "trouble", "kind": "adapter"}, False),
    ],
)
def test_a_trouble_record_has_a_kind_and_a_message(trouble, valid):
    assert matches(RESULTS, "trouble_line", trouble) is valid


@pytest.mark.parametrize(
    ("message", "valid"),
    [
        ({"id": 1, "op": "get_tokens", "args": {"count": 2, "cancel": 1}}, True),
        ({"id": 1, "op": "get_tokens", "args": {"count": 0}}, False),
        ({"id": 1, "op": "requests", "args": {"requests": [ResourceRequest(url="u").to_json()], "cancel": 1}}, True),
        ({"id": 1, "op": "requests", "args": {"requests": []}}, False),
        ({"id": 1, "op": "requests", "args": {"requests": [{"url": "u"}]}}, False),
        ({"id": 1, "op": "configure", "args": {"config": {"timeout": "1"}}}, False),
        ({"id": 1, "ok": {}}, True),
        ({"id": 1, "ok": {}, "error": {"kind": "oauth"}}, False),
        ({"id": 1}, False),
    ],
)
def test_the_whole_schema_accepts_any_message_of_the_protocol(message, valid):
    assert jsonschema_rs.is_valid(schemas()[PROTOCOL], message) is valid


def test_a_message_that_does_not_match_is_noticed(monkeypatch):
    monkeypatch.setattr(schema_agreement, "matches", lambda *_: False)
    from oauth_gauntlet.adapters.framing import request_line
    from oauth_gauntlet.protocol import token_from_json

    token_from_json({"access_token": "t"})
    request_line(1, "now", {})
    noticed, schema_agreement.disagreements[:] = schema_agreement.disagreements[:], []
    assert [text.partition(":")[0] for text in noticed] == [
        "the code accepts, the schema does not",
        "the request does not match the schema",
    ]
