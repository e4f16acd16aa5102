from oauth_gauntlet_server import RegisteredClient, faults
from oauth_gauntlet_server.tenancy.description import described, tenant_described
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings


def test_a_tenant_is_described_by_what_it_is_now(server):
    tenant = server.tenant(strict=False)
    assert tenant_described(tenant) == described(tenant.settings) == "lenient, opaque access tokens"
    tenant.configure(strict=True, access_token_format="jwt")
    tenant.register_client(RegisteredClient(client_id="c"))
    tenant.arm(faults.oauth_error("x"))
    assert tenant_described(tenant) == "strict, JWT access tokens, 1 client, 1 fault"


def test_numbers_have_their_plural():
    assert described(TenantSettings(), users=2, issuers=1) == "strict, opaque access tokens, 2 users, 1 issuer"
