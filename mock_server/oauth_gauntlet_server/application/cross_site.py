"""Refuse requests that pages of other web sites send without asking: they would use up faults and fill journals.

Any page in a developer's browser can send requests to loopback. A script that wants to read the answer sends them with
CORS: that is a legal use of a tenant, and the tenant's answer decides whether the browser shows it to the script. A page
that only sends (an image, a form, `fetch` with the mode ``no-cors``) cannot read any answer, so no application does it.
Browsers say which is which in Fetch Metadata, header fields that no script can set; other clients do not send them.
"""

from __future__ import annotations

from oauth_gauntlet_server.http.http_request import RecordedRequest

_FOLLOWS_A_LINK = frozenset({"GET", "HEAD"})


def refusal_of_other_site(request: RecordedRequest) -> str | None:
    """Return why a request is refused, or None: it comes from no page of another site, or uses CORS, or follows a link.

    See Fetch Metadata Request Headers (W3C), `Sec-Fetch-Site` and `Sec-Fetch-Mode`.
    """
    if request.header("sec-fetch-site") != "cross-site":
        return None
    mode = request.header("sec-fetch-mode")
    if mode == "cors" or (mode == "navigate" and request.method in _FOLLOWS_A_LINK):
        return None
    return (
        "a page of another site sent this request without CORS (Sec-Fetch-Site: cross-site, "
        f"Sec-Fetch-Mode: {(mode or 'none')[:40]}); it is not recorded, and no fault counts it"
    )
