"""Several different requests of one client at once: each arrives as its caller made it, and gets its own response."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Capability, ResourceRequest
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, REFRESH_TOKEN, UNSAFE, damage, requirement
from oauth_gauntlet_scenarios.resource.requests import hold_a_revoked_token, path_of, resource_requests
from oauth_gauntlet_server import Tenant, faults

_CALLERS = 8


@requirement(
    "concurrency.requests-not-mixed",
    level=UNSAFE,
    basis=damage("One caller gets the data of another, or writes its data to another's place."),
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    capabilities=["parallel", "resource"],
    waits=True,
    statement="Each of several requests at once keeps its own URL, fields, body and response, also when it is sent again.",
)
def test_requests_not_mixed(client: LabClient, tenant: Tenant) -> None:
    """Do: send eight different requests at once, half are answered late; a client that declares retry_401 has to renew first.

    Check: each request arrives with its own header field and body, and each caller gets the response to its own.
    """
    if Capability.RETRY_401 in client.hello.capabilities:
        hold_a_revoked_token(client)
    tenant.arm(faults.delay(0.2), endpoint="resource", every=2)
    names = [f"caller-{place}" for place in range(_CALLERS)]
    answers = client.requests(
        [
            ResourceRequest(
                method="POST", url=f"{tenant.resource_url}/{name}", headers={"X-Caller": name}, body=f"body of {name}"
            )
            for name in names
        ]
    )
    for request in resource_requests(tenant):
        name = request.target.partition("?")[0].rpartition("/")[2]
        carried = (request.header("x-caller") or "", request.body.decode("utf-8", "replace"))
        others = [other for other in names if other != name and any(_names(text, other) for text in carried)]
        require(
            not others,
            expected="the header field and the body of the same caller in each request",
            seen=f"the request of {name} contained what {others[0] if others else ''} sent",
            mark=Mark(text=request.target),
        )
    paths = [path_of(answer) for answer in answers]
    if not set(paths) & set(names):
        untestable("no caller got a response of the resource with a good token")
    for name, path in zip(names, paths, strict=True):
        require(
            path is None or path == name,
            expected="for each caller the response to its own request",
            seen=f"{name} got the response to the request of {path}",
        )


def _names(text: str, name: str) -> bool:
    return text in (name, f"body of {name}")
