"""Who is at fault where an adapter's program ends before its answer."""

import signal

import pytest

from oauth_gauntlet.adapters.early_exit import ADAPTER_BROKE, EarlyExit


def early_exit(operation="get_token", code=1, unfinished=b""):
    return EarlyExit(operation=operation, code=code, how=f"code {code}", unfinished=unfinished)


@pytest.mark.parametrize(
    ("ended", "by_the_client"),
    [
        (early_exit(), True),
        (early_exit(code=0), True),
        (early_exit(code=-signal.SIGABRT), True),
        (early_exit(code=-signal.SIGKILL), False),
        (early_exit(code=ADAPTER_BROKE), False),
        (early_exit(operation="hello"), False),
        (early_exit(unfinished=b"{"), False),
    ],
)
def test_a_client_ends_its_program_by_an_exit_or_a_signal_that_it_causes(ended, by_the_client):
    assert ended.by_the_client is by_the_client


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (early_exit(unfinished=b"{\xff"), r"in the middle of its answer to get_token: '{\\xff'; end each answer"),
        (early_exit(operation="hello"), "before it answered hello; run the command by hand and read what it prints: go run ."),
        (early_exit(code=ADAPTER_BROKE), "the adapter broke by itself (code 70) during get_token; its stderr says why"),
        (early_exit(), "during get_token; catch every exception of the client and answer with kind unexpected"),
    ],
)
def test_the_words_name_the_next_step(ended, words):
    assert words in ended.words(["go", "run", "."])
