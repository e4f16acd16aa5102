"""The documents of providers are complete, contain no real value, and deviate from RFC 6749 only where they say so."""

import json
import re

import pytest

from oauth_gauntlet_scenarios.provider.provider import Success, providers

PROVIDERS = providers()
NOW = 1_700_000_000.25

GRAMMAR = {
    "token_type": lambda value: isinstance(value, str) and value.lower() == "bearer",
    "expires_in": lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
    "scope": lambda value: (
        isinstance(value, str) and re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*", value)
    ),
    "refresh_token": lambda value: isinstance(value, str) and value,
}
NEEDED = ("token_type", "expires_in")


def members_of(name):
    return PROVIDERS[name].success.members(now=NOW, access_token="an-access-token", refresh_token="a-refresh-token")


def test_there_are_the_providers_that_people_use():
    assert len(PROVIDERS) >= 20
    assert len({provider.name for provider in PROVIDERS.values()}) == len(PROVIDERS)


@pytest.mark.parametrize("name", PROVIDERS)
def test_each_provider_has_its_public_pages(name):
    assert PROVIDERS[name].pages
    for page in PROVIDERS[name].pages:
        assert page.title
        assert re.fullmatch(r"https://[a-z0-9.-]+/\S+", page.url)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_success_deviates_only_where_it_says_so(name):
    members = members_of(name)
    assert members["access_token"] == "an-access-token"
    wrong = {member for member, right in GRAMMAR.items() if member in members and not right(members[member])}
    missing = {member for member in NEEDED if member not in members}
    deviation = PROVIDERS[name].success.deviation
    assert bool(wrong | missing) == (deviation is not None)
    assert all(member in deviation for member in wrong | missing)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_token_lives_as_long_as_its_document_says(name):
    success = PROVIDERS[name].success
    assert int(members_of(name).get("expires_in", success.lifetime_s)) == success.lifetime_s


@pytest.mark.parametrize("name", [name for name, provider in PROVIDERS.items() if provider.error])
def test_an_error_deviates_only_where_it_says_so(name):
    error = PROVIDERS[name].error
    assert "access_token" not in json.loads(error.body)
    deviates = error.code is None or error.status not in {400, 401}
    assert deviates == (error.deviation is not None)
    assert error.texts


@pytest.mark.parametrize("name", [name for name, provider in PROVIDERS.items() if provider.refusal])
def test_a_refusal_refuses(name):
    refusal = PROVIDERS[name].refusal
    assert refusal.status == 401
    assert not refusal.body or json.loads(refusal.body)
    assert all(re.fullmatch(r"[\x20-\x7e]+", challenge) for challenge in refusal.challenges)


def test_times_of_a_document_count_from_now():
    body = '{"a": $now, "b": "$now_ms", "c": $end, "d": "$end_iso", "e": "$end_us", "f": "$access_token $refresh_token"}'
    assert Success(body=body, lifetime_s=60).members(now=NOW, access_token="x", refresh_token="y") == {
        "a": 1_700_000_000,
        "b": "1700000000250",
        "c": 1_700_000_060,
        "d": "2023-11-14T22:14:20Z",
        "e": "11/14/2023 10:14:20 PM +00:00",
        "f": "x y",
    }
