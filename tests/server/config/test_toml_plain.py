import tomllib

import pytest

from oauth_gauntlet_server.config.toml_plain import is_empty, plain_list_header, plain_text


@pytest.mark.parametrize("line", ['a = "b"', 'a=""', "\t a-_1 \t=\t\"# [x] = 'ä'\" "])
def test_a_plain_line_means_what_the_parser_says(line):
    key, value = plain_text(line)
    assert {key: value} == tomllib.loads(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a",
        "a = 1",
        "a = 'b'",
        'a = "b" # c',
        'a = "\\n"',
        'a = """',
        'a = """b"""',
        'a = "b',
        '"a" = "b"',
        'a.b = "c"',
        'a = "\t"',
    ],
)
def test_every_other_line_is_left_to_the_parser(line):
    assert plain_text(line) is None


def test_the_header_of_a_list_is_recognized():
    assert [plain_list_header(line) for line in ("[[a]]", " [[ a-b ]]\t")] == ["a", "a-b"]
    for line in ("[a]", "[[a.b]]", "[[a]] # c", "[ [a]]", '[["a"]]', "[[a]]x", "[[]]"):
        assert plain_list_header(line) is None


def test_an_empty_line_may_have_a_comment():
    assert all(map(is_empty, ["", " \t", "# a", "  #\tä"]))
    assert not any(map(is_empty, ["a", "\r", "# \x01", "# \x7f", "[[a]]"]))
