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


@pytest.mark.parametrize(
    ("behaviour", "outcome", "title"),
    [
        ("aborts on a broken response", "warn", "each operation is answered"),
        ("exits before it sends", "problem", "the protocol is kept"),
    ],
)
def test_an_end_of_the_process_may_be_the_clients_once_it_has_worked(monkeypatch, behaviour, outcome, title):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    last = list(check_adapter(parse_spec(f"{sys.executable} -m tests.adapters.unanswered '{behaviour}'")))[-1]
    assert (last.outcome, last.title) == (outcome, title)
    assert "ended (" in last.advice


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


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (
            "if op == 'get_token' and self.config: return good.fail('oauth', 'no')",
            "nothing arrived at the token endpoint, ",
        ),
        ("if self.config: self.config['client_secret'] = 'x'", "the server refused the request, "),
        (
            "if op == 'get_token' and self.config: super().answer(op, args); return good.fail('oauth', 'no')",
            "the server granted one, ",
        ),
    ],
)
def test_a_missing_token_is_explained_by_what_the_server_did(checks, change, advice):
    told = next(check.advice for check in checks(change) if check.title == "client_credentials: a token is returned")
    assert told.startswith(f"{advice}and the client reported oauth: ")


PASSES_RESOURCE_ON = """
        if op == "hello":
            return {{"ok": super().answer(op, args)["ok"] | {{"parameters": ["resource"]}}}}
        if op == "get_token" and self.config:
            resource = self.config.get("resource")
            form = {{"grant_type": "client_credentials"}} | {{k: self.config[k] for k in ("client_id", "client_secret")}}
            form |= {{"resource": {passed}}} if resource else {{}}
            encoded = good.urllib.parse.urlencode(form).encode()
            try:
                with good.urllib.request.urlopen(self.config["token_url"], encoded, timeout=5) as reply:
                    return {{"ok": {{"token": {{"access_token": good.json.load(reply)["access_token"]}}}}}}
            except good.urllib.error.HTTPError as error:
                return good.fail("oauth", "refused", type="Refused")
"""


@pytest.mark.parametrize(
    ("passed", "advice"),
    [
        ("resource", None),
        ("resource + '/'", "was sent as 'https://resource.gauntlet.example/': does the client change it, or the adapter?"),
    ],
)
def test_a_resource_that_a_class_of_urls_has_changed_is_a_warning(checks, passed, advice):
    found = {check.title: check for check in checks(PASSES_RESOURCE_ON.format(passed=passed))}
    told = found["resource reaches the client"]
    assert told.outcome == ("warn" if advice else "ok")
    assert not advice or advice in told.advice


def test_a_misspelt_declaration_is_a_warning(checks):
    found = checks("if op == 'hello': return {'ok': super().answer(op, args)['ok'] | {'parameters': ['scop']}}")
    assert [check.title for check in found if check.outcome == "warn"] == ["declared: parameters: scop"]
    assert "problem" not in {check.outcome for check in found}


REFUSED_AS_TRANSPORT = """
        reply = super().answer(op, args)
        if reply.get("error", {}).get("kind") == "oauth": reply["error"]["kind"] = "transport"
        return reply
"""
UNEXPECTED_WITHOUT_A_CLIENT_ID = """
        if op == "configure" and "client_id" not in args["config"]:
            return good.fail("unexpected", "You need to specify [clientId]", type="IllegalStateException")
"""


@pytest.mark.parametrize(
    ("change", "title", "advice"),
    [
        (
            REFUSED_AS_TRANSPORT,
            "errors contain what the server sent",
            "names the code but has kind transport; which kind has the class Refused",
        ),
        (
            UNEXPECTED_WITHOUT_A_CLIENT_ID,
            "the client itself rejects an incomplete configuration",
            "You need to specify [clientId], of kind unexpected; if the client documents this class",
        ),
    ],
)
def test_a_documented_class_that_the_table_of_kinds_misses_is_a_warning(checks, change, title, advice):
    found = checks(change)
    assert [check.title for check in found if check.outcome != "ok"] == [title]
    assert advice in next(check.advice for check in found if check.title == title)


def test_a_complaint_of_the_language_about_an_argument_is_no_configuration_error(checks):
    found = checks(UNEXPECTED_WITHOUT_A_CLIENT_ID.replace("IllegalStateException", "builtins.TypeError"))
    assert {check.outcome for check in found} == {"ok"}


def test_an_adapter_that_sends_a_replaced_refresh_token_again_is_a_warning(tmp_path, monkeypatch):
    (tmp_path / "forgets.py").write_text(
        "from oauth_gauntlet.reference import ReferenceClient\n"
        "class Forgets(ReferenceClient):\n"
        "    def configure(self, config):\n"
        "        self.first = config\n"
        "        super().configure(config)\n"
        "    def get_token(self):\n"
        "        super().configure(self.first)\n"
        "        return super().get_token()\n"
    )
    monkeypatch.chdir(tmp_path)
    found = {check.title: check for check in check_adapter(parse_spec("py:forgets:Forgets"))}
    told = found["the next request has the refresh token of the last response"]
    assert told.outcome == "warn"
    assert "sent the old one again" in told.advice
