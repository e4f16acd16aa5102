"""The documented messages, members and names are those that the code reads and writes (see also tests/test_docs.py)."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.framing import read_answer, request_line
from oauth_gauntlet.errors import GauntletError, UsageError
from oauth_gauntlet.model import BASELINE_FILE, RESULTS_SCHEMA, Level, Result, Verdict
from oauth_gauntlet.protocol import (
    CONFIGURATION_KEYS,
    Capability,
    ErrorInfo,
    ErrorKind,
    GrantType,
    Hello,
    Token,
    hello_from_json,
)
from oauth_gauntlet.results.expectations import parse_expectations

ROOT = Path(__file__).parents[2]
README, ADAPTERS, PROTOCOL, RESULTS = (
    (ROOT / page).read_text(encoding="utf-8")
    for page in ("README.md", "docs/adapters.md", "docs/adapter-protocol.md", "docs/results.md")
)


def named(text):
    return set(re.findall(r"`([a-z_0-9]+)`", text))


def paragraph(page, beginning):
    return next(each for each in page.split("\n\n") if each.startswith(beginning))


def session():
    return [(line[0], json.loads(line[2:])) for line in PROTOCOL.splitlines() if line.startswith(("> {", "< {"))]


def test_the_documented_session_is_what_the_harness_sends_and_accepts():
    messages = session()
    answers = []
    for (asks, request), (replies, answer) in zip(messages[::2], messages[1::2], strict=True):
        assert (asks, replies) == (">", "<")
        assert json.loads(request_line(request["id"], request["op"], request["args"])) == request
        assert set(request["args"].get("config", ())) <= CONFIGURATION_KEYS
        answers.append(read_answer(json.dumps(answer).encode(), request["id"], request["op"]))
    assert hello_from_json(answers[0]).grants == {GrantType.CLIENT_CREDENTIALS}
    assert answers[1] == {}
    assert (answers[2].kind, answers[2].http_status) == (ErrorKind.OAUTH, 401)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (PROTOCOL.partition("and `capabilities`:")[2].partition("\n\n")[0], set(Capability) | {"ca_file"}),
        (paragraph(PROTOCOL, "Keys are absent"), CONFIGURATION_KEYS),
        (paragraph(PROTOCOL, "A token is"), set(Token.__dataclass_fields__)),
        (paragraph(PROTOCOL, "An error is"), set(ErrorInfo.__dataclass_fields__) | set(ErrorKind)),
        (paragraph(PROTOCOL, "`hello` declares"), set(Hello.__dataclass_fields__) - {"unknown"}),
        (paragraph(RESULTS, "A result has"), set(Verdict)),
        (paragraph(README, "What a client does not claim"), set(Level)),
        (README.partition("It covers the back channel")[2].partition("\n\n")[0], set(GrantType) - {GrantType.JWT_BEARER}),
    ],
    ids=["capabilities", "configuration", "token", "error", "hello", "verdicts", "levels", "grants"],
)
def test_every_name_in_the_code_is_documented(text, names):
    assert {str(name) for name in names} - named(text) == set()


def test_every_documented_configuration_key_is_known():
    assert named(paragraph(PROTOCOL, "Keys are absent")) - CONFIGURATION_KEYS == set()


def test_every_member_of_a_result_is_documented():
    assert set(Result.__dataclass_fields__) - named(paragraph(RESULTS, "A result has")) == set()


def test_the_documented_baseline_is_valid():
    (example,) = re.findall(r"^```toml\n(.*?)^```", RESULTS, re.MULTILINE | re.DOTALL)
    (entry,) = parse_expectations(example, "docs/results.md").entries
    assert (entry.verdict, entry.until, entry.message) == (Verdict.WARNING, date(2027, 3, 31), "unexpected")
    assert entry.covers("parse.expires-in-odd.negative[client_credentials]")
    assert f"`{BASELINE_FILE}`" in RESULTS
    assert RESULTS_SCHEMA in RESULTS


def test_the_documented_exit_codes_are_those_of_the_errors():
    assert "2 usage,\n3 adapter or harness broken" in README
    assert (UsageError.exit_code, GauntletError.exit_code) == (2, 3)


ADAPTER = """
import sys
sys.path.insert(0, {loop!r})
import json, urllib.parse, urllib.request
from adapter_loop import Adapter, serve, token

class MyAdapter(Adapter):
    def hello(self):
        return {{"client": {{"name": "mine"}}, "grants": ["client_credentials"], "capabilities": {capabilities!r}}}

    def configure(self, config):
        self.config = config

    def get_token(self):
        names = ("grant_type", "client_id", "client_secret")
        form = urllib.parse.urlencode({{name: self.config[name] for name in names if name in self.config}}).encode()
        with urllib.request.urlopen(self.config.get("token_url"), form, timeout=60) as answer:
            return token(json.load(answer))

serve(MyAdapter())
"""


def adapter_check(tmp_path, capabilities=()):
    loop = str(ROOT / "harness" / "oauth_gauntlet" / "starters" / "python")
    (tmp_path / "my_adapter.py").write_text(ADAPTER.format(loop=loop, capabilities=list(capabilities)))
    (shown,) = re.findall(r'^oauth-gauntlet (adapter check) "cmd:python (my_adapter\.py)"$', ADAPTERS, re.MULTILINE)
    return subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", *shown[0].split(), f"cmd:{sys.executable} {shown[1]}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
def test_the_documented_adapter_passes_the_check(tmp_path):
    done = adapter_check(tmp_path, ["parallel"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "client_credentials: a token is returned" in done.stdout
    # The adapter maps no exception to a kind.
    assert "every failure has kind unexpected" in done.stdout
    assert "the adapter follows the protocol; 1 warning, caused" in done.stdout


@pytest.mark.slow
def test_a_declared_but_missing_capability_is_a_problem(tmp_path):
    done = adapter_check(tmp_path, ["refresh"])
    assert "problem  refresh: without a refresh token it is refused\n" in done.stdout
    assert "client_credentials: implement the operation, or do not declare it" in done.stdout
    assert done.returncode == 3
