"""What the checks of concurrent requests say about a client whose requests fail, and about one that was not cancelled."""

import threading

import pytest

from oauth_gauntlet.adapter_check.concurrency import cancel_requests, parallel_requests
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.errors import transport_error


class OneFails(ReferenceClient):
    """Reports an error to the second caller, after its request has arrived."""

    def request(self, method, url, headers, body):
        response = super().request(method, url, headers, body)
        if url.endswith("-1"):
            raise transport_error("lost")
        return response


class OneAtATime(ReferenceClient):
    """Holds a lock while a request runs."""

    def __init__(self):
        super().__init__()
        self.one = threading.Lock()

    def request(self, method, url, headers, body):
        with self.one:
            return super().request(method, url, headers, body)


@pytest.fixture
def observed():
    """A function that inspects the client of a class in this module."""
    opened = []

    def observe(inspect, client):
        bench = Bench(parse_spec(f"py:{__name__}:{client.__name__}"))
        adapter, hello = bench.start()
        opened.extend((adapter, bench))
        return inspect(Subject(bench, adapter, hello), GrantType.CLIENT_CREDENTIALS)

    yield observe
    for each in opened:
        each.close()


def test_an_error_in_place_of_a_response_is_shown(observed):
    seen = observed(parallel_requests, OneFails)
    assert (seen.outcome, "came as gauntlet-0, transport: lost, gauntlet-2" in seen.advice) == ("warn", True)


def test_a_client_with_a_lock_is_a_doubt_only(observed):
    seen = observed(parallel_requests, OneAtATime)
    assert (seen.outcome, "came one after the other" in seen.advice) == ("warn", True)


def test_a_cancelled_request_and_another_one_are_told_apart(observed):
    assert observed(cancel_requests, ReferenceClient).outcome == "ok"
