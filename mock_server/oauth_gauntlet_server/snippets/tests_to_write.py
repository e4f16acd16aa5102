"""An exchange as a test to go on from: of one's own client, or a scenario that judges any client."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oauth_gauntlet_server.faults.base import Fault
from oauth_gauntlet_server.http.http_request import RecordedResponse
from oauth_gauntlet_server.http.request_parties import parties_of
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
    """Return a test of one's own client, by the fixture that this package brings."""
    grant, _ = parties_of(exchange.endpoint, exchange.request)
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
    lines.append(f"    # And what the client made of it: {_outcome(exchange.response)}.")
    return "\n".join(lines) + "\n"


def as_scenario(exchange: Exchange, fired: Sequence[Fault]) -> str:
    """Return a scenario: a test that pytest runs against any client (``--oauth-client``)."""
    grant, _ = parties_of(exchange.endpoint, exchange.request)
    constant = _GRANTS.get(grant or "", "ALL")
    names = tuple(fault.name for fault in fired)
    of_resource = exchange.endpoint == "resource"
    kind = _answer_kind(exchange.response, of_resource=of_resource)
    expected = {"Token": "a token", "ResourceResponse": "the answer of the resource", "ErrorInfo": "an error"}[kind]
    lines = [
        "from oauth_gauntlet.checks import require",
        "from oauth_gauntlet.lab import described",
        f"from oauth_gauntlet.protocol import {kind}",
        f"from oauth_gauntlet.requirement import {', '.join(sorted({'INTEROP', constant, 'requirement'}))}",
        *([_IMPORT_FAULTS] if fired else []),
        "",
        "",
        "# TODO: the sentence of the specification that asks this of a client; where there is none, it is practice.",
        "@requirement(",
        f'    "mine.{_words(names, "-")}",',
        "    level=INTEROP,",
        '    source="practice",',
        '    statement="TODO: what a client does here, in one sentence.",',
        f"    grants={constant if constant == 'ALL' else f'[{constant}]'},",
        *(['    capabilities=["resource"],'] if of_resource else []),
        ")",
        f"def test_{_words(names, '_')}(client, tenant):",
        f'    """Do: the server {_done(exchange.response)}. Check: the client makes {expected} of it."""',
        *arm_lines("tenant", fired, endpoint=exchange.endpoint),
        f"    answer = client.{'try_request' if of_resource else 'try_get_token'}()",
        f'    require(isinstance(answer, {kind}), expected="{expected}", seen=described(answer))',
    ]
    return "\n".join(lines) + "\n"


def _words(names: Sequence[str], between: str) -> str:
    """Return names of faults as part of a name."""
    words = re.findall(r"[a-z0-9]+", "_".join(names).lower())
    return between.join(["meets", *words] if words else ["gets", "an", "answer"])


def _done(response: RecordedResponse | None) -> str:
    return "closes without an answer" if response is None else f"answers {response.status}"


def _outcome(response: RecordedResponse | None) -> str:
    return "it never got an answer" if response is None else f"it was answered {response.status}"


def _answer_kind(response: RecordedResponse | None, *, of_resource: bool) -> str:
    """Return what a client may be expected to make of an answer: a name of the adapter protocol's values."""
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
