import dataclasses
import json
import typing
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth_gauntlet_server.faults import PRESETS, FaultError, Trigger, all_faults, fault_from_json
from oauth_gauntlet_server.faults.base import Fault, Faults, register
from oauth_gauntlet_server.http.http_request import Headers

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
json_values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=3)
VALUES = {
    str: texts,
    int: st.integers(1, 999),
    float: st.floats(0, 86_400) | st.integers(0, 86_400),
    bool: st.booleans(),
    bytes: st.binary(min_size=1, max_size=20),
    type(None): st.none(),
    Any: json_values,
    dict[str, Any]: st.dictionaries(texts, json_values, max_size=3),
    Headers: st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    Faults: st.lists(st.sampled_from([PRESETS["slow"], PRESETS["cut-short"], PRESETS["invalid-grant"]]), max_size=3).map(tuple),
}
names = st.from_regex(r"[!-~]{1,8}", fullmatch=True)
# Parameters whose bounds are narrower than their type: the generated values must all be accepted.
BOUNDED = {
    ("redirect", "status"): st.sampled_from([300, 301, 302, 303, 307, 308]),
    ("interim", "status"): st.integers(102, 199),
    ("interim", "headers"): st.lists(st.tuples(names, names), max_size=3).map(tuple),
    **{
        (name, "status"): st.integers(200, 999)
        for name in ("bearer_error", "http_status", "oauth_error", "retry_after", "status")
    },
}

few_examples = settings(max_examples=25)


def values_of(fault_name, parameter, hint):
    if (fault_name, parameter) in BOUNDED:
        return BOUNDED[fault_name, parameter]
    if hint in VALUES:
        return VALUES[hint]
    if typing.get_origin(hint) is typing.Literal:
        return st.sampled_from(typing.get_args(hint))
    return st.one_of([values_of(fault_name, parameter, kind) for kind in typing.get_args(hint)])


def faults_of(name):
    fault_class = all_faults()[name]
    hints = typing.get_type_hints(fault_class)
    fields = dataclasses.fields(fault_class)
    return st.builds(fault_class, **{field.name: values_of(name, field.name, hints[field.name]) for field in fields})


@pytest.mark.parametrize("name", sorted(all_faults()))
def test_every_fault_is_read_back_from_its_json(name):
    @few_examples
    @given(fault=faults_of(name))
    def check(fault):
        document = json.loads(json.dumps(fault.to_json()))
        assert document["fault"] == name
        assert fault_from_json(document) == fault
        assert fault_from_json({**document, "when": {"times": 1}}) == fault

    check()


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_is_read_back_from_its_json(preset):
    assert fault_from_json(json.loads(json.dumps(PRESETS[preset].to_json()))) == PRESETS[preset]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"fault": "oauth_eror"}, "unknown fault 'oauth_eror'; did you mean oauth_error"),
        ({"fault": 3}, "unknown fault 3; there are all_of, announced_close, bearer_error, body"),
        ({}, "unknown fault None; there are all_of"),
        (
            {"fault": "oauth_error", "statuss": 1},
            "statuss: unknown member 'statuss': expected one of error, status, description, uri, extra; did you mean status?",
        ),
        ({"fault": "oauth_error", "status": "400"}, "fault oauth_error: status: got '400': expected a whole number"),
        ({"fault": "oauth_error", "status": True}, "fault oauth_error: status: got True: expected a whole number"),
        (
            {"fault": "oauth_error", "status": 99},
            "fault oauth_error: status: got 99: expected a whole number between 200 and 999",
        ),
        (
            {"fault": "http_status", "status": 100},
            "fault http_status: status: got 100: expected a whole number between 200 and 999",
        ),
        ({"fault": "content_type", "value": 1}, "fault content_type: value: got 1: expected a string or null"),
        ({"fault": "redirect", "relative": 1}, "fault redirect: relative: got 1: expected true or false"),
        ({"fault": "oauth_error", "extra": []}, "fault oauth_error: extra: got []: expected an object"),
        ({"fault": "http_status"}, "fault http_status: the member 'status' is missing: expected a whole number"),
        ({"fault": "delay", "seconds": "1"}, "fault delay: seconds: got '1': expected a number"),
        ({"fault": "delay", "seconds": -1}, "fault delay: seconds: got -1: expected a number between 0 and 86400"),
        ({"fault": "delay", "seconds": float("nan")}, "fault delay: seconds: got nan: expected a number"),
        ({"fault": "body", "content": 1}, "fault body: content: got 1: expected a string or an object with 'base64'"),
        ({"fault": "body", "content": {"base64": "!"}}, "fault body: content: base64: "),
        ({"fault": "body", "content": {"base46": ""}}, "did you mean base64?"),
        ({"fault": "body", "content": "\ud800"}, "fault body: content: the string contains half of a surrogate pair"),
        (
            {"fault": "http_status", "status": 500, "headers": [["a"]]},
            "headers: 0: got 1 item: expected a list of exactly 2 items",
        ),
        ({"fault": "http_status", "status": 500, "headers": [[1, "b"]]}, "headers: 0: 0: got 1: expected a string"),
        ({"fault": "http_status", "status": 500, "headers": {"a": 1}}, "headers: a: got 1: expected a string"),
        ({"fault": "http_status", "status": 500, "headers": "a"}, "headers: got 'a': expected a list or an object"),
    ],
)
def test_the_error_names_the_parameter_what_was_expected_and_the_nearest_name(document, sentence):
    with pytest.raises(FaultError) as caught:
        fault_from_json(document)
    assert sentence in str(caught.value)


def test_headers_can_be_an_object():
    fault = fault_from_json({"fault": "http_status", "status": 429, "headers": {"Retry-After": "1"}})
    assert fault.headers == (("Retry-After", "1"),)


def test_octets_can_be_text_or_base64():
    assert fault_from_json({"fault": "body", "content": "é"}).content == "é".encode()
    assert fault_from_json({"fault": "body", "content": {"base64": "/w=="}}).content == b"\xff"


def test_a_fault_with_a_parameter_of_an_unknown_type_cannot_be_registered():
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Odd(Fault):
        name: ClassVar[str] = "odd"
        pairs: tuple[int, ...] = ()

    with pytest.raises(TypeError, match="is not a parameter type"):
        register(Odd)
    assert "odd" not in all_faults()


@few_examples
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
def test_every_trigger_is_read_back_from_its_json(trigger):
    assert Trigger.from_json(json.loads(json.dumps(trigger.to_json()))) == trigger


def test_the_json_of_a_trigger_leaves_defaults_out():
    assert Trigger().to_json() == {}
    assert Trigger(endpoint=None, times=1).to_json() == {"endpoint": None, "times": 1}
    assert Trigger.from_json({"probability": 1}).probability == 1


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            {"time": 1},
            (
                "trigger: time: unknown member 'time': expected one of endpoint, grant, client_id, nth, times, every, "
                "probability, seed; did you mean times?"
            ),
        ),
        ({"times": "1"}, "trigger: times: got '1': expected a whole number of at least 1 or null"),
        ({"times": 0}, "trigger: times: got 0: expected a whole number of at least 1 or null"),
        ({"nth": -1}, "trigger: nth: got -1: expected a whole number of at least 1 or null"),
        ({"every": 0}, "trigger: every: got 0: expected a whole number of at least 1 or null"),
        ({"probability": 1.5}, "trigger: probability: got 1.5: expected a number between 0 and 1 or null"),
    ],
)
def test_an_error_in_a_trigger_is_one_sentence(document, sentence):
    with pytest.raises(FaultError) as caught:
        Trigger.from_json(document)
    assert str(caught.value) == sentence
