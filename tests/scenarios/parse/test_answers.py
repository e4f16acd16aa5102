"""The complete token response, and the control that it is accepted."""

from types import SimpleNamespace

from oauth_gauntlet_scenarios.parse.answers import COMPLETE, complete, control
from oauth_gauntlet_server import faults


def test_the_complete_response_has_every_member_that_some_clients_need():
    assert COMPLETE == {"access_token": "gauntlet-token", "token_type": "Bearer", "expires_in": 3600}
    assert complete() == faults.token_response(COMPLETE)


def test_members_are_replaced_and_added():
    assert complete(expires_in=None, scope="read") == faults.token_response({**COMPLETE, "expires_in": None, "scope": "read"})


def test_a_control_that_was_accepted_is_not_repeated():
    asked = []
    client = SimpleNamespace(control_accepted=False, control=asked.append)
    control(client)
    client.control_accepted = True
    control(client)
    assert asked == [complete()]
