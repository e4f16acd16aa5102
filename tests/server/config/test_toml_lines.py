import pytest

from oauth_gauntlet_server.config.toml_lines import line_of, lines_of

TEXT = '''\
# a comment
[server]
port = 1  # another

[[tenant]]
name = "a"
claims = { roles = ["x"] }

[[tenant.client]]
client_id = "c"
public_keys = [
  """
[not.a.table]
key = 1
""",
]
scope = "s"

[[tenant.client]]
client_id = "d"

[[tenant]]
"quoted name".dotted = 1
[[tenant.client]]
client_id = "e"
[tenant.claims]
x = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("server",), 2),
        (("server", "port"), 3),
        (("tenant", 0), 5),
        (("tenant", 0, "name"), 6),
        (("tenant", 0, "claims", "roles", 0), 7),
        (("tenant", 0, "client", 0), 9),
        (("tenant", 0, "client", 0, "public_keys"), 11),
        (("tenant", 0, "client", 0, "public_keys", 0), 11),
        (("tenant", 0, "client", 0, "scope"), 17),
        (("tenant", 0, "client", 1, "client_id"), 20),
        (("tenant", 1, "quoted name", "dotted"), 23),
        (("tenant", 1, "client", 0, "client_id"), 25),
        (("tenant", 1, "claims", "x"), 27),
    ],
)
def test_the_line_of_each_key(path, line):
    assert lines_of(TEXT)[path] == line


def test_line_ends_are_those_of_toml():
    lines = lines_of('a = "\u2028"\r\nb = 2\r\n')
    assert (lines["a",], lines["b",]) == (1, 2)


def test_a_missing_key_gets_the_line_of_its_table():
    assert line_of(lines_of(TEXT), ("tenant", 1, "client", 0, "missing", 3)) == 24


def test_a_statement_does_not_end_with_a_comma_except_in_a_comment():
    lines = lines_of('a = [\n  1,\n  2,\n]\nb = 1 # one, two,\nc = """x,\ny"""\n[d]\n')
    assert [lines[key,] for key in "abcd"] == [1, 5, 6, 8]
