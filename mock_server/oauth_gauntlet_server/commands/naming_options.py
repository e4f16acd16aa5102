"""The options of ``serve`` for its URLs and its certificate, as values."""

from __future__ import annotations

from pathlib import Path

from oauth_gauntlet_server import TLSUnavailable
from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.http.base_url import BaseURLError, BaseURLSource, checked_base_url
from oauth_gauntlet_server.listening.certificates import CertificateNameError, IssuedCertificate, development_certificate
from oauth_gauntlet_server.listening.own_certificate import CertificateFileError, load_certificate
from oauth_gauntlet_server.tenancy.naming import Naming


def naming_of(*, browser_url: str | None, public_url: str | None, trust_proxy: bool) -> Naming:
    """Return what the options say about the name of the server.

    Raises:
        UsageError: one is no base URL, or has no effect.
    """
    if public_url is not None and trust_proxy:
        raise UsageError("--public-url decides all URLs, so --trust-proxy has no effect; leave one of them out")
    public, browser = _base_url("--public-url", public_url), _base_url("--browser-url", browser_url)
    if public is not None:
        return Naming(public_url=public, browser_url=browser)
    return Naming(source=BaseURLSource.PROXY if trust_proxy else BaseURLSource.HOST, browser_url=browser)


def _base_url(option: str, text: str | None) -> str | None:
    try:
        return None if text is None else checked_base_url(text)
    except BaseURLError as error:
        raise UsageError(f"{option}: {error}") from error


def certificate_of(
    host: str, *, tls: bool, cert: Path | None, key: Path | None, names: tuple[str, ...]
) -> IssuedCertificate | None:
    """Return the certificate that the options name or ask for; None: plain http.

    Raises:
        UsageError: an option is missing or has no effect, or a file or a name cannot be used.
    """
    if (cert is None) != (key is None):
        raise UsageError("--cert and --key belong together; give both (they may name the same file)")
    if tls and cert is not None:
        raise UsageError("--tls makes a certificate, so --cert and --key have no effect; leave one of them out")
    if names and not tls:
        raise UsageError("--san adds a name to the certificate that --tls makes; give --tls too")
    try:
        if cert is not None and key is not None:
            return load_certificate(cert, key)
        return development_certificate(names, host=host) if tls else None
    except CertificateNameError as error:
        raise UsageError(f"--san: {error}") from error
    except (CertificateFileError, TLSUnavailable) as error:
        raise UsageError(str(error)) from error
