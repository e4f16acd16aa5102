import dataclasses
import json
import typing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from oauth_gauntlet_server.faults import PRESETS, FaultError, Trigger, all_faults, fault_from_json
from oauth_gauntlet_server.faults.base import Faults
from oauth_gauntlet_server.faults.fault_json import nearest, plain
from oauth_gauntlet_server.http.http_request import Headers

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = {
    str: texts,
    int: st.integers(0, 999),
    float: st.floats(0, 86_400) | st.integers(0, 86_400),
    bool: st.booleans(),
    bytes: st.binary(),
    type(None): st.none(),
    Any: json_values,
    dict[str, Any]: st.dictionaries(texts, json_values, max_size=3),
    Headers: st.lists(st.tuples(texts, texts)).map(tuple),
    Faults: st.lists(st.sampled_from([PRESETS["slow"], PRESETS["cut-short"], PRESETS["invalid-grant"]])).map(tuple),
}


def parameter(hint):
    if hint in VALUES:
        return VALUES[hint]
    if typing.get_origin(hint) is typing.Literal:
        return st.sampled_from(typing.get_args(hint))
    return st.one_of([VALUES[kind] for kind in typing.get_args(hint)])


@pytest.mark.parametrize("name", sorted(all_faults()))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_every_fault_comes_back_from_its_json_form(name, data):
    fault_class = all_faults()[name]
    hints = typing.get_type_hints(fault_class)
    values = {field.name: data.draw(parameter(hints[field.name]), field.name) for field in dataclasses.fields(fault_class)}
    try:
        fault = fault_class(**values)
    except FaultError:
        reject()
    document = json.loads(json.dumps(fault.to_json()))
    assert document["fault"] == name
    assert fault_from_json(document) == fault
    assert fault_from_json({**document, "when": {"times": 1}}) == fault


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_comes_back_from_its_json_form(preset):
    assert fault_from_json(json.loads(json.dumps(PRESETS[preset].to_json()))) == PRESETS[preset]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"fault": "oauth_eror"}, "unknown fault 'oauth_eror'; did you mean oauth_error, "),
        ({"fault": 3}, "unknown fault 3; there are all_of, bearer_error, body"),
        ({}, "unknown fault None; there are all_of"),
        (
            {"fault": "oauth_error", "statuss": 1},
            "fault oauth_error: unknown parameter 'statuss'; did you mean status?",
        ),
        ({"fault": "oauth_error", "status": "400"}, "fault oauth_error: status: expected a whole number, got '400'"),
        ({"fault": "oauth_error", "status": True}, "fault oauth_error: status: expected a whole number, got True"),
        ({"fault": "oauth_error", "status": 99}, "fault oauth_error: status lies between 200 and 999, got 99"),
        ({"fault": "http_status", "status": 100}, "fault http_status: status lies between 200 and 999, got 100"),
        ({"fault": "content_type", "value": 1}, "fault content_type: value: expected a string or null, got 1"),
        ({"fault": "redirect", "relative": 1}, "fault redirect: relative: expected true or false, got 1"),
        ({"fault": "oauth_error", "extra": []}, "fault oauth_error: extra: expected an object, got []"),
        ({"fault": "http_status"}, "fault http_status: the parameter 'status' is missing"),
        ({"fault": "delay", "seconds": "1"}, "fault delay: seconds: expected a number, got '1'"),
        ({"fault": "delay", "seconds": -1}, "fault delay: seconds lies between 0 and 86400, got -1"),
        ({"fault": "delay", "seconds": float("nan")}, "fault delay: seconds lies between 0 and 86400, got nan"),
        ({"fault": "body", "content": 1}, "fault body: content: expected a string or"),
        ({"fault": "body", "content": {"base64": "!"}}, "fault body: content: "),
        ({"fault": "body", "content": "\ud800"}, "fault body: content: "),
        ({"fault": "http_status", "status": 500, "headers": [["a"]]}, "headers: expected [[name, value], ...]"),
        ({"fault": "http_status", "status": 500, "headers": [[1, "b"]]}, "headers: expected [[name, value], ...]"),
        ({"fault": "http_status", "status": 500, "headers": {"a": 1}}, "headers: expected [[name, value], ...]"),
        ({"fault": "http_status", "status": 500, "headers": "a"}, "headers: expected [[name, value], ...]"),
    ],
)
def test_what_is_wrong_is_one_sentence_that_helps(document, sentence):
    with pytest.raises(FaultError) as caught:
        fault_from_json(document)
    assert sentence in str(caught.value)


def test_headers_may_be_an_object():
    fault = fault_from_json({"fault": "http_status", "status": 429, "headers": {"Retry-After": "1"}})
    assert fault.headers == (("Retry-After", "1"),)


def test_octets_are_text_where_they_are_utf8():
    assert plain("é".encode()) == "é"
    assert plain(b"\xff") == {"base64": "/w=="}
    assert fault_from_json({"fault": "body", "content": "é"}).content == "é".encode()
    assert fault_from_json({"fault": "body", "content": {"base64": "/w=="}}).content == b"\xff"


def test_nearest():
    assert nearest("delai", ["delay", "body"]) == "; did you mean delay?"
    assert nearest("zzz", ["b", "a"]) == "; there are a, b"


@given(
    st.builds(
        Trigger,
        endpoint=st.sampled_from([None, "own", "token", "resource"]),
        grant=st.none() | st.just("password"),
        client_id=st.none() | texts,
        nth=st.none() | st.integers(1),
        times=st.none() | st.integers(1),
        every=st.none() | st.integers(1),
        probability=st.none() | st.floats(0, 1),
        seed=st.none() | st.integers(),
    )
)
def test_every_trigger_comes_back_from_its_json_form(trigger):
    assert Trigger.from_json(json.loads(json.dumps(trigger.to_json()))) == trigger


def test_a_trigger_says_only_what_is_not_as_by_default():
    assert Trigger().to_json() == {}
    assert Trigger(endpoint=None, times=1).to_json() == {"endpoint": None, "times": 1}
    assert Trigger.from_json({"probability": 1}).probability == 1


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"time": 1}, "trigger: unknown parameter 'time'; did you mean times?"),
        ({"times": "1"}, "trigger: times: expected a whole number or null, got '1'"),
        ({"times": 0}, "trigger: times counts from 1, got 0"),
        ({"nth": -1}, "trigger: nth counts from 1, got -1"),
        ({"every": 0}, "trigger: every counts from 1, got 0"),
        ({"probability": 1.5}, "trigger: probability lies between 0 and 1, got 1.5"),
    ],
)
def test_what_is_wrong_in_a_trigger_too(document, sentence):
    with pytest.raises(FaultError) as caught:
        Trigger.from_json(document)
    assert str(caught.value) == sentence
