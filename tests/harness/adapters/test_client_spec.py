import json
import os
import sys

import pytest

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.errors import UsageError


@pytest.mark.parametrize("prefix", ["", "cmd:"])
def test_a_command_line_becomes_a_process(prefix, tmp_path):
    adapter = tmp_path / "adapter with a space.py"
    adapter.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    request = json.loads(line)\n"
        "    hello = {'protocol': 1, 'client': {'name': sys.argv[1]}, 'grants': []}\n"
        "    print(json.dumps({'id': request['id'], 'ok': hello}), flush=True)\n"
    )
    opened = parse_spec(f"{prefix}{sys.executable} '{adapter}' 'the name'").open({})
    try:
        assert opened.hello().client.name == "the name"
    finally:
        opened.close()


def test_a_module_in_the_current_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / "spec_module_of_mine.py").write_text(
        "from oauth_gauntlet.reference import make_client\nclass Clients:\n    make = staticmethod(make_client)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    opened = parse_spec("py:spec_module_of_mine:Clients.make").open({})
    assert opened.hello().grants
    opened.close()


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "the client spec is empty"),
        ("   ", "the client spec is empty"),
        ("cmd:", "the command line is empty"),
        ("py:a", "expected py:package.module:factory"),
        ("py::make", "expected py:package.module:factory"),
        ("py:no_such_module:make", "no module named 'no_such_module'; is it installed"),
        ("py:oauth_gauntlet.reference:make_clinet", "has no 'make_clinet'; did you mean make_client"),
        ("py:oauth_gauntlet:__version__", "is not a factory: it cannot be called"),
        ("py:builtins:dict", "returned a dict, which is not an oauth_gauntlet.adapter.ClientAdapter (it lacks "),
        ("py:builtins:int.__add__", "the factory failed with TypeError"),
        ("cmd:echo 'open", "the command line does not parse"),
        ("no-such-command", "the command 'no-such-command' was not found"),
        ("/", "is a folder"),
    ],
)
def test_a_wrong_spec_is_an_error_of_one_line(spec, words):
    with pytest.raises(UsageError) as caught:
        parse_spec(spec)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_executable_is_an_error(tmp_path):
    (tmp_path / "adapter.py").write_text("")
    with pytest.raises(UsageError, match="is not executable"):
        parse_spec(str(tmp_path / "adapter.py"))


def test_a_module_whose_import_fails_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "spec_module_that_fails.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="importing spec_module_that_fails failed with ZeroDivisionError"):
        parse_spec("py:spec_module_that_fails:make")


def test_a_client_has_the_fixed_environment_and_the_variables_of_its_start(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("TZ", "IST-5:30")
    monkeypatch.setenv("MINE", "kept")
    adapter = tmp_path / "adapter.py"
    adapter.write_text(
        "import json, os, sys\n"
        "umask = os.umask(0)\n"
        "for line in sys.stdin:\n"
        "    request = json.loads(line)\n"
        "    seen = {name: os.environ.get(name, '-') for name in ('TZ', 'LC_ALL', 'HTTP_PROXY', 'MINE', 'https_proxy')}\n"
        "    hello = {'protocol': 1, 'client': {'name': json.dumps([seen, umask])}, 'grants': []}\n"
        "    print(json.dumps({'id': request['id'], 'ok': hello}), flush=True)\n"
    )
    opened = parse_spec(f"cmd:{sys.executable} {adapter}").open({"https_proxy": "http://127.0.0.1:8"})
    seen, umask = json.loads(opened.hello().client.name)
    opened.close()
    assert seen == {
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "HTTP_PROXY": "-",
        "MINE": "kept",
        "https_proxy": "http://127.0.0.1:8",
    }
    assert umask == 0o022


def test_a_client_of_this_process_has_its_variables_until_it_is_closed(monkeypatch):
    monkeypatch.delenv("GAUNTLET_MARK", raising=False)
    opened = parse_spec("py:oauth_gauntlet.reference:make_client", in_process=True).open({"GAUNTLET_MARK": "here"})
    assert os.environ["GAUNTLET_MARK"] == "here"
    opened.close()
    assert "GAUNTLET_MARK" not in os.environ


CLOSES_WRONG = """
from oauth_gauntlet.reference.client import ReferenceClient

class make(ReferenceClient):
    def close(self):
        self.session.close()
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raise SystemExit(0)", "importing {} failed with SystemExit: 0"),
        ("import sys\n\ndef make():\n    sys.exit(0)", "the factory failed with SystemExit: 0"),
        (
            CLOSES_WRONG,
            "close failed with AttributeError: 'make' object has no attribute 'session'",
        ),
    ],
)
def test_what_a_client_does_before_it_is_judged_ends_this_process_neither_with_success_nor_with_a_traceback(
    text, words, tmp_path, monkeypatch
):
    name = f"spec_module_{len(text)}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError) as caught:
        parse_spec(f"py:{name}:make")
    assert words.format(name) in str(caught.value)
