"""The complete token response, and the control that it is accepted."""

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet_scenarios.parse.answers import COMPLETE, complete, control
from oauth_gauntlet_server import faults


class Client(LabClient):
    """Records the answers of its controls."""

    def __init__(self, asked):
        self.control_accepted = False
        self.asked = asked

    def control(self, *answers, **changes):
        self.asked += answers


def test_the_complete_response_has_every_member_that_some_clients_need():
    assert COMPLETE == {"access_token": "gauntlet-token", "token_type": "Bearer", "expires_in": 3600}
    assert complete() == faults.token_response(COMPLETE)


def test_members_are_replaced_and_added():
    assert complete(expires_in=None, scope="read") == faults.token_response({**COMPLETE, "expires_in": None, "scope": "read"})


def test_a_control_that_was_accepted_is_not_repeated():
    asked = []
    client = Client(asked)
    control(client)
    client.control_accepted = True
    control(client)
    assert asked == [complete()]
