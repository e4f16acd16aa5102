"""The reference of the Python API says something about every public name, and is the same in every process."""

import importlib
import os
import re
import subprocess
import sys

import pytest
from docs.api_reference import HARNESS, SERVER, arguments_table, page

import oauth_gauntlet_server
from oauth_gauntlet.arguments import ARGUMENTS

PARTS = (*HARNESS, *SERVER)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.module)
def test_every_name_exists_and_has_a_docstring_of_its_own(part):
    module = importlib.import_module(part.module)
    for name in part.names:
        text = getattr(module, name).__doc__
        assert text, name
        assert not text.startswith(f"{name}("), f"{name} has only the docstring that dataclass writes"


def test_the_page_shows_nothing_that_differs_from_process_to_process():
    assert not re.search(r"0x[0-9a-f]{6}|<function|<class", page())
    code = "import hashlib; from docs.api_reference import page; print(hashlib.sha256(page().encode()).hexdigest())"
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    texts = {subprocess.run([sys.executable, "-c", code], env=seed, capture_output=True, check=True).stdout for seed in seeds}
    assert len(texts) == 1


def test_code_blocks_are_closed():
    assert len(re.findall(r"^ *```", page(), re.MULTILINE)) % 2 == 0


def test_the_page_names_what_the_server_offers_for_tests():
    (server,) = (part for part in SERVER if part.module == "oauth_gauntlet_server")
    assert set(server.names) <= set(oauth_gauntlet_server.__all__)


def test_every_argument_is_in_the_table():
    assert all(f"| `{name}` |" in arguments_table() for name in ARGUMENTS)
