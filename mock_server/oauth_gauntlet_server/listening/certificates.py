"""Issue server certificates: a trusted one, and each kind that a client must reject.

The certificate authority is generated once per process, on first use. Keys are ECDSA P-256; generating one
takes milliseconds. Keys and certificates are for tests only. A key stays in memory, except for the moment in
which OpenSSL reads it from a private temporary file.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import trustme

OTHER_HOST = "elsewhere.example"
"""The only name in the certificate for the wrong host (a reserved domain of RFC 2606)."""

PROXIED_HOST = "idp.test"
"""A name that only a proxy of this server resolves (a reserved domain of RFC 6761)."""

_LOCAL = ("localhost", "127.0.0.1", "::1", PROXIED_HOST)
_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound

_issuing = threading.RLock()  # two threads must not generate two authorities


class Certificate(StrEnum):
    """A kind of server certificate. All except the first fail the validation of RFC 5280 §6 or the name check of RFC 9525."""

    TRUSTED = "trusted"
    """Issued by the authority of `ca_pem`, for this host, valid now."""
    UNTRUSTED_AUTHORITY = "untrusted_authority"
    """Valid, but issued by an authority that no client trusts. Seen: TLS-intercepting proxies."""
    EXPIRED = "expired"
    """Valid until 2016 (RFC 5280 §4.1.2.5). Seen: forgotten renewals, everywhere."""
    NOT_YET_VALID = "not_yet_valid"
    """Valid from 2990 on (RFC 5280 §4.1.2.5). Seen: clients whose clock starts in 1970."""
    WRONG_HOST = "wrong_host"
    """For another host name (RFC 9525 §6). Seen: a load balancer's default certificate."""
    SELF_SIGNED = "self_signed"
    """Signed by its own key. Seen: appliances and on-premises servers as installed."""
    INCOMPLETE_CHAIN = "incomplete_chain"
    """Issued by an intermediate certificate that is not sent (breaks RFC 8446 §4.4.2). Seen: the most common
    mistake in a TLS set-up; browsers hide it, because they download or cache the intermediate certificate."""


class TLSUnavailable(Exception):
    """TLS, or a TLS version, is not available on this machine; the message contains the reason and the next step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuedCertificate:
    """A private key and the certificate chain that the server sends, its own certificate first (PEM).

    `unsent` are the certificates that a client also needs, but does not receive.
    """

    key: bytes
    chain: bytes
    unsent: bytes = b""


LONGEST_LIFETIME = dt.timedelta(days=397)
"""How long a certificate for development is valid: clients such as Safari and Chrome reject a longer time."""


class CertificateNameError(ValueError):
    """A text is no name for a certificate; the message says what is expected."""


def development_certificate(names: Iterable[str] = (), *, host: str = "127.0.0.1") -> IssuedCertificate:
    """Return a new certificate of the trusted authority, valid from yesterday on and for 397 days in all.

    It is for the same names as `Certificate.TRUSTED`, and for `names`: DNS names, with or without ``*`` as the first
    label, and IP addresses. `Certificate.TRUSTED` itself is valid for centuries: clients whose clock is moved use it.

    Raises:
        CertificateNameError: one of the names is neither a DNS name nor an IP address.
        TLSUnavailable: trustme is not installed.
    """
    chosen = tuple(names)
    also = () if host in _ANY else (host,)
    with _issuing:
        for name in chosen:
            _check_name(name)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        start = now - dt.timedelta(days=1)
        leaf = _authority("trusted").issue_cert(
            *dict.fromkeys((*_LOCAL, *also, *chosen)), not_before=start, not_after=start + LONGEST_LIFETIME
        )
    return IssuedCertificate(key=leaf.private_key_pem.bytes(), chain=b"".join(pem.bytes() for pem in leaf.cert_chain_pems))


def ca_pem() -> bytes:
    """Return the certificate of the authority that clients must trust (PEM).

    Raises:
        TLSUnavailable: trustme is not installed.
    """
    return _authority("trusted").cert_pem.bytes()


def trust_variables(ca_file: str) -> dict[str, str]:
    """Return the environment variables that make a child process trust the authority in a file.

    They work for OpenSSL's default paths (Python, Ruby, PHP), requests, curl, Node (which adds the authority
    to its own list) and Go.
    """
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    return dict.fromkeys(names, ca_file)


def issued_certificate(kind: Certificate, host: str = "127.0.0.1") -> IssuedCertificate:
    """Return the certificate of a kind for a server that listens on `host`; each is issued once per process.

    Every certificate except `WRONG_HOST` is also valid for localhost, the loopback addresses and `PROXIED_HOST`.

    Raises:
        TLSUnavailable: trustme is not installed.
    """
    with _issuing:
        return _issued(kind, () if host in (*_LOCAL, *_ANY) else (host,))


@cache
def _issued(kind: Certificate, also: tuple[str, ...]) -> IssuedCertificate:
    names = (*_LOCAL, *also)
    match kind:
        case Certificate.TRUSTED:
            leaf = _authority("trusted").issue_cert(*names)
        case Certificate.UNTRUSTED_AUTHORITY:
            leaf = _authority("untrusted").issue_cert(*names)
        case Certificate.EXPIRED:
            leaf = _authority("trusted").issue_cert(*names, not_before=_start_of(2015), not_after=_start_of(2016))
        case Certificate.NOT_YET_VALID:
            leaf = _authority("trusted").issue_cert(*names, not_before=_start_of(2990), not_after=_start_of(2999))
        case Certificate.WRONG_HOST:
            leaf = _authority("trusted").issue_cert(OTHER_HOST)
        case Certificate.SELF_SIGNED:
            return _self_signed(names)
        case Certificate.INCOMPLETE_CHAIN:
            leaf = _authority("trusted").create_child_ca().issue_cert(*names)
            own, *unsent = (pem.bytes() for pem in leaf.cert_chain_pems)
            return IssuedCertificate(key=leaf.private_key_pem.bytes(), chain=own, unsent=b"".join(unsent))
    return IssuedCertificate(key=leaf.private_key_pem.bytes(), chain=b"".join(pem.bytes() for pem in leaf.cert_chain_pems))


def _authority(name: str) -> trustme.CA:
    with _issuing:
        return _authority_of(name)


@cache
def _authority_of(name: str) -> trustme.CA:
    made: trustme.CA = _trustme().CA(organization_name="oauth-gauntlet", organization_unit_name=f"{name} test authority")
    return made


def _trustme() -> Any:
    try:
        import trustme
    except ImportError as error:
        raise TLSUnavailable(
            "TLS needs the package trustme, which is not installed; run pip install 'oauth-gauntlet[tls]'"
        ) from error
    return trustme


def _self_signed(names: tuple[str, ...]) -> IssuedCertificate:
    """Return a certificate that is its own issuer and not an authority; trustme cannot issue one."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])

    def general(text: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ipaddress.ip_address(text))
        except ValueError:
            return x509.DNSName(text)

    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_start_of(2000))
        .not_valid_after(_start_of(2999))
        .add_extension(x509.SubjectAlternativeName([general(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return IssuedCertificate(
        key=key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        chain=certificate.public_bytes(serialization.Encoding.PEM),
    )


def _check_name(name: str) -> None:
    try:
        if "/" in name:  # trustme takes it for a network
            raise ValueError
        _authority("trusted").issue_cert(name)
    except ValueError as error:
        raise CertificateNameError(
            f"{name[:100]!r} is no name for a certificate: expected a host name (letters, digits, hyphens) or an IP address"
        ) from error


def _start_of(year: int) -> dt.datetime:
    return dt.datetime(year, 1, 1, tzinfo=dt.UTC)
