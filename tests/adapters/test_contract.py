"""A scenario sees no difference between an adapter process, a Python client in its own process, and one in this process."""

import sys
import threading
from pathlib import Path

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters import python_program
from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterError, ClientFailure
from oauth_gauntlet.protocol import (
    ErrorInfo,
    ErrorKind,
    GrantType,
    ResourceRequest,
    ResourceResponse,
    Token,
    error_from_json,
    hello_from_json,
    token_from_json,
)
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import MockServer, faults
from tests.adapters.good import Tiny

GOOD = Path(__file__).parent / "good.py"

RESPONSE = ResourceResponse(status=200, headers=(), body="b")


class TinyAdapter(ClientAdapter):
    def __init__(self):
        self.tiny = Tiny()

    def ask(self, op, args=None):
        reply = self.tiny.answer(op, args or {})
        if "error" in reply:
            raise ClientFailure(error_from_json(reply["error"]))
        return reply["ok"]

    def hello(self):
        return hello_from_json(self.ask("hello"))

    def configure(self, config):
        self.ask("configure", {"config": config})

    def get_token(self):
        return token_from_json(self.ask("get_token")["token"])


@pytest.fixture(params=["process", "python-process", "in-process"])
def adapter(request):
    commands = {"process": [sys.executable, str(GOOD)], "python-process": python_program.command(__name__, "TinyAdapter")}
    made = ProcessAdapter(commands[request.param]) if request.param in commands else InProcessAdapter(TinyAdapter)
    yield made
    made.close()


@pytest.fixture
def tenant():
    with MockServer() as server:
        yield server.tenant()


def configured(adapter, tenant):
    config = default_configuration(tenant, GrantType.CLIENT_CREDENTIALS) | {"token_endpoint_auth_method": "client_secret_post"}
    register(tenant, config)
    adapter.hello()
    adapter.configure(config)


def kind_of(call):
    with pytest.raises(ClientFailure) as caught:
        call()
    assert isinstance(caught.value.error, ErrorInfo)
    return caught.value.error.kind


def test_hello(adapter):
    hello = adapter.hello()
    assert hello.client.name == "tiny"
    assert hello.grants == {GrantType.CLIENT_CREDENTIALS}


def test_a_token_has_the_members_that_the_client_exposes(adapter, tenant):
    configured(adapter, tenant)
    token = adapter.get_token()
    assert (token.token_type, token.expires_in) == ("Bearer", 3600)
    assert tenant.journal.count("token") == 1


def test_an_oauth_error_keeps_its_code(adapter, tenant):
    configured(adapter, tenant)
    tenant.arm(faults.oauth_error("invalid_scope"))
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    assert (caught.value.error.kind, caught.value.error.oauth_error) == (ErrorKind.OAUTH, "invalid_scope")


def test_an_operation_before_configure_fails_with_kind_config(adapter):
    adapter.hello()
    assert kind_of(adapter.get_token) is ErrorKind.CONFIG


def test_an_operation_after_a_refused_configure_fails_with_kind_config(adapter, tenant):
    configured(adapter, tenant)
    assert kind_of(lambda: adapter.configure({})) is ErrorKind.CONFIG
    assert kind_of(adapter.get_token) is ErrorKind.CONFIG


def test_an_undeclared_operation_fails_with_kind_unexpected(adapter, tenant):
    configured(adapter, tenant)
    assert kind_of(adapter.refresh) is ErrorKind.UNEXPECTED


def test_an_undocumented_exception_has_kind_unexpected(tenant):
    class Crashing(TinyAdapter):
        def get_token(self):
            raise KeyError("access_token")

    adapter = InProcessAdapter(Crashing)
    configured(adapter, tenant)
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    assert (caught.value.error.kind, caught.value.error.type) == (ErrorKind.UNEXPECTED, "builtins.KeyError")


def test_a_client_that_hangs_is_an_adapter_error(tenant):
    release = threading.Event()

    class Hanging(TinyAdapter):
        def get_token(self):
            release.wait(60)

    adapter = InProcessAdapter(Hanging, operation_limit_s=0.3)
    configured(adapter, tenant)
    with pytest.raises(AdapterError, match="did not answer get_token"):
        adapter.get_token()
    release.set()


def test_an_instance_in_this_process_is_another_object_of_the_factory(tenant):
    made = []

    def factory():
        made.append(TinyAdapter())
        return made[-1]

    adapter = InProcessAdapter(factory)
    configured(adapter, tenant)
    assert "instances" in adapter.hello().capabilities
    assert adapter.instance("a") is adapter
    second = adapter.instance("b")
    assert adapter.instance("b") is second
    assert len(made) == 2
    with pytest.raises(ClientFailure) as caught:
        second.get_token()
    assert caught.value.error.kind is ErrorKind.CONFIG
    configured(second, tenant)
    assert adapter.get_token() != second.get_token()
    adapter.close()
    with pytest.raises(AdapterError, match="it was closed"):
        second.get_token()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([RESPONSE], "expected 2 results, got 1"),
        ([RESPONSE, Token(access_token="t")], r"results\[1\]\.response\.status: expected a whole number"),
        ([RESPONSE, None], "expected a value of oauth_gauntlet.protocol, got a NoneType"),
    ],
)
def test_the_answer_to_requests_is_a_response_or_an_error_for_each(tenant, answers, words):
    class Several(TinyAdapter):
        def requests(self, requests):
            return answers

    adapter = InProcessAdapter(Several)
    configured(adapter, tenant)
    with pytest.raises(AdapterError, match=f"broke the protocol on requests: {words}"):
        adapter.requests([ResourceRequest(url="u")] * 2)


def test_requests_have_their_answers_in_order_and_pass_the_number_to_cancel_on(tenant):
    cancelled = ErrorInfo(kind=ErrorKind.CANCELLED, message="stopped")
    asked = []

    class Several(TinyAdapter):
        def requests(self, requests, cancel=0):
            asked.append(([each.url for each in requests], cancel))
            return [cancelled] * cancel + [RESPONSE] * (len(requests) - cancel)

    adapter = InProcessAdapter(Several)
    wanted = [ResourceRequest(url="u"), ResourceRequest(url="v")]
    with pytest.raises(ClientFailure) as caught:
        adapter.requests(wanted)
    assert caught.value.error.kind is ErrorKind.CONFIG
    configured(adapter, tenant)
    assert adapter.requests(wanted) == (RESPONSE, RESPONSE)
    assert adapter.requests(wanted, 1) == (cancelled, RESPONSE)
    assert asked == [(["u", "v"], 0), (["u", "v"], 1)]
