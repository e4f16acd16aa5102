"""Formats of the private key in PEM, and keys that cannot be used."""

from __future__ import annotations

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem, public_pem
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, MUST, PROFILE, Variant, page, practice, quote, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import JWT, readable_assertion, require_clear_refusal
from oauth_gauntlet_scenarios.key.outcome import refused, works
from oauth_gauntlet_scenarios.strategies import GeneratedKey, private_keys
from oauth_gauntlet_server import Tenant


@requirement(
    "key.pkcs8",
    level=INTEROP,
    basis=practice("OpenSSL 3, and the key pages of most providers, write private keys in PKCS#8 (RFC 5958)."),
    grants=JWT,
    statement="A private key in PKCS#8 PEM works.",
)
def test_pkcs8(client: LabClient) -> None:
    """Do: configure an RSA key as PKCS#8 PEM. Check: an assertion signed with the key."""
    works(client, private_key=private_pem("rsa"))


@requirement(
    "key.traditional",
    level=INTEROP,
    basis=practice("OpenSSL before version 3, and ssh-keygen -m PEM, write RSA keys in PKCS#1 (RFC 8017 A.1.2)."),
    grants=JWT,
    statement="A private key in PKCS#1 PEM works.",
)
def test_traditional(client: LabClient) -> None:
    """Do: configure an RSA key as PKCS#1 PEM, the default of older OpenSSL versions.

    Check: an assertion signed with it.
    """
    works(client, private_key=private_pem("rsa", form="traditional"))


@requirement(
    "key.encrypted",
    level=PROFILE,
    profile="scim-connector",
    basis=page("the connector's configuration page", "Password for the provided private key."),
    grants=JWT,
    parameters=["private_key_password"],
    statement="An encrypted private key works with its password.",
    variants={"pkcs8": "pkcs8", "dek-info": "traditional"},
)
def test_encrypted(client: LabClient, variant: Variant) -> None:
    """Do: configure an encrypted key (PBES2 in PKCS#8, or traditional) and its password.

    Check: an assertion signed with it.
    """
    encrypted = private_pem("rsa", form=variant.value, password=KEY_PASSWORD)
    works(client, private_key=encrypted, private_key_password=KEY_PASSWORD)


@requirement(
    "key.wrong-password",
    level=INTEROP,
    basis=practice("A mistake in the configuration is found at once where the key is loaded, and at the server it is not."),
    grants=JWT,
    parameters=["private_key_password"],
    statement="A wrong or missing password of an encrypted key is refused before any request.",
    variants={"wrong": "not the password", "missing": None},
)
def test_wrong_password(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure an encrypted key with a wrong password, and without one.

    Check: a configuration error, and no request.
    """
    encrypted = private_pem("rsa", password=KEY_PASSWORD)
    client.control(private_key=encrypted, private_key_password=KEY_PASSWORD)
    answer = client.obtain(private_key=encrypted, private_key_password=variant.value)
    refused(tenant, answer, "the private key's password")


@requirement(
    "key.garbage",
    level=INTEROP,
    basis=practice("A mistake in the configuration is found at once where the key is loaded, and at the server it is not."),
    grants=JWT,
    statement="A text that is not a private key is refused before any request.",
    variants=["text", "truncated", "public-key"],
)
def test_garbage(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure plain text, a truncated PEM or a public key.

    Check: a configuration error, and no request.
    """
    pem = private_pem("rsa")
    broken = {"text": "not a key at all", "truncated": pem[: len(pem) // 2], "public-key": public_pem("rsa")}
    client.control(private_key=pem)
    answer = client.obtain(private_key=broken[variant.value])
    refused(tenant, answer, "the private key")


@requirement(
    "key.whitespace",
    level=INTEROP,
    basis=practice("Editors and web forms change line ends and append blank lines when a key is pasted."),
    grants=JWT,
    statement="A PEM with CRLF line ends, or followed by white space, works.",
    variants=["crlf", "trailing"],
)
def test_whitespace(client: LabClient, variant: Variant) -> None:
    """Do: configure the key with CRLF line ends, or followed by blank lines, as after pasting.

    Check: an assertion signed with the key.
    """
    pem = private_pem("rsa")
    works(client, private_key=pem.replace("\n", "\r\n") if variant.value == "crlf" else f"{pem}\n \n")


@requirement(
    "key.weak-rsa",
    level=MUST,
    basis=quote("RFC 7518 3.3", "A key of size 2048 bits or larger MUST be used with these algorithms."),
    grants=JWT,
    statement="An RSA key of less than 2048 bits is not used.",
)
def test_weak_rsa(client: LabClient, tenant: Tenant) -> None:
    """Do: configure an RSA key of 1024 bits. Check: no assertion is sent."""
    client.control(private_key=private_pem("rsa"))
    answer = client.obtain(private_key=private_pem("rsa-1024"))
    requests = tenant.journal.requests("token")
    require(
        not requests,
        expected="a refusal of the 1024-bit key, and no request",
        seen=f"an assertion signed with it was sent; the client reported {described(answer)}",
        mark=Mark(text="assertion="),
    )
    require_clear_refusal(answer, "the 1024-bit key")


@requirement(
    "key.property",
    level=INTEROP,
    basis=practice("Users have keys of every kind, in every encoding that common tools write."),
    covered_by=["key.pkcs8", "key.traditional", "key.encrypted", "jwt.signature-valid", "jwt.alg-accurate"],
    grants=JWT,
    parameters=["jwt_header"],
    statement="Every kind of key in every encoding signs with an algorithm that fits it, or is refused clearly.",
)
@given(key=private_keys())
def test_property(client: LabClient, tenant: Tenant, key: GeneratedKey) -> None:
    """Do: configure RSA, P-256 and Ed25519 keys in PKCS#8 or traditional PEM, plain or encrypted.

    Check: an assertion that verifies with the public key, or a refusal before any request.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    changes = {"private_key": key.pem, "jwt_header": {"typ": "JWT", "alg": key.algorithm}}
    if key.password is not None:
        if "private_key_password" not in client.hello.parameters:
            return
        changes["private_key_password"] = key.password
    answer = client.obtain(**changes)
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        documented(answer)
        return
    problem = witness.signature_problem(readable_assertion(client), key.kind)
    require(problem is None, expected=f"a valid {key.algorithm} signature", seen=f"{problem}", mark=Mark(text="assertion="))
