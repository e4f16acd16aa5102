"""Read results from their JSON representation, and check the type of every member. Pure.

A results file may come from another version, from another tool, or from a broken disk. Every `Result` and `Run` that
these functions return has members of the declared types. Unknown members are ignored.
"""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet.model import (
    RESULTS_SCHEMA,
    Basis,
    BasisKind,
    Binds,
    Damage,
    Ending,
    Finding,
    Level,
    Mark,
    Result,
    Run,
    Verdict,
)
from oauth_gauntlet.reading import (
    JSON,
    JSONObject,
    Malformed,
    as_choice,
    as_count,
    as_flag,
    as_list,
    as_object,
    as_pairs,
    as_seconds,
    as_text,
    as_text_or_null,
    as_whole,
    each,
    member,
    unexpected,
)
from oauth_gauntlet.results.packed_exchanges import PackedExchanges
from oauth_gauntlet.results.shared_parts import SharedParts


def header_from_json(document: JSON) -> Run:
    """Return a run without results, read from the header of a stream or from the same members of results.json.

    Raises:
        Malformed: it is not a header, or its schema is another one.
    """
    schema = as_object(document, "it").get("schema")
    if schema != RESULTS_SCHEMA:
        raise unexpected("schema", RESULTS_SCHEMA, schema)
    client, options = member(document, "client", as_object), member(document, "options", as_object)
    for key, value in client.items():
        as_text_or_null(value, f"client.{key}")
    for key in ("effort", "clock"):
        as_text_or_null(options.get(key), f"options.{key}")
    for key in ("profiles", "profiles_not_asked"):
        each(options.get(key, []), f"options.{key}", as_text)
    for name, value in as_object(options.get("environment") or {}, "options.environment").items():
        as_text(value, f"options.environment.{name}")
    selection, requirement_set = options.get("selection"), options.get("set")
    if selection is not None:
        as_object(selection, "options.selection")
    if requirement_set is not None:
        as_text(as_object(requirement_set, "options.set").get("name"), "options.set.name")
    return Run(
        tool_version=as_text(member(document, "tool", as_object).get("version"), "tool.version"),
        client=client,
        declared=member(document, "declared", as_object),
        options=options,
        started_at=member(document, "started_at", as_text),
    )


def total_from_json(document: JSONObject) -> int:
    """Return the number of results that a plan announces.

    Raises:
        Malformed: it is missing, or it is not a number of at least 0.
    """
    return member(document, "total", as_count)


def ending_from_json(document: JSONObject) -> tuple[float, bool]:
    """Return a run's duration in seconds and whether it is complete, read from a footer or from results.json.

    Raises:
        Malformed: one of them is missing or has the wrong type.
    """
    complete = as_flag(document.get("complete"), "complete")
    return member(document, "duration_s", as_seconds), complete


def results_from_json(document: JSONObject) -> tuple[Result, ...]:
    """Return the results of a results.json.

    Raises:
        Malformed: one of them is not a result; the text names its index.
    """
    found: list[Result] = []
    shared = SharedParts()
    for place, item in enumerate(as_list(document.get("results"), "results")):
        try:
            found.append(result_from_json(item, shared))
        except Malformed as error:
            raise Malformed(f"results[{place}].{error}") from error
    return tuple(found)


