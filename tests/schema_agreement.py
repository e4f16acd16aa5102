"""Compare the published JSON Schemas with the code, for every message that passes through it in a test.

`install` wraps the functions that write and read messages. A written message has to match its schema. For a message
that is read, the schema and the code have to agree: both accept it, or both reject it. `disagreements` collects what
does not agree; the fixture `messages_agree_with_the_schemas` fails the test then.
"""

import functools
import json
import sys

import jsonschema_rs
import pytest

from oauth_gauntlet.adapters import framing
from oauth_gauntlet.files.json_values import shallow
from oauth_gauntlet.protocol import ProtocolViolation, reading
from oauth_gauntlet.reading import Malformed
from oauth_gauntlet.results import result_json, trouble
from oauth_gauntlet.results.stream import ResultWriter
from oauth_gauntlet.schemas import schemas

PROTOCOL, RESULTS = "adapter-protocol.schema.json", "results.schema.json"

READERS = {
    (reading, "hello_from_json"): (PROTOCOL, "hello"),
    (reading, "token_from_json"): (PROTOCOL, "token"),
    (reading, "error_from_json"): (PROTOCOL, "error"),
    (reading, "token_outcome_from_json"): (PROTOCOL, "token_outcome"),
    (reading, "response_from_json"): (PROTOCOL, "response"),
    (reading, "response_outcome_from_json"): (PROTOCOL, "response_outcome"),
    (reading, "texts_from_json"): (PROTOCOL, "describe_ok"),
    (reading, "now_from_json"): (PROTOCOL, "now_ok"),
    (result_json, "header_from_json"): (RESULTS, "header"),
    (result_json, "result_from_json"): (RESULTS, "result"),
    (trouble, "trouble_from_json"): (RESULTS, "trouble"),
}
"""Each function that checks a message, and its definition in a schema."""

disagreements = []


@functools.cache
def validator(file, name):
    """Return the validator of one definition."""
    document = {key: value for key, value in schemas()[file].items() if key not in {"anyOf", "oneOf"}}
    return jsonschema_rs.validator_for({**document, "$ref": f"#/$defs/{name}"})


def matches(file, name, value):
    """Return whether a value matches a definition; None where JSON Schema cannot decide."""
    try:
        value = json.loads(json.dumps(shallow(value)), parse_constant=_refused)
    except (TypeError, ValueError, RecursionError):
        return None
    return None if _is_float_for_integer(value) else validator(file, name).is_valid(_without_surrogates(value))


def _refused(name):
    raise ValueError(f"{name} is no JSON")


def _is_float_for_integer(value):
    """Return whether a member is 200.0 instead of 200, which JSON Schema accepts as an integer and this project rejects."""
    if isinstance(value, dict):
        named = any(isinstance(value.get(key), float) for key in ("status", "total", "exchange", "body_length"))
        return named or any(map(_is_float_for_integer, value.values()))
    return isinstance(value, list) and any(map(_is_float_for_integer, value))


def _without_surrogates(value):
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_without_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
    return value


def install():
    """Wrap the functions that write and read messages, in every module that has imported them."""
    if getattr(ResultWriter._line, "is_compared", False):
        return
    for (module, name), (file, definition) in READERS.items():
        _replace(getattr(module, name), _compared(getattr(module, name), file, definition))
    _replace(framing.request_line, _request_line(framing.request_line))
    _replace(framing.read_answer, _read_answer(framing.read_answer))
    ResultWriter._line = _written_line(ResultWriter._line)
    ResultWriter._line.is_compared = True


def _replace(function, wrapper):
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("oauth_gauntlet", "tests.")):
            for name in [name for name, value in vars(module).items() if value is function]:
                setattr(module, name, wrapper)


def _compared(read, file, definition):
    @functools.wraps(read)
    def wrapper(value, *arguments):
        with _agreement(file, definition, value):
            return read(value, *arguments)

    return wrapper


class _agreement:  # noqa: N801 - a context manager
    def __init__(self, file, definition, value):
        self.expected = matches(file, definition, value)
        self.what = f"{definition}: {value!r:.300}"

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None and not issubclass(kind, ProtocolViolation | Malformed):
            return
        accepted = kind is None
        if self.expected is not None and self.expected != accepted:
            disagreements.append(f"the code {'accepts' if accepted else 'rejects'}, the schema does not: {self.what}")


def _request_line(spell):
    @functools.wraps(spell)
    def wrapper(identifier, operation, arguments):
        line = spell(identifier, operation, arguments)
        name = f"{operation}_request"
        # Tests and `adapter check` send operations that the protocol does not know.
        if name in schemas()[PROTOCOL]["$defs"] and matches(PROTOCOL, name, json.loads(line)) is False:
            disagreements.append(f"the request does not match the schema: {line[:300]!r}")
        return line

    return wrapper


def _read_answer(read):
    @functools.wraps(read)
    def wrapper(line, identifier, operation):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return read(line, identifier, operation)
        if not isinstance(value, dict) or value.get("id") != identifier:
            return read(line, identifier, operation)
        with _agreement(PROTOCOL, "answer", value):
            return read(line, identifier, operation)

    return wrapper


def _written_line(write):
    @functools.wraps(write)
    def wrapper(self, document):
        name = f"{document['type']}_line"
        if matches(RESULTS, name, document) is False:
            disagreements.append(f"the line of results does not match the schema: {document!r:.300}")
        return write(self, document)

    return wrapper


@pytest.fixture(autouse=True)
def messages_agree_with_the_schemas(request):
    """Fail a test in which code and schema disagree, or that leaves a results file with a line outside the schema."""
    disagreements.clear()
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    for path in [] if folder is None else folder.rglob("*.jsonl"):
        if path.is_file():
            disagreements.extend(_lines_that_do_not_agree(path))
    found, disagreements[:] = disagreements[:], []
    assert not found, "\n".join(found)


def _lines_that_do_not_agree(path):
    """Yield a sentence for each line of a results file that the code accepts and the schema does not, or vice versa."""
    checks = {
        "header": result_json.header_from_json,
        "plan": result_json.total_from_json,
        "result": result_json.result_from_json,
        "footer": result_json.ending_from_json,
        "trouble": trouble.trouble_from_json,
    }
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(document, dict) or document.get("type") not in checks:
            continue
        expected = matches(RESULTS, f"{document['type']}_line", document)
        try:
            checks[document["type"]](document)
            accepted = True
        except Malformed:
            accepted = False
        if expected is not None and expected != accepted:
            yield f"{path.name}, line {number}: the code {'accepts' if accepted else 'rejects'} it, the schema does not"
