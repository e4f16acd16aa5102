from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet_scenarios.proxy.proxied import USER, accepted, ask_by_http, client_behind, url_behind, used

TOKEN = Token(access_token="t")
ERROR = ErrorInfo(kind=ErrorKind.TRANSPORT, message="no")
TENANT = SimpleNamespace(token_url="http://127.0.0.1:5/t1/token")
ANOTHER = SimpleNamespace(token_url="http://127.0.0.1:5/t2/token")


def proxy(*requests):
    return SimpleNamespace(url="http://127.0.0.1:9", requests=requests)


def test_every_variable_is_set_in_both_cases_with_encoded_credentials():
    url = f"http://{USER}:p%40ss%2F@127.0.0.1:9"
    found = client_behind(dict, proxy(), password="p@ss/", no_proxy="a.test")
    assert found == {
        **dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"), url),
        **dict.fromkeys(("no_proxy", "NO_PROXY"), "a.test"),
    }
    assert set(client_behind(dict, proxy()).values()) == {"http://127.0.0.1:9"}


@pytest.mark.parametrize(("answer", "requests"), [(ERROR, ("r",)), (TOKEN, ())])
def test_a_control_is_a_token_through_the_proxy(answer, requests):
    with pytest.raises(Untestable, match="gets no token through a proxy that works"):
        accepted(answer, proxy(*requests))
    accepted(TOKEN, proxy("r"))


def test_a_proxy_that_nothing_reaches_is_a_finding():
    used(proxy("r"), TOKEN)
    with pytest.raises(Breach, match="the client does not use it"):
        used(proxy(), ERROR)


def test_a_client_that_refuses_plain_http_is_not_judged():
    def asked(answer):
        return SimpleNamespace(tenant=TENANT, obtain=lambda **changes: changes if answer is None else answer)

    assert url_behind(TENANT, "https") == "https://idp.test/t1/token"
    assert ask_by_http(asked(None)) == {"token_url": "http://idp.test/t1/token"}
    assert ask_by_http(asked(None), ANOTHER) == {"token_url": "http://idp.test/t2/token"}
    assert ask_by_http(asked(ERROR)) is ERROR
    with pytest.raises(pytest.skip.Exception, match="no plain http"):
        ask_by_http(asked(ErrorInfo(kind=ErrorKind.CONFIG, message="https only")))
