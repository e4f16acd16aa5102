"""Write an exchange as the beginning of a test: a pytest test of the user's own client, or a scenario for any client."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oauth_gauntlet_server.faults.base import Fault
from oauth_gauntlet_server.http.endpoints import RESOURCE
from oauth_gauntlet_server.http.grant_and_client import grant_and_client_of
from oauth_gauntlet_server.http.http_request import RecordedResponse
from oauth_gauntlet_server.snippets.arming import arm_lines
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import CLIENT_CREDENTIALS, JWT_BEARER, PASSWORD, REFRESH_TOKEN

_GRANTS = {
    REFRESH_TOKEN: "REFRESH_TOKEN",
    CLIENT_CREDENTIALS: "CLIENT_CREDENTIALS",
    JWT_BEARER: "JWT_BEARER",
    PASSWORD: "PASSWORD",
}

_IMPORT_FAULTS = "from oauth_gauntlet_server import faults"


def as_pytest(exchange: Exchange, fired: Sequence[Fault]) -> str:
    """Return a pytest test of the user's own client; it uses the fixture ``oauth_tenant`` of this package."""
    grant, _ = grant_and_client_of(exchange.endpoint, exchange.request)
    names = tuple(fault.name for fault in fired)
    lines = [_IMPORT_FAULTS, "", ""] if fired else []
    lines += [
        f"def test_my_client_{_words(names, '_')}(oauth_tenant):",
        *arm_lines("oauth_tenant", fired, endpoint=exchange.endpoint),
        '    ...  # MyClient(token_url=oauth_tenant.token_url, client_id="c", client_secret="s").get_token()',
        f"    exchange = oauth_tenant.journal.wait_for(1, endpoint={exchange.endpoint!r})[0]",
        f"    assert exchange.faults == {names!r}",
    ]
    if grant is not None:
        lines.append(f'    assert exchange.request.form_value("grant_type") == {grant!r}')
    lines.append(f"    # TODO: assert what your client did after {_what_happened(exchange.response)}.")
    return "\n".join(lines) + "\n"


def as_scenario(exchange: Exchange, fired: Sequence[Fault]) -> str:
    """Return a scenario: a test that pytest runs for any client (``--oauth-client``)."""
    grant, _ = grant_and_client_of(exchange.endpoint, exchange.request)
    constant = _GRANTS.get(grant or "", "ALL")
    names = tuple(fault.name for fault in fired)
    of_resource = exchange.endpoint == RESOURCE.name
    kind = _answer_kind(exchange.response, of_resource=of_resource)
    expected = {"Token": "a token", "ResourceResponse": "the resource's response", "ErrorInfo": "an error"}[kind]
    lines = [
        "from oauth_gauntlet.checks import require",
        "from oauth_gauntlet.lab import described",
        f"from oauth_gauntlet.protocol import {kind}",
        f"from oauth_gauntlet.requirement import {', '.join(sorted({'INTEROP', constant, 'practice', 'requirement'}))}",
        *([_IMPORT_FAULTS] if fired else []),
        "",
        "",
        "# TODO: quote(...) the sentence of the specification that requires this; without one, the basis is practice.",
        "@requirement(",
        f'    "mine.{_words(names, "-")}",',
        "    level=INTEROP,",
        '    basis=practice("TODO: what goes wrong in the field if a client deviates."),',
        '    statement="TODO: what a client does in this situation, in one sentence.",',
        f"    grants={constant if constant == 'ALL' else f'[{constant}]'},",
        *(['    capabilities=["resource"],'] if of_resource else []),
        ")",
        f"def test_{_words(names, '_')}(client, tenant):",
        f'    """Do: the server {_server_action(exchange.response)}. Check: the client returns {expected}."""',
        *arm_lines("tenant", fired, endpoint=exchange.endpoint),
        f"    answer = client.{'try_request' if of_resource else 'try_get_token'}()",
        f'    require(isinstance(answer, {kind}), expected="{expected}", seen=described(answer))',
    ]
    return "\n".join(lines) + "\n"


def _words(names: Sequence[str], between: str) -> str:
    """Return the names of faults as part of an identifier."""
    words = re.findall(r"[a-z0-9]+", "_".join(names).lower())
    return between.join(["meets", *words] if words else ["gets", "a", "response"])


def _server_action(response: RecordedResponse | None) -> str:
    return "closes the connection without a response" if response is None else f"responds with {response.status}"


def _what_happened(response: RecordedResponse | None) -> str:
    return "the connection was closed without a response" if response is None else f"the response {response.status}"


def _answer_kind(response: RecordedResponse | None, *, of_resource: bool) -> str:
    """Return what a client is expected to return for a response: the name of a class of the adapter protocol."""
    if response is None:
        return "ErrorInfo"
    if of_resource:
        return "ResourceResponse"
    try:
        document = response.json()
    except (ValueError, RecursionError):
        return "ErrorInfo"
    token = document.get("access_token") if isinstance(document, dict) else None
    return "Token" if response.status == 200 and isinstance(token, str) and token else "ErrorInfo"