def result_from_json(document: JSON, shared: SharedParts | None = None) -> Result:
    """Return a result from its JSON representation, a document as `json.loads` returns it.

    With `shared`, what several results have in common is read once.

    Raises:
        Malformed: a member is missing or has the wrong type.
    """
    as_object(document, "it")
    answer, expected, ending = document.get("answer"), document.get("expected"), document.get("ending")
    shared = SharedParts() if shared is None else shared
    same, list_of = shared.text, shared.each
    exchanges = each(document.get("exchanges", []), "exchanges", _exchange)
    return Result(
        id=same(member(document, "id", as_text)),
        scenario=member(document, "scenario", as_text),
        grant=same(member(document, "grant", as_text)),
        level=as_choice(Level, document.get("level"), "level"),
        basis=list_of(document.get("basis"), "basis", _basis),
        statement=same(member(document, "statement", as_text)),
        verdict=as_choice(Verdict, document.get("verdict"), "verdict"),
        message=same(member(document, "message", as_text)),
        expected=None if expected is None else as_object(expected, "expected"),
        duration_s=member(document, "duration_s", as_seconds),
        findings=list_of(document.get("findings", []), "findings", _finding),
        answer=None if answer is None else as_object(answer, "answer"),
        notes=list_of(document.get("notes", []), "notes", as_text),
        exchanges=PackedExchanges(exchanges) if exchanges else (),
        reproduce=same(as_text(document.get("reproduce", ""), "reproduce")),
        profile=as_text_or_null(document.get("profile"), "profile"),
        covered_by=list_of(document.get("covered_by", []), "covered_by", as_text),
        refused_as=list_of(document.get("refused_as", []), "refused_as", as_text),
        follows_from=as_text(document.get("follows_from", ""), "follows_from"),
        platform=same(as_text(document.get("platform", ""), "platform")),
        ending=None if ending is None else as_choice(Ending, ending, "ending"),
        damage=as_choice(Damage, document.get("damage", Damage.NO_TOKEN), "damage"),
    )


def _basis(value: JSON, path: str) -> Basis:
    document = as_object(value, path)
    return Basis(
        kind=as_choice(BasisKind, document.get("kind"), f"{path}.kind"),
        sentence=as_text(document.get("sentence"), f"{path}.sentence"),
        document=as_text(document.get("document", ""), f"{path}.document"),
        section=as_text(document.get("section", ""), f"{path}.section"),
        binds=as_choice(Binds, document.get("binds"), f"{path}.binds"),
    )


def _finding(value: JSON, path: str) -> Finding:
    document = as_object(value, path)
    mark = document.get("mark")
    return Finding(
        expected=as_text(document.get("expected"), f"{path}.expected"),
        seen=as_text(document.get("seen"), f"{path}.seen"),
        grade=as_choice(Verdict, document.get("grade"), f"{path}.grade"),
        mark=None if mark is None else _mark(as_object(mark, f"{path}.mark"), f"{path}.mark"),
    )


def _mark(document: JSONObject, path: str) -> Mark:
    return Mark(
        text=as_text(document.get("text"), f"{path}.text"),
        part=as_text(document.get("part"), f"{path}.part"),
        exchange=as_whole(document.get("exchange"), f"{path}.exchange"),
    )


def _exchange(value: JSON, path: str) -> JSONObject:
    exchange = as_object(value, path)
    _within(path, _check_exchange, exchange)
    return exchange


def _check_exchange(exchange: JSONObject) -> None:
    request, response = as_object(exchange.get("request"), "request"), exchange.get("response")
    _within("request", _check_request, request)
    if response is not None:
        _within("response", _check_response, as_object(response, "response"))
    elif "response" not in exchange:
        raise Malformed("response: missing; null where there was no response")
    as_text_or_null(exchange.get("fault"), "fault")


def _check_request(request: JSONObject) -> None:
    as_text(request.get("method"), "method")
    as_text(request.get("target"), "target")
    as_text_or_null(request.get("http_version"), "http_version")
    _check_message(request)


def _check_response(response: JSONObject) -> None:
    as_count(response.get("status"), "status")
    as_text_or_null(response.get("reason"), "reason")
    _check_message(response)


def _check_message(message: JSONObject) -> None:
    as_pairs(message.get("headers"), "headers")
    as_text_or_null(message.get("head"), "head")
    as_text(message.get("body"), "body")
    if message.get("body_truncated"):
        as_count(message.get("body_length"), "body_length")


def _within(path: str, check: Callable[[JSONObject], None], value: JSONObject) -> None:
    """Check an object; an error names the path to it. Paths are made for errors only: a file has millions of members."""
    try:
        check(value)
    except Malformed as error:
        raise Malformed(f"{path}.{error}") from error
