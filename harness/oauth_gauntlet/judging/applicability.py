"""Decide whether a requirement applies to a client, only from what its adapter declares. Pure."""

from __future__ import annotations

from oauth_gauntlet.model import RenewalKind, Requirement
from oauth_gauntlet.protocol import GrantType, Hello


def missing_declaration(
    requirement: Requirement,
    grant: GrantType,
    hello: Hello,
    *,
    auth_method: str | None = None,
    renewal: RenewalKind | None = None,
) -> str | None:
    """Return what the adapter does not declare but the requirement needs, or None if the requirement applies.

    `auth_method` is the method that a variant of the requirement needs in addition, `renewal` the kind of renewal that is
    judged in place of a first request.
    """
    auth_methods = requirement.auth_methods | ({auth_method} if auth_method else set())
    capabilities = requirement.capabilities | (renewal.capabilities if renewal else set())
    if grant not in hello.grants:
        return f"needs grants to contain {grant}"
    for member, needed, declared in (
        ("parameters", requirement.parameters, hello.parameters),
        ("capabilities", capabilities, {str(capability) for capability in hello.capabilities}),
        ("token_endpoint_auth_methods", auth_methods, hello.token_endpoint_auth_methods),
    ):
        lacking = sorted(needed - declared)
        if lacking:
            return f"needs {member} to contain {', '.join(lacking)}"
    return None
