"""The starter of each language with the adapter in ``echoes``: its client answers with what it was asked."""

import pytest

from tests.harness.starters.programs import PLACES, Program, build_echoes, shared_folder


@pytest.fixture(params=sorted(PLACES))
def language(request):
    return request.param


@pytest.fixture
def program(language, tmp_path_factory):
    """The program, started and greeted."""
    started = Program(language, build_echoes(language, shared_folder(tmp_path_factory)))
    started.ask("hello", protocol=1, harness="oauth-gauntlet/test")
    yield started
    started.close()
