"""The query component of the token URL: kept, and nothing added."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    MUST,
    requirement,
)
from oauth_gauntlet_server import Tenant, parse_form


# RFC 6749 §2.3.1: "The parameters can only be transmitted in the request-body and MUST NOT be included in the
# request URI."
@requirement(
    "request.no-parameters-in-url",
    level=MUST,
    source="RFC 6749 2.3.1, 3.2",
    statement="The client never adds credentials or parameters to the token URL.",
)
def test_no_parameters_in_url(client: LabClient) -> None:
    """Do: get a token with a token URL without a query. Check: the request target has no query."""
    client.try_get_token()
    request = client.token_request()
    require(
        not request.query,
        expected="a request target without a query, as configured",
        seen=f"the request target {request.target[:200]}",
        mark=Mark(text=request.target),
    )


# RFC 6749 §3.2: the endpoint URI may include a query component, "which MUST be retained when adding
# additional query parameters". It has the format of Appendix B, in which the order of different parameters
# has no meaning.
@requirement(
    "request.url-query-kept",
    level=MUST,
    source="RFC 6749 3.2",
    statement="The client keeps a query component of the token URL, with all names and values.",
)
def test_url_query_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with a query that contains an encoded slash and an encoded space.

    Check: the query decodes to the same names and values. An equivalent encoding and another order are
    accepted.
    """
    query = "realm=%2Fa%20b&api-version=1"
    client.configure(token_url=f"{tenant.token_url}?{query}")
    client.try_get_token()
    request = client.token_request()
    require(
        sorted(request.query_pairs) == sorted(parse_form(query.encode())),
        expected=f"the query {query}, or an equivalent encoding of it",
        seen=f"the request target {request.target}",
        mark=Mark(text=request.target),
    )
