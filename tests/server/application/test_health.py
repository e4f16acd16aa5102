from importlib.metadata import version

from oauth_gauntlet_server import MockServer


def test_health_is_for_everybody_and_leaves_no_trace(http):
    with MockServer(control_token="secret") as server:
        server.tenant()
        answer = http.get(f"{server.base_url}/health")
        document = answer.json()
        memory = document.pop("memory")
        assert document == {"status": "ok", "version": version("oauth-gauntlet"), "tenants": 1}
        assert 0 < memory["used"] < memory["limit"]
        assert answer.headers["cache-control"] == "no-store"
        assert http.head(f"{server.base_url}/health").status_code == 200
        assert server.journal.exchanges() == ()


def test_a_tenant_may_have_this_name(http):
    with MockServer() as server:
        tenant = server.tenant("health", strict=False)
        form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
        assert http.post(tenant.token_url, data=form).status_code == 200
