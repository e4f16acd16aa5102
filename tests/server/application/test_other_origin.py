import json

from oauth_gauntlet_server.application.other_origin import OTHER_TOKEN, OtherOrigin
from oauth_gauntlet_server.http.handled import ConnectionInfo
from oauth_gauntlet_server.http.http_request import RecordedRequest

CONNECTION = ConnectionInfo(scheme="http", server=("127.0.0.1", 1), client=("127.0.0.1", 2))


def handle(tenant, target):
    origin = OtherOrigin(lambda name: tenant if name == "t" else None)
    request = RecordedRequest(method="POST", target=target, http_version="1.1", headers=(), body=b"secret=s", raw=b"")
    return origin.handle(request, CONNECTION)


def test_every_request_gets_a_token_and_is_recorded_for_the_tenant_in_its_path(tenant):
    handled = handle(tenant, "/t/token")
    assert json.loads(handled.answer.body)["access_token"] == OTHER_TOKEN
    handled.record(handled.answer.recorded())
    assert tenant.journal.requests("other_origin")[0].form_value("secret") == "s"


def test_a_request_for_no_tenant_is_answered_but_not_recorded(tenant):
    handled = handle(tenant, "/elsewhere")
    handled.record(handled.answer.recorded())
    assert (handled.answer.status, tenant.journal.count()) == (200, 0)
