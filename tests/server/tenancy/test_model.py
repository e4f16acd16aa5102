import pytest

from oauth_gauntlet_server import RegisteredClient, TokenRecord, User


@pytest.mark.parametrize(
    ("registered", "asked", "may"),
    [("", "anything", True), ("read write", "write", True), ("read", "read write", False), ("read", "", True)],
)
def test_a_client_may_request_its_registered_scope(registered, asked, may):
    assert RegisteredClient(client_id="a", scope=registered).may_ask_for(asked) is may


def test_the_subject_of_a_user_is_the_username_by_default():
    assert User(username="u", password="p").subject == "u"
    assert User(username="u", password="p", sub="7").subject == "7"


def test_check_client_compares_the_client_id():
    record = TokenRecord(token="t", kind="refresh_token", client_id="a", subject="s", family="f", issued_at=0)
    assert record.is_refresh_token
    assert record.check_client(RegisteredClient(client_id="a"))
    assert not record.check_client(RegisteredClient(client_id="b"))
