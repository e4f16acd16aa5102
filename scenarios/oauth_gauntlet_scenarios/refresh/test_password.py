"""The password of the resource owner: it is needed for the first token only."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import MUST, PASSWORD, quote, requirement
from oauth_gauntlet_scenarios.refresh.held_token import begin_session
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant


# What a client keeps in memory does not show; the password shows when it is sent again. Only a client that can refresh is
# judged, after it has got a refresh token that is in force: without one, it has to ask its application, or start again. It may
# also end with an error, so that the application asks the user.
@requirement(
    "refresh.password-discarded",
    level=MUST,
    basis=quote("RFC 6749 4.3.1", "The client MUST discard the credentials once an access token has been obtained."),
    grants=[PASSWORD],
    capabilities=[*RENEWS, "refresh"],
    statement="A client that has a refresh token does not send the password of the resource owner again.",
)
def test_password_discarded(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token with a refresh token; the token expires; get another one.

    Check: no further request contains the password.
    """
    begin_session(client)
    if not client.grants()[-1].get("refresh_token"):
        untestable("the server issued no refresh token")
    before = tenant.journal.count("token")
    client.advance(HOUR_S + 1)
    answer = client.try_get_token()
    further = tenant.journal.requests("token")[before:]
    if not further:
        untestable(f"the client sent no further token request: it reported {described(answer)}")
    for request in further:
        require(
            witness.value(request, "password") is None,
            expected="a request with the refresh token",
            seen=f"{witness.shown(request, 'grant_type')} with the password, again",
            mark=Mark(text="password="),
        )
