"""The rules over a real socket: what a client sees of each."""

import itertools
import threading

import pytest

from oauth_gauntlet_server import RotationPolicy, TenantSettings
from oauth_gauntlet_server.config.config_file import ConfigFileError, load
from oauth_gauntlet_server.tenancy.token_rules import LEAST, TokenRules

PASSWORD = {"grant_type": "password", "username": "u", "password": "p"}
CLIENT = {"grant_type": "client_credentials"}


@pytest.fixture
def get(strict, ask, basic):
    """Return a function that asks the strict tenant for tokens as client ``a``."""
    return lambda **form: ask(strict, basic(), **form)


@pytest.fixture
def refresh(get):
    return lambda token: get(grant_type="refresh_token", refresh_token=token)


@pytest.fixture
def in_threads():
    """Return a function that calls another one in eight threads at the same time, and returns what it returned."""

    def call(function):
        barrier, answers = threading.Barrier(8), []

        def run():
            barrier.wait()
            answers.append(function())

        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    return call


@pytest.mark.parametrize("rotation", [RotationPolicy.ROTATE, RotationPolicy.ROTATE_DETECT_REUSE])
def test_a_spent_refresh_token_is_granted_again_within_its_grace(strict, get, refresh, rotation):
    strict.configure(rotation=rotation, rotation_grace_s=30)
    held = get(**PASSWORD)["refresh_token"]
    successors = {refresh(held)["refresh_token"]}
    strict.clock.advance(29)
    successors.add(refresh(held)["refresh_token"])
    assert len(successors | {held}) == 3, "each has a successor of its own"
    strict.clock.advance(2)
    assert refresh(held) == {"error": "invalid_grant", "error_description": "The refresh token was used before"}
    ended = rotation is RotationPolicy.ROTATE_DETECT_REUSE
    assert [strict.active(token) is None for token in successors] == [ended, ended]


def test_without_the_detection_of_reuse_the_grace_lasts_for_all_generations(strict, get, refresh):
    strict.configure(rotation=RotationPolicy.ROTATE, rotation_grace_s=30)
    first = get(**PASSWORD)["refresh_token"]
    refresh(refresh(first)["refresh_token"])
    assert "access_token" in refresh(first)


def test_a_refresh_ends_the_access_tokens_of_its_session(strict, get, refresh):
    strict.configure(refresh_ends_access_token=True)
    other, first = get(**PASSWORD), get(**PASSWORD)
    second = refresh(first["refresh_token"])
    tokens = [each["access_token"] for each in (other, first, second)]
    assert [strict.active(token) is not None for token in tokens] == [True, False, True]


def test_the_grace_ends_when_a_successor_is_used(strict, get, refresh):
    strict.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE, rotation_grace_s=30)
    first = get(**PASSWORD)["refresh_token"]
    second = refresh(first)["refresh_token"]
    third = refresh(second)["refresh_token"]
    assert "access_token" in refresh(second), "the last one is in its grace"
    assert refresh(first)["error"] == "invalid_grant"
    assert strict.active(third) is None, "the return of the last but one ends the session"


def test_in_the_grace_eight_threads_get_tokens_and_without_it_one(strict, get, refresh, in_threads):
    strict.configure(rotation=RotationPolicy.ROTATE)
    held = get(**PASSWORD)["refresh_token"]
    assert sorted("access_token" in each for each in in_threads(lambda: refresh(held))) == [False] * 7 + [True]
    strict.configure(rotation_grace_s=30)
    held = get(**PASSWORD)["refresh_token"]
    assert len({each["refresh_token"] for each in in_threads(lambda: refresh(held))}) == 8


def test_a_refresh_token_is_replaced_with_every_nth_use(strict, get, refresh):
    strict.configure(rotation=RotationPolicy.ROTATE, rotate_every=3)
    held = get(**PASSWORD)["refresh_token"]
    answers = [refresh(held) for _ in range(4)]
    assert ["refresh_token" in each for each in answers] == [False, False, True, False]
    assert answers[3]["error"] == "invalid_grant"
    assert "refresh_token" not in refresh(answers[2]["refresh_token"]), "the count begins again"


def test_of_eight_threads_each_nth_use_rotates(strict, get, refresh, in_threads):
    strict.configure(rotation=RotationPolicy.ROTATE, rotate_every=8)
    held = get(**PASSWORD)["refresh_token"]
    answers = in_threads(lambda: refresh(held))
    assert sum("access_token" in each for each in answers) == 8
    assert sum("refresh_token" in each for each in answers) == 1


@pytest.mark.parametrize("rotation", RotationPolicy)
def test_an_idle_refresh_token_ends_and_a_used_one_does_not(strict, get, refresh, rotation):
    strict.configure(rotation=rotation, refresh_token_idle_lifetime_s=100)
    held = get(**PASSWORD)["refresh_token"]
    for _ in range(3):
        strict.clock.advance(99)
        held = refresh(held).get("refresh_token", held)
    strict.clock.advance(101)
    assert strict.active(held) is None
    assert refresh(held)["error"] == "invalid_grant"


def test_introspection_names_the_end_of_an_idle_token(strict, http, get, basic):
    strict.configure(refresh_token_idle_lifetime_s=100, refresh_token_lifetime_s=1000)
    held = get(**PASSWORD)["refresh_token"]
    answer = http.post(strict.introspection_url, data={"token": held}, headers=basic()).json()
    assert answer["exp"] - answer["iat"] == 100


