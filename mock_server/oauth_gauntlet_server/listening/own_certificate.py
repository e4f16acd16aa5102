"""Read a certificate and its private key from files of the user."""

from __future__ import annotations

from pathlib import Path

from oauth_gauntlet_server.listening.certificates import IssuedCertificate

_MOST_OCTETS = 1024 * 1024


class CertificateFileError(ValueError):
    """The files cannot be used; the message names the file, the reason and the next step."""


def load_certificate(cert_file: Path, key_file: Path) -> IssuedCertificate:
    """Return the certificate chain and the private key in two PEM files, which may be the same file.

    Raises:
        CertificateFileError: a file cannot be read, contains no certificate or no key, the key is encrypted, or it is not
            the key of the first certificate.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    chain_pem, key_pem = _read(cert_file), _read(key_file)
    try:
        chain = x509.load_pem_x509_certificates(chain_pem)
    except ValueError as error:
        raise CertificateFileError(
            f"{cert_file}: there is no certificate in PEM format; "
            "expected '-----BEGIN CERTIFICATE-----', the server's own first"
        ) from error
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
    except TypeError as error:
        raise CertificateFileError(
            f"{key_file}: the private key is encrypted; write one without a passphrase: "
            f"openssl pkey -in {key_file} -out decrypted.pem"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateFileError(
            f"{key_file}: there is no private key in PEM format; expected '-----BEGIN PRIVATE KEY-----'"
        ) from error
    public = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if chain[0].public_key().public_bytes(*public) != key.public_key().public_bytes(*public):
        raise CertificateFileError(
            f"{key_file} is not the key of the first certificate in {cert_file}; "
            "name the key that belongs to it, and put the server's own certificate first"
        )
    return IssuedCertificate(
        key=key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        chain=b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain),
    )


def names_in(certificate: IssuedCertificate) -> frozenset[str]:
    """Return the DNS names and IP addresses for which a certificate is valid."""
    from cryptography import x509

    own = x509.load_pem_x509_certificates(certificate.chain)[0]
    try:
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(
        (*names.get_values_for_type(x509.DNSName), *(str(each) for each in names.get_values_for_type(x509.IPAddress)))
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            octets = file.read(_MOST_OCTETS + 1)
    except OSError as error:
        raise CertificateFileError(f"{path}: {error.strerror}; give the path of a PEM file") from error
    if len(octets) > _MOST_OCTETS:
        raise CertificateFileError(f"{path}: the file is larger than 1 MiB; give the path of a PEM file")
    return octets
