"""Check TLS: the client trusts the configured certificate authority, and no other."""

from __future__ import annotations

from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import TLSUnavailable, connection_fault


def ca_file(subject: Subject, grant: GrantType) -> Observation:
    """Use a certificate of the authority in `ca_file`, then one of another: the client accepts the first only."""
    try:
        right = subject.bench.open_port(tls=True)
        other = subject.bench.open_port(connection_fault("tls_certificate", certificate="untrusted_authority"), tls=True)
    except TLSUnavailable as unavailable:
        return doubt(f"not checked: {unavailable}")
    with right, other:
        tenant = subject.bench.tenant()
        subject.configure(tenant, grant, {"token_url": right.url_of(tenant), "ca_file": subject.bench.ca_file})
        subject.adapter.get_token()
        if not right.count:
            return doubt("with an https token URL no connection arrived")
        tenant = subject.bench.tenant()
        subject.configure(tenant, grant, {"token_url": other.url_of(tenant), "ca_file": subject.bench.ca_file})
        subject.answer()
        if tenant.journal.count():
            return doubt(
                "a token request was sent to a server whose certificate is not from the authority in ca_file; "
                "verify certificates"
            )
    return GOOD
