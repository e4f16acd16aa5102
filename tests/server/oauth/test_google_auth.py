"""Google's own library, as it is, against a lenient tenant: service accounts and ID tokens."""

import google.auth.exceptions
import google.auth.transport.requests
import jwt
import pytest
from google.oauth2 import service_account

from oauth_gauntlet.key_material import private_pem

ROBOT = "robot@project.example"


@pytest.fixture
def transport():
    request = google.auth.transport.requests.Request()
    yield request
    request.session.close()


@pytest.fixture
def lenient(server):
    return server.tenant(strict=False)


def account(tenant, kind=service_account.Credentials, **more):
    """Return credentials from what Google's console lets people download, with the tenant as Google's token endpoint."""
    document = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "key-1",
        "private_key": private_pem("rsa"),
        "client_email": ROBOT,
        "token_uri": tenant.token_url,
    }
    return kind.from_service_account_info(document, **more)


def test_a_service_account_gets_a_token_with_its_scopes(lenient, transport):
    credentials = account(lenient, scopes=["read", "write"])
    credentials.refresh(transport)
    record = lenient.active(credentials.token)
    assert (record.client_id, record.subject, record.scope) == (ROBOT, ROBOT, "read write")
    assert credentials.valid


def test_a_service_account_acts_for_a_user(lenient, transport):
    credentials = account(lenient).with_subject("ann@project.example")
    credentials.refresh(transport)
    record = lenient.active(credentials.token)
    assert (record.client_id, record.subject, record.scope) == (ROBOT, "ann@project.example", "")


def test_an_id_token_is_for_the_audience_that_was_asked_for(lenient, transport):
    lenient.configure(signing_algorithm="RS256", access_token_lifetime_s=600)
    credentials = account(lenient, service_account.IDTokenCredentials, target_audience="https://api.example")
    credentials.refresh(transport)
    key = jwt.PyJWKClient(lenient.jwks_uri).get_signing_key_from_jwt(credentials.token)
    claims = jwt.decode(credentials.token, key, ["RS256"], audience="https://api.example", issuer=lenient.issuer)
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["sub"], claims["azp"], claims["email"], claims["email_verified"]) == (ROBOT, ROBOT, ROBOT, True)
    assert credentials.valid


def test_a_strict_tenant_demands_the_subject_of_rfc_7523(server, transport):
    with pytest.raises(google.auth.exceptions.RefreshError, match="The claim sub is missing"):
        account(server.tenant()).refresh(transport)


def test_an_hour_is_not_too_long_for_a_lenient_tenant_with_a_limit_of_an_hour(lenient, transport):
    lenient.configure(most_assertion_lifetime_s=3600)
    account(lenient).refresh(transport)
    lenient.configure(most_assertion_lifetime_s=1800)
    with pytest.raises(google.auth.exceptions.RefreshError, match="The claim exp is unreasonably far in the future"):
        account(lenient).refresh(transport)
