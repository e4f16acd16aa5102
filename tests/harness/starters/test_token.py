"""The function of each starter that makes a token: it loses no number, and reports a member that it cannot pass on."""

import pytest

from tests.schema_agreement import PROTOCOL, matches

pytestmark = pytest.mark.slow

NO_REFRESH_TOKEN = {"shell"}
"""Languages whose adapter passes the refresh token on by itself."""


HAVE_NULL = {"javascript", "php", "python", "ruby"}
"""Languages in which a client may return nothing in place of a token."""


def token(program, behaviour):
    assert program.ask("configure", config={"client_id": behaviour})["ok"] == {}
    answer = program.ask("get_token")
    assert matches(PROTOCOL, "get_token_answer", answer) is True, answer
    return answer["ok"]["token"]


def test_a_number_of_any_type_of_the_language_is_kept(program):
    made = token(program, "numbers")
    assert (made["expires_in"], made["expires_at"], made["scope"]) == (3600, 1800.5, "a")
    assert not made["extra"].keys() & {"expires_in", "expires_at", "scope"}
    assert program.end() == (0, [])
    assert program.stderr() == ""


def test_a_member_of_another_type_is_null_with_a_note_that_hides_its_value(language, program):
    made = token(program, "odd")
    odd = {"expires_in", "scope"} if language in NO_REFRESH_TOKEN else {"expires_in", "refresh_token", "scope"}
    assert {name for name in odd if made.get(name) is not None} == set()
    assert (made["token_type"], made["extra"].keys()) == ("Bearer", odd)
    assert program.end() == (0, [])
    notes = program.stderr().splitlines()
    assert {note.split()[1] for note in notes} == odd
    assert all(note.endswith(", and is reported as null") for note in notes)
    assert not any(value in note for note in notes for value in ("soon", "secret"))


@pytest.mark.parametrize("language", sorted(HAVE_NULL))
def test_nothing_in_place_of_a_token_is_a_token_without_members(program):
    made = token(program, "nothing")
    assert {name: value for name, value in made.items() if value} == {}
    assert program.end() == (0, [])