def test_a_refresh_is_refused_until_the_access_token_is_near_its_end(strict, get, refresh):
    strict.configure(refresh_window_s=30, access_token_lifetime_s=600)
    held = get(**PASSWORD)["refresh_token"]
    assert "too early" in refresh(held)["error_description"]
    strict.clock.advance(569)
    assert refresh(held)["error"] == "invalid_grant"
    strict.clock.advance(1)
    assert "access_token" in refresh(held)


def test_of_eight_threads_one_refreshes_in_the_window(strict, get, refresh, in_threads):
    strict.configure(refresh_window_s=0, access_token_lifetime_s=600)
    held = get(**PASSWORD)["refresh_token"]
    strict.clock.advance(600)
    assert sum("access_token" in each for each in in_threads(lambda: refresh(held))) == 1


@pytest.mark.parametrize("token_format", ["opaque", "jwt"])
def test_a_client_gets_the_same_access_token_until_its_end(strict, get, token_format):
    strict.configure(same_access_token=True, access_token_lifetime_s=100, access_token_format=token_format)
    first = get(**CLIENT)
    strict.clock.advance(40)
    again = get(**CLIENT)
    assert again["access_token"] == first["access_token"]
    assert 59 <= again["expires_in"] <= 60
    others = [get(**CLIENT, scope="read"), get(**PASSWORD)]
    assert first["access_token"] not in {each["access_token"] for each in others}, "another scope, and a user"
    strict.clock.advance(61)
    assert get(**CLIENT)["access_token"] != first["access_token"]


def test_eight_threads_get_the_same_access_token(strict, get, in_threads):
    strict.configure(same_access_token=True)
    assert len({each["access_token"] for each in in_threads(lambda: get(**CLIENT))}) == 1


def test_a_new_access_token_ends_the_earlier_one_of_its_client_and_user(strict, get):
    strict.configure(most_access_tokens=1)
    user = get(**PASSWORD)["access_token"]
    first, second = get(**CLIENT)["access_token"], get(**CLIENT)["access_token"]
    assert [strict.active(token) is not None for token in (user, first, second)] == [True, False, True]


def test_one_refresh_token_too_many_ends_the_oldest(strict, get, refresh):
    strict.configure(most_refresh_tokens=2)
    answers = [get(**PASSWORD) for _ in range(3)]
    assert ["access_token" in refresh(each["refresh_token"]) for each in answers] == [False, True, True]
    assert strict.active(answers[0]["access_token"]), "only the refresh token ended"


def test_a_refresh_with_rotation_pushes_out_nothing(strict, get, refresh):
    strict.configure(most_refresh_tokens=2, rotation=RotationPolicy.ROTATE)
    first, second = (get(**PASSWORD)["refresh_token"] for _ in range(2))
    newer = refresh(second)["refresh_token"]
    assert strict.active(first)
    assert strict.active(newer)


def test_eight_threads_hold_no_more_tokens_than_allowed(strict, get, in_threads):
    strict.configure(most_access_tokens=3)
    tokens = [each["access_token"] for each in in_threads(lambda: get(**CLIENT))]
    assert sum(strict.active(token) is not None for token in tokens) == 3


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_a_rule_below_its_least_value_is_refused(name, least):
    with pytest.raises(ValueError, match=f"{name}: got {least - 1}: expected {least} or more"):
        TokenRules(**{name: least - 1})


@pytest.mark.parametrize("rule", [{"rotation_grace_s": 1}, {"rotate_every": 2}])
def test_a_rule_about_rotation_is_refused_where_nothing_rotates(rule):
    with pytest.raises(ValueError, match="no effect, because rotation is keep"):
        TenantSettings(**rule)
    assert TenantSettings(**rule, rotation=RotationPolicy.ROTATE)


def test_the_rules_are_settings_and_change_nothing_by_default():
    assert set(TokenRules.__dataclass_fields__) <= set(TenantSettings.__dataclass_fields__)
    assert not TenantSettings().one_at_a_time


def test_the_control_api_takes_and_shows_every_rule(server, http):
    rules = {
        "rotation_grace_s": 30,
        "rotate_every": 2,
        "refresh_token_idle_lifetime_s": 60,
        "refresh_window_s": 0,
        "refresh_ends_access_token": True,
        "same_access_token": True,
        "most_access_tokens": 1,
        "most_refresh_tokens": 100,
    }
    assert rules.keys() == TokenRules.__dataclass_fields__.keys()
    name = f"rules-{next(_NUMBERS)}"
    created = http.post(f"{server.base_url}/_control/tenants", json={"name": name, "rotation": "rotate", **rules})
    assert created.status_code == 201
    assert created.json()["settings"].items() >= rules.items()
    refused = http.patch(f"{server.base_url}/_control/tenants/{name}", json={"most_access_tokens": 0})
    assert refused.status_code == 400
    assert "most_access_tokens" in refused.text
    assert "at least 1" in refused.text


def test_a_file_sets_rules_and_takes_limits_away(tmp_path):
    file = tmp_path / "tenants.toml"
    file.write_text(
        '[[tenant]]\nname = "t"\nmost_access_tokens = 1\nrefresh_window_s = "none"\nrotation = "rotate"\nrotate_every = 3\n'
    )
    settings = load(file).tenants[0].settings
    assert settings == {"most_access_tokens": 1, "refresh_window_s": None, "rotation": "rotate", "rotate_every": 3}
    file.write_text('[[tenant]]\nname = "t"\nrotate_every = 0\n')
    with pytest.raises(ConfigFileError, match=r"line 3: .*rotate_every: got 0: expected a whole number of at least 1"):
        load(file)


_NUMBERS = itertools.count()
