import tomllib

import pytest

from oauth_gauntlet.files.toml_entries import entries_of, require_known_keys, required_texts
from oauth_gauntlet.reading import Malformed


def test_entries_keep_their_order():
    assert entries_of("[[a]]\nb = 1\n[[a]]\nb = 2\n", "a") == [{"b": 1}, {"b": 2}]
    assert entries_of("", "a") == []


PLAIN = '# a file\n\n[[a]]\nb = "1"\n  c="ä # \'" \n# comment\n\n[[ a ]]\n[[a]]\nb = ""\n'


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN + "[[a]] # comment\n",
        PLAIN + 'd = "with an \\"escape\\""\n',
        PLAIN + "d = ['x',\n'y']\n[[a]]\nd = 2027-03-31\n",
        PLAIN + '"quoted" = 1\ndotted.key = "x"\n[a.below]\nb = "2"\n[[a.list]]\nb = "3"\n[[a]]\n',
        PLAIN + 'd = """\n[[a]]\nb = "2"\n"""\n',
        PLAIN + "d = '''\n[[a]]\n'''\n[[a]]\n",
        PLAIN + 'd = """\n# no comment"""\n',
        "a = []\n",
        "a = [{ b = 1 }, { c = 2 }]\n",
        "",
        "# nothing\n",
    ],
)
def test_entries_are_what_the_parser_of_the_whole_document_finds(text):
    assert entries_of(text, "a") == tomllib.loads(text).get("a", [])


@pytest.mark.parametrize(
    "more",
    [
        'b = "2"\n',  # a second time
        'd = "a\x01"\n',
        "# \x01\n",
        "d = 1\r",
        "d = \n",
        'd = """\n[[a]]\n',
        '[a]\nb = "2"\n',
    ],
)
def test_an_entry_that_is_not_valid_gets_the_error_of_the_whole_document(more):
    with pytest.raises(tomllib.TOMLDecodeError) as expected:
        tomllib.loads(PLAIN + more)
    with pytest.raises(Malformed) as caught:
        entries_of(PLAIN + more, "a")
    assert str(caught.value) == f"not valid TOML: {expected.value}"


def test_another_list_of_entries_is_rejected():
    with pytest.raises(Malformed, match=r"^unknown key 'b'; expected "):
        entries_of(PLAIN + '[[b]]\nb = "2"\n', "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = [", "not valid TOML: Invalid value (at end of document)"),
        (f"a = {'[' * 5000}", "not valid TOML: a value is nested too deep"),
        ("b = 1\n", "unknown key 'b'; expected [[a]] entries only"),
        ("a = 1\n", "a must be a list of entries; write [[a]] above each"),
        ("a = [1]\n", "a must be a list of entries; write [[a]] above each"),
    ],
)
def test_a_document_without_a_list_of_entries_is_rejected(text, message):
    with pytest.raises(Malformed) as caught:
        entries_of(text, "a")
    assert str(caught.value) == message


def test_an_unknown_key_is_rejected_with_the_nearest_known_key():
    require_known_keys({"reason": 1}, ("reason", "issue"))
    for key, hint in (("reson", "did you mean reason?"), ("zzz", "the known keys are reason, issue")):
        with pytest.raises(Malformed) as caught:
            require_known_keys({key: 1}, ("reason", "issue"))
        assert str(caught.value) == f"unknown key '{key}'; {hint}"


def test_required_texts_are_returned_without_the_other_keys():
    assert required_texts({"b": "2", "a": "1", "c": 3}, ("a", "b")) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("entry", [{"a": "1"}, {"a": "1", "b": 2}, {"a": "1", "b": " "}])
def test_a_required_text_that_is_missing_or_blank_is_rejected(entry):
    with pytest.raises(Malformed) as caught:
        required_texts(entry, ("a", "b"))
    assert str(caught.value) == "b is missing; every entry needs a, b as text"
