import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

VARIANT = """
import sys
from tests.adapters import good

class Changed(good.Tiny):
    def answer(self, op, args):
        {change}
        return super().answer(op, args)

good.main(Changed)
"""

ALTERNATES = (
    "if op == 'hello': good.n = not vars(good).get('n'); "
    "return {'ok': super().answer(op, args)['ok'] | {'parameters': ['scope'] * good.n}}"
)


@pytest.fixture
def checks(tmp_path, monkeypatch):
    """A function that checks the small adapter of tests.adapters.good with a change."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def checks(change="pass"):
        adapter = tmp_path / "adapter.py"
        adapter.write_text(VARIANT.format(change=change))
        return list(check_adapter(parse_spec(f"{sys.executable} {adapter}")))

    return checks


def test_the_reference_client_has_no_problem():
    found = list(check_adapter(parse_spec("py:oauth_gauntlet.reference:make_client")))
    assert {check.outcome for check in found} == {"ok"}
    assert {"jwt-bearer: a token is returned", "parallel: concurrent calls run concurrently"} <= {
        check.title for check in found
    }


def test_a_small_correct_adapter_has_no_problem(checks):
    assert {check.outcome for check in checks()} == {"ok"}


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ("if op == 'get_token' and not self.config: return {'ok': {'token': {'access_token': 'x'}}}", "before configure"),
        ("if op == 'gauntlet_unknown': return {'ok': {}}", "an unknown operation"),
        ("if op == 'get_token' and self.config: return good.fail('oauth', 'no')", "a token is returned"),
        (
            "if op == 'configure': self.config = args['config']; super().answer('get_token', {}); return {'ok': {}}",
            "configure sends nothing",
        ),
        (
            ALTERNATES,
            "hello answers the same twice",
        ),
        (
            "if op == 'hello': return {'ok': super().answer(op, args)['ok'] | {'capabilities': ['refresh']}}",
            "refresh: without a refresh token",
        ),
        (
            "if op == 'hello': return {'ok': super().answer(op, args)['ok'] | {'capabilities': ['cancel']}}",
            "a call is cancelled",
        ),
        ("if op == 'hello': return {'ok': super().answer(op, args)['ok'] | {'grants': []}}", "at least one of the four grants"),
        ("if op == 'get_token': sys.exit(3)", "the protocol is kept"),
    ],
)
def test_each_fault_is_a_problem_with_its_own_title(checks, change, title):
    problems = [check for check in checks(change) if check.outcome == "problem"]
    assert any(title in check.title for check in problems)
    assert all(check.advice for check in problems)


def test_a_misspelt_declaration_is_a_warning(checks):
    found = checks("if op == 'hello': return {'ok': super().answer(op, args)['ok'] | {'parameters': ['scop']}}")
    assert [check.title for check in found if check.outcome == "warn"] == ["declared: parameters: scop"]
    assert "problem" not in {check.outcome for check in found}
