"""The order of the damages decides the order of causes in every report."""

from oauth_gauntlet.model import Damage


def test_what_gives_a_secret_away_is_worst_and_an_unclear_error_least():
    assert sorted(Damage, key=lambda damage: damage.rank) == [
        "secret",
        "identity",
        "crash",
        "hang",
        "false-token",
        "shown-secret",
        "no-token",
        "burden",
        "unclear-error",
    ]
    assert Damage.SECRET.rank == 0


def test_a_report_says_in_words_what_the_client_does():
    assert {damage: damage.words for damage in Damage} == {
        "secret": "gives away a secret or a token",
        "identity": "mixes up identities",
        "crash": "ends the process",
        "hang": "waits without end, or far too long",
        "false-token": "hands out what is no valid token",
        "shown-secret": "shows a secret to whoever prints its objects",
        "no-token": "fails although it could succeed",
        "burden": "sends needless requests",
        "unclear-error": "gives an unclear error",
    }
