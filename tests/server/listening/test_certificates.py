"""Each kind of certificate, verified by OpenSSL."""

import socket
import ssl
import subprocess
import sys
import threading

import pytest
from cryptography import x509

from oauth_gauntlet_server.listening import certificates
from oauth_gauntlet_server.listening.certificates import Certificate, ca_pem, issued_certificate, trust_variables
from oauth_gauntlet_server.listening.tls_context import legacy_context, server_context, shake_hands_in_memory
from tests.server.listening.waiting import PATIENCE_S

# X509_V_ERR_* of OpenSSL. There is one code for a wrong host name and one for a wrong IP address.
REFUSED_WITH = {
    Certificate.UNTRUSTED_AUTHORITY: {20},
    Certificate.EXPIRED: {10},
    Certificate.NOT_YET_VALID: {9},
    Certificate.WRONG_HOST: {62, 64},
    Certificate.SELF_SIGNED: {18},
    Certificate.INCOMPLETE_CHAIN: {20, 21},
}


def client_context(*more):
    context = ssl.create_default_context(cadata=ca_pem().decode())
    for pem in more:
        context.load_verify_locations(cadata=pem.decode())
    return context


def shake_hands(context, client, name):
    """Perform a handshake over a real pair of sockets and return the server certificate."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(PATIENCE_S)
        theirs.settimeout(PATIENCE_S)

        def serve():
            try:
                with context.wrap_socket(ours, server_side=True):
                    pass
            except OSError:
                ours.close()  # the client rejected the certificate and raises its own error

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with client.wrap_socket(theirs, server_hostname=name) as secured:
                return secured.getpeercert()
        finally:
            thread.join(PATIENCE_S)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_trusted_certificate_is_accepted_for_every_local_name(name):
    assert shake_hands(server_context(), client_context(), name)["subjectAltName"]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("kind", list(REFUSED_WITH))
def test_every_other_kind_is_rejected_for_its_own_reason(kind, name):
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        shake_hands(server_context(kind), client_context(), name)
    assert caught.value.verify_code in REFUSED_WITH[kind], caught.value


def test_every_kind_is_in_the_table():
    assert set(Certificate) == {Certificate.TRUSTED, *REFUSED_WITH}


def test_the_certificate_of_the_wrong_host_is_valid_for_that_host():
    shown = shake_hands(server_context(Certificate.WRONG_HOST), client_context(), certificates.OTHER_HOST)
    assert shown["subjectAltName"] == (("DNS", certificates.OTHER_HOST),)


def test_the_incomplete_chain_lacks_only_the_intermediate():
    certificate = issued_certificate(Certificate.INCOMPLETE_CHAIN)
    assert certificate.chain.count(b"BEGIN CERTIFICATE") == 1
    assert shake_hands(server_context(Certificate.INCOMPLETE_CHAIN), client_context(certificate.unsent), "localhost")


def test_the_self_signed_certificate_is_its_own_issuer_and_not_an_authority():
    certificate = x509.load_pem_x509_certificate(issued_certificate(Certificate.SELF_SIGNED).chain)
    assert certificate.issuer == certificate.subject
    certificate.verify_directly_issued_by(certificate)
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False


def test_the_certificate_contains_the_host_that_was_asked_for():
    assert shake_hands(server_context(host="tokens.test"), client_context(), "tokens.test")
    assert server_context(host="0.0.0.0") is not None


def test_each_certificate_and_context_is_made_once():
    assert ca_pem() == ca_pem()
    assert issued_certificate(Certificate.TRUSTED) is issued_certificate(Certificate.TRUSTED, "localhost")
    assert server_context() is server_context()


def test_threads_agree_on_one_authority():
    code = (
        "import threading\n"
        "from oauth_gauntlet_server.listening.certificates import ca_pem\n"
        "seen, start = set(), threading.Barrier(8)\n"
        "def ask():\n    start.wait()\n    seen.add(ca_pem())\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "print(len(seen))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60).stdout == b"1\n"


@pytest.mark.parametrize(("version", "name"), [("1.0", "TLSv1"), ("1.1", "TLSv1.1")])
def test_a_legacy_context_supports_only_its_version(version, name):
    context = legacy_context(version)
    client = client_context()
    client.check_hostname = False
    client.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match=r"(?i)protocol|version"):
        shake_hands_in_memory(context, client)  # the client offers TLS 1.2 and newer
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        client.minimum_version = ssl.TLSVersion.TLSv1
    assert shake_hands_in_memory(context, client) == name


def test_a_version_that_openssl_lacks_is_a_clear_error(tmp_path):
    """With a real OpenSSL configuration that forbids the version, as in some distributions."""
    configuration = tmp_path / "openssl.cnf"
    configuration.write_text(
        "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = limits\n[limits]\nProtocol = -TLSv1.1\n"
    )
    code = (
        "from oauth_gauntlet_server import TLSUnavailable\n"
        "from oauth_gauntlet_server.listening.tls_context import legacy_context\n"
        "try:\n    legacy_context('1.1')\nexcept TLSUnavailable as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"OPENSSL_CONF": str(configuration)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "does not support TLS 1.1" in done.stdout
    assert "leave this fault out" in done.stdout


def test_without_trustme_only_tls_is_unavailable():
    code = (
        "import sys; sys.modules['trustme'] = None\n"
        "from oauth_gauntlet_server import MockServer, TLSUnavailable\n"
        "with MockServer() as server:\n    print(server.base_url[:5])\n"
        "try:\n    MockServer(tls=True).start()\nexcept TLSUnavailable as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == (
        "http:\nTLS needs the package trustme, which is not installed; run pip install 'oauth-gauntlet[tls]'\n"
    )


def test_the_variables_name_the_ca_file_for_every_library():
    assert trust_variables("/x.pem")["NODE_EXTRA_CA_CERTS"] == "/x.pem"
    assert set(trust_variables("/x.pem").values()) == {"/x.pem"}
