"""Helpers for the adapter of a Python client that runs in the process of the harness (``py:``).

Such an adapter is a `ClientAdapter`; ``oauth-gauntlet adapter new python --in-process`` copies a starter. These functions do
what the loop of an adapter in its own process does: make a token, report an exception, and make calls at the same time.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from numbers import Real
from typing import Any, TypeVar

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.python_answers import ENDS_A_PROCESS, message_of, type_name
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceRequest, ResourceResponse, Token

_A = TypeVar("_A")

Kinds = Sequence[tuple[type[BaseException], ErrorKind]]
"""The exceptions that a client documents, each with its kind; the first match counts."""


def token(members: Mapping[str, Any] | None) -> Token:
    """Return the protocol's token for the members that the client returns to its application.

    Numbers may have any of Python's types. A member of a type other than the protocol's becomes None, with a note on stderr,
    and goes into ``extra``, unchanged. A client that returns None in place of a token has handed out one without members.
    """
    members = {} if members is None else members
    texts = {name: _text(members.get(name)) for name in ("token_type", "refresh_token", "scope")}
    numbers = {name: _number(members.get(name)) for name in ("expires_in", "expires_at")}
    known = {**texts, **numbers}
    extra = {
        name: value
        for name, value in members.items()
        if name != "access_token" and value is not None and known.get(name) is None
    }
    for name in known.keys() & extra.keys():
        # The type only: the value may be a token.
        found, wanted = type(extra[name]).__name__, "a text" if name in texts else "a finite number"
        sys.stderr.write(f"in_process: {name} is a {found}, not {wanted}, and is reported as null\n")
    return Token(
        access_token=members.get("access_token"),
        token_type=texts["token_type"],
        expires_in=numbers["expires_in"],
        expires_at=numbers["expires_at"],
        refresh_token=texts["refresh_token"],
        scope=texts["scope"],
        extra=extra,
    )


@contextmanager
def reported(kinds: Kinds, details: Callable[[Any], Mapping[str, Any]] | None = None) -> Iterator[None]:
    """Turn an exception of the client into the protocol's error, with its text and its class.

    `details` returns further members of an error of kind ``oauth``, such as ``oauth_error`` and ``http_status``; a member of
    a type other than the protocol's becomes None.

    Raises:
        ClientFailure: the client raised an exception; one that is not in `kinds` has kind ``unexpected``.
    """
    try:
        yield
    except ClientFailure:
        raise
    except Exception as exception:
        raise ClientFailure(_error(exception, kinds, details)) from exception
    except BaseException as exception:
        # Such as gevent.Timeout. One that is not in the table goes on: a task is cancelled by asyncio.CancelledError.
        if not isinstance(exception, tuple(native for native, _ in kinds)):
            raise
        raise ClientFailure(_error(exception, kinds, details)) from exception


def concurrently(calls: Sequence[Callable[[], _A]]) -> list[_A | ErrorInfo]:
    """Return the answers to calls that start at the same time, each on a thread, in their order."""
    start = threading.Barrier(len(calls))

    def answer(call: Callable[[], _A]) -> _A | ErrorInfo:
        start.wait()
        try:
            return call()
        except ClientFailure as failure:
            return failure.error
        except ENDS_A_PROCESS:
            raise
        except BaseException as exception:
            return _error(exception, (), None)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(answer, calls))


def requested_together(client: ClientAdapter, requests: Sequence[ResourceRequest]) -> list[ResourceResponse | ErrorInfo]:
    """Return the answers to several requests of a client that start at the same time, each on a thread, in their order."""
    return concurrently([partial(client.request, each.method, each.url, each.headers, each.body) for each in requests])


def _error(exception: BaseException, kinds: Kinds, details: Callable[[Any], Mapping[str, Any]] | None) -> ErrorInfo:
    kind = next((kind for native, kind in kinds if isinstance(exception, native)), ErrorKind.UNEXPECTED)
    more = details(exception) if details is not None and kind is not ErrorKind.UNEXPECTED else {}
    status = _number(more.get("http_status"))
    return ErrorInfo(
        kind=kind,
        message=message_of(exception),
        type=type_name(exception),
        oauth_error=_text(more.get("oauth_error")),
        oauth_error_description=_text(more.get("oauth_error_description")),
        oauth_error_uri=_text(more.get("oauth_error_uri")),
        http_status=None if status is None else int(status),
        retry_after=_number(more.get("retry_after")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float | Real | Decimal) and math.isfinite(converted := float(value)):
        return converted
    return None
