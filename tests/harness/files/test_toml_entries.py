import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.toml_entries import entries_of, require_known_keys


class Wrong(UsageError):
    pass


def test_entries_come_in_their_order():
    assert entries_of("[[a]]\nb = 1\n[[a]]\nb = 2\n", "a", "x", Wrong) == [{"b": 1}, {"b": 2}]
    assert entries_of("", "a", "x", Wrong) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = [", "x: not valid TOML: Invalid value (at end of document)"),
        (f"a = {'[' * 5000}", "x: not valid TOML: a value is nested too deep"),
        ("b = 1\n", "x: unknown key 'b'; expected [[a]] entries only"),
        ("a = 1\n", "x: a must be a list of entries; write [[a]] above each"),
        ("a = [1]\n", "x: a must be a list of entries; write [[a]] above each"),
    ],
)
def test_what_is_no_list_of_entries_is_refused(text, words):
    with pytest.raises(Wrong) as caught:
        entries_of(text, "a", "x", Wrong)
    assert str(caught.value) == words


def test_an_unknown_key_is_named_with_what_was_meant():
    require_known_keys({"reason": 1}, ("reason", "issue"), "x, entry 1", Wrong)
    for key, hint in (("reson", "did you mean reason?"), ("zzz", "there are reason, issue")):
        with pytest.raises(Wrong) as caught:
            require_known_keys({key: 1}, ("reason", "issue"), "x, entry 1", Wrong)
        assert str(caught.value) == f"x, entry 1: unknown key '{key}'; {hint}"
