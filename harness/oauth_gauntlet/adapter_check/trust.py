"""TLS: whether the authority that is configured is trusted, and no other is."""

from __future__ import annotations

from oauth_gauntlet.adapter_check.check import GOOD, Sight, doubt
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import TLSUnavailable, connection_fault


def ca_file(subject: Subject, grant: GrantType) -> Sight:
    """Show a certificate of the authority in `ca_file`, then one of another: the first is taken, the second is not."""
    try:
        right = subject.bench.open_port(tls=True)
        other = subject.bench.open_port(connection_fault("tls_certificate", certificate="untrusted_authority"), tls=True)
    except TLSUnavailable as unavailable:
        return doubt(f"not looked at: {unavailable}")
    with right, other:
        tenant = subject.bench.tenant()
        subject.configure(tenant, grant, {"token_url": right.url_of(tenant), "ca_file": subject.bench.ca_file})
        subject.adapter.get_token()
        if not right.count:
            return doubt("with an https token URL no connection came to it")
        tenant = subject.bench.tenant()
        subject.configure(tenant, grant, {"token_url": other.url_of(tenant), "ca_file": subject.bench.ca_file})
        subject.answer()
        if tenant.journal.count():
            return doubt(
                "a token request went to a server for which the authority in ca_file does not vouch; verify certificates"
            )
    return GOOD
