import pytest

from oauth_gauntlet_server import MockServer, Tenants, create_app


def test_it_is_a_plain_wsgi_application():
    client = create_app().test_client()
    form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
    answer = client.post("/default/token", data=form)
    assert answer.json["token_type"] == "Bearer"


def test_the_index_names_the_tenants(server, strict, http):
    document = http.get(server.base_url).json()
    named = {"name": strict.name, "token_url": strict.token_url, "metadata_url": strict.metadata_url}
    assert named in document["tenants"]
    assert document["console"] == f"{server.base_url}/_console"


@pytest.mark.parametrize("path", ["/nowhere/token", "/", "/x/y/z", "/.well-known/oauth-authorization-server/nowhere"])
def test_an_unknown_path_is_answered_with_a_json_error(server, http, path):
    answer = http.post(f"{server.base_url}{path}") if path == "/" else http.get(f"{server.base_url}{path}")
    assert answer.status_code in {404, 405}
    assert answer.headers["content-type"].startswith("application/json")


def test_an_exception_in_the_server_is_a_recorded_500(caplog):
    class Broken(Tenants):
        def find(self, name):
            tenant = super().find(name)
            tenant.settings = None
            return tenant

    with MockServer(tenants=Broken(auto_create=True)) as running:
        client = create_app(running.tenants).test_client()
        form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
        answer = client.post("/default/token", data=form)
        assert (answer.status_code, answer.json) == (500, {"error": "server_error"})
        assert Tenants.find(running.tenants, "default").journal.exchanges()[0].response.status == 500
    assert "the mock server itself failed" in caplog.text
