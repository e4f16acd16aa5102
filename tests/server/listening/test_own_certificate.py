"""Certificates of the user: from files that are right, and from each kind of wrong file."""

import datetime as dt
import subprocess

import pytest
from cryptography import x509

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.listening.certificates import (
    LONGEST_LIFETIME,
    CertificateNameError,
    ca_pem,
    development_certificate,
)
from oauth_gauntlet_server.listening.own_certificate import CertificateFileError, load_certificate, names_in


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files that openssl has made: a certificate with its key, another key, an encrypted key, and others."""
    folder = tmp_path_factory.mktemp("pem")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=120)

    san = "subjectAltName=DNS:auth.local,IP:192.0.2.1"
    openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"),
        *("-subj", "/CN=auth.local", "-addext", san, "-days", "2"),
    )
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "nameless-key.pem", "-out", "nameless.pem", "-subj", "/CN=x"
    )
    openssl("genpkey", "-algorithm", "ED25519", "-out", "other.pem")
    openssl("pkey", "-in", "key.pem", "-aes256", "-passout", "pass:secret", "-out", "encrypted.pem")
    openssl("rsa", "-in", "key.pem", "-traditional", "-aes256", "-passout", "pass:secret", "-out", "encrypted-old.pem")
    openssl("x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der")
    (folder / "both.pem").write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    (folder / "chain.pem").write_bytes((folder / "cert.pem").read_bytes() + ca_pem())
    (folder / "wrong-order.pem").write_bytes(ca_pem() + (folder / "cert.pem").read_bytes())
    (folder / "text.pem").write_text("nothing")
    (folder / "huge.pem").write_bytes(b"x" * (1024 * 1024 + 1))
    return folder


@pytest.mark.parametrize(("cert", "key"), [("cert.pem", "key.pem"), ("both.pem", "both.pem"), ("chain.pem", "key.pem")])
def test_a_certificate_and_its_key_are_served(files, cert, key):
    certificate = load_certificate(files / cert, files / key)
    assert names_in(certificate) == {"auth.local", "192.0.2.1"}
    assert certificate.chain.count(b"BEGIN CERTIFICATE") == (2 if cert == "chain.pem" else 1)
    with MockServer(tls=certificate) as server:
        port = server.base_url.rpartition(":")[2]
        url = f"https://auth.local:{port}/t/jwks"
        server.tenant("t")
        command = ["curl", "-sS", "--fail", "--noproxy", "*", "--cacert", str(files / "cert.pem")]
        resolved = ["--resolve", f"auth.local:{port}:127.0.0.1", url]
        subprocess.run([*command, *resolved], check=True, capture_output=True, timeout=120)
        with server.open_port() as other:
            resolved = ["--resolve", f"auth.local:{other.number}:127.0.0.1", f"https://auth.local:{other.number}/t/jwks"]
            subprocess.run([*command, *resolved], check=True, capture_output=True, timeout=120)


def test_a_certificate_without_names_has_none(files):
    assert names_in(load_certificate(files / "nameless.pem", files / "nameless-key.pem")) == set()


@pytest.mark.parametrize(
    ("cert", "key", "message"),
    [
        ("none.pem", "key.pem", r"none\.pem: No such file or directory; give the path of a PEM file"),
        ("cert.pem", "none.pem", r"none\.pem: No such file or directory; give the path of a PEM file"),
        (".", "key.pem", "Is a directory"),
        ("text.pem", "key.pem", r"text\.pem: there is no certificate in PEM format"),
        ("cert.der", "key.pem", r"cert\.der: there is no certificate in PEM format"),
        ("key.pem", "key.pem", r"key\.pem: there is no certificate in PEM format"),
        ("cert.pem", "text.pem", r"text\.pem: there is no private key in PEM format"),
        ("cert.pem", "cert.pem", r"cert\.pem: there is no private key in PEM format"),
        ("cert.pem", "other.pem", r"other\.pem is not the key of the first certificate in .*cert\.pem"),
        ("wrong-order.pem", "key.pem", "put the server's own certificate first"),
        (
            "cert.pem",
            "encrypted.pem",
            r"encrypted\.pem: the private key is encrypted; .* openssl pkey -in .*encrypted\.pem -out",
        ),
        ("cert.pem", "encrypted-old.pem", r"encrypted-old\.pem: the private key is encrypted"),
        ("huge.pem", "key.pem", r"huge\.pem: the file is larger than 1 MiB"),
    ],
)
def test_each_wrong_file_is_named_with_the_reason(files, cert, key, message):
    with pytest.raises(CertificateFileError, match=message):
        load_certificate(files / cert, files / key)


def test_a_development_certificate_is_valid_for_at_most_397_days_and_for_the_names():
    certificate = development_certificate(["auth", "*.dev.example", "192.0.2.7", "localhost"], host="192.0.2.8")
    own = x509.load_pem_x509_certificates(certificate.chain)[0]
    now = dt.datetime.now(dt.UTC)
    assert own.not_valid_before_utc < now < own.not_valid_after_utc
    assert own.not_valid_after_utc - own.not_valid_before_utc == LONGEST_LIFETIME == dt.timedelta(days=397)
    assert names_in(certificate) >= {"localhost", "127.0.0.1", "::1", "auth", "*.dev.example", "192.0.2.7", "192.0.2.8"}
    own.verify_directly_issued_by(x509.load_pem_x509_certificate(ca_pem()))


@pytest.mark.parametrize(
    "name", ["", "a b", "http://a", "192.0.2.0/24", "a:1", "*", "a.*.b", "-a", "a..b", "x" * 64, "my_service"]
)
def test_what_is_no_name_for_a_certificate_is_rejected(name):
    with pytest.raises(CertificateNameError, match=r"expected a host name .* or an IP address"):
        development_certificate([name])
