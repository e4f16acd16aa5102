from pathlib import Path

import pytest
from mutation.mutants import Source, mutants_of, shape, source_of


def mutants(text):
    return mutants_of(Source(module="m", path=Path("m.py"), text=text))


def changes(text):
    """Return the changed lines of every mutant."""
    return [mutant.now for mutant in mutants(text)]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("x = 1", ["x = None", "x = 2"]),
        ("x = False", ["x = True"]),
        ("x = 'a'", ["x = None", "x = 'XXaXX'"]),
        ("x = 'a sentence for people'", ["x = None"]),
        ("x = y < 1", ["x = None", "x = y <= 1", "x = y < 2"]),
        ("x = y is z", ["x = None", "x = y is not z"]),
        ("x = {a, b}", ["x = None", "x = {b}", "x = {a}"]),
        ("x = {a}", ["x = None", "x = set()"]),
        ("x = (a, b)", ["x = None", "x = (b,)", "x = (a,)"]),
        ("x = {'a': y}", ["x = None", "x = {}", "x = {'XXaXX': y}"]),
        ("f(x, y=False)", ["pass", "f(None, y=False)", "f(y=False)", "f(x, )", "f(x, y=True)"]),
        ("zip(a, b, strict=True)", ["pass", "zip(None, b, strict=True)", "zip(a, None, strict=True)"]),
        ("raise x", ["pass"]),
    ],
)
def test_mutants_of_a_line(line, changed):
    found = changes(line + "\n")
    assert [each for each in found if each in changed] == changed
    if "zip" not in line:
        assert found == changed


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("if a:\n    b\n", ["if (a) and False:", "if (a) or True:"]),
        ("while a:\n    b\n", ["while (a) and False:"]),
        ("def f():\n    return a\n", ["return None"]),
        ("def f():\n    return False\n", ["return True"]),
        ("try:\n    a\nexcept (B, C):\n    d\n", ["except (C,):", "except (B,):"]),
        ("try:\n    a\nexcept B:\n    d\n", ["except ():"]),
        ("x = [a for a in b if c]\n", ["x = None", "x = [a for a in b if (c) and False]", "x = [a for a in b if (c) or True]"]),
        ("for a in b:\n    continue\n", ["break"]),
    ],
)
def test_mutants_of_a_statement(text, changed):
    assert changes(text) == changed


@pytest.mark.parametrize(
    "text",
    [
        "x: int\n",
        "X: TypeAlias = A\n",
        "X = tuple[str, ...]\n",
        "T = TypeVar('T')\n",
        "assert x == 1\n",
        "import a\n",
        "if TYPE_CHECKING:\n    x = 1\n",
        "@f(1)\ndef g(): ...\n",
        "def f(x: A[1]) -> B[2]: ...\n",
        "len(x)\n",
        '"""A docstring."""\n',
    ],
)
def test_code_without_mutants(text):
    assert not [each for each in changes(text) if each != "pass"]


MODULE = """\
X = 1


class C:
    y = 2

    def f(self, z=3):
        def inner():
            return 4

        return inner
"""


def test_a_mutant_knows_its_function_its_line_and_whether_it_runs_at_import():
    found = {mutant.now: mutant for mutant in mutants(MODULE)}
    places = {now: (mutant.function, mutant.in_body, mutant.first_line) for now, mutant in found.items()}
    assert places["X = 2"] == ("", False, 1)
    assert places["y = 3"] == ("C", False, 5)
    assert places["def f(self, z=4):"] == ("C.f", False, 7)
    assert places["return 5"] == ("C.f", True, 9)
    assert found["return 5"].changed == MODULE.replace("return 4", "return 5")
    assert found["return 5"].name == ("m", "C.f", "return4->return5")


LAID_OUT = """\
def f(a):
    # A comment.
    match a:
        case 1:
            return (
                a,
                # Another.
                b(
                    1,
                    c=2,
                ),
            )
        case _:
            pass
"""


def test_every_mutant_compiles_whatever_the_layout_of_the_text():
    for mutant in mutants(LAID_OUT):
        assert mutant.changed != LAID_OUT
        compile(mutant.changed, "m.py", "exec")
        assert mutant.was != mutant.now


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("a = b", "a = None", "#0=#1->#0=None"),
        ('x.get("a b", y)', 'x.get("XXa bXX", y)', '#0.#1("ab",#2)->#0.#1("XXabXX",#2)'),
        ("if a and b:", "if a or b:", "if#0and#1:->if#0or#1:"),
        ("return 1  # a reason", "return 2  # a reason", "return1->return2"),
    ],
)
def test_the_shape_of_a_change(was, now, expected):
    assert shape(was, now) == expected


def test_a_module_is_found_without_an_import(monkeypatch, tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("raise RuntimeError")
    (tmp_path / "pack" / "mod.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert source_of("pack.mod").text == "x = 1\n"
    for missing in ("pack.other", "nothing.other"):
        with pytest.raises(ModuleNotFoundError):
            source_of(missing)
