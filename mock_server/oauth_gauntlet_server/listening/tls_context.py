"""Build the TLS contexts of the server: the normal one, and those for the deprecated versions 1.0 and 1.1."""

from __future__ import annotations

import os
import ssl
import tempfile
import threading
import warnings
from functools import cache
from pathlib import Path

from oauth_gauntlet_server.listening.certificates import Certificate, IssuedCertificate, TLSUnavailable, issued_certificate

_building = threading.RLock()


def server_context(kind: Certificate = Certificate.TRUSTED, host: str = "127.0.0.1") -> ssl.SSLContext:
    """Return a server context for TLS 1.2 and 1.3 with a certificate of the kind; each is built once per process.

    Raises:
        TLSUnavailable: trustme is not installed.
    """
    with _building:
        return _server_context(kind, host)


def context_with(certificate: IssuedCertificate) -> ssl.SSLContext:
    """Return a server context for TLS 1.2 and 1.3 with this certificate."""
    context = _plain_context(certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def legacy_context(version: str, host: str = "127.0.0.1") -> ssl.SSLContext:
    """Return a server context for TLS ``1.0`` or ``1.1`` only, with the trusted certificate.

    Raises:
        TLSUnavailable: OpenSSL on this machine does not support that version (a handshake in memory tests
            it), or trustme is not installed.
    """
    with _building:
        return _legacy_context(version, host)


@cache
def _server_context(kind: Certificate, host: str) -> ssl.SSLContext:
    return context_with(issued_certificate(kind, host))


@cache
def _legacy_context(version: str, host: str) -> ssl.SSLContext:
    context = _plain_context(issued_certificate(Certificate.TRUSTED, host))
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    try:
        for each in (context, client):
            _allow_only(each, version)
        shake_hands_in_memory(context, client)
    except (ssl.SSLError, ValueError) as error:
        raise TLSUnavailable(
            f"{ssl.OPENSSL_VERSION} on this machine does not support TLS {version} ({error}); "
            "use an OpenSSL that is built and configured with it, or leave this fault out"
        ) from error
    return context


def _plain_context(certificate: IssuedCertificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    # Without tickets every handshake is a full one. A client that resumes a session does not check the certificate.
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    # The ssl module reads keys only from files.
    descriptor, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(certificate.key + certificate.chain)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
    return context


def _allow_only(context: ssl.SSLContext, version: str) -> None:
    wanted = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1}[version]
    with warnings.catch_warnings():
        # Python warns that these versions are deprecated; this fault exists to use them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = wanted
    # They sign with SHA-1, which OpenSSL 3 allows only at security level 0.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")


def shake_hands_in_memory(server: ssl.SSLContext, client: ssl.SSLContext) -> str | None:
    """Perform a TLS handshake without a socket and return the negotiated version.

    Raises:
        ssl.SSLError: the handshake failed.
    """
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)]
    for _ in range(4):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return sides[1].version()
