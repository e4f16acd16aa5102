from oauth_gauntlet_server import MockServer, RecordedRequest, Tenants
from oauth_gauntlet_server.tenancy.memory import MIB

REQUEST = RecordedRequest(method="POST", target="/t/token", http_version="1.1", headers=(), body=b"", raw=b"")


def test_a_tenant_is_created_read_changed_listed_and_deleted(control, control_server):
    made = control("POST", "/tenants", {"name": "mine", "strict": False, "rotation": "rotate", "access_token_lifetime_s": None})
    assert made.status == 201
    tenant = control_server.tenants.find("mine")
    assert made.json["token_url"] == tenant.token_url
    assert made.json["settings"]["rotation"] == "rotate"
    assert (tenant.settings.strict, tenant.settings.access_token_lifetime_s) == (False, None)
    changed = control("PATCH", "/tenants/mine", {"refresh_token_grants": ["password", "client_credentials"], "strict": True})
    assert changed.json == control("GET", "/tenants/mine").json
    assert tenant.settings.refresh_token_grants == {"password", "client_credentials"}
    assert (tenant.settings.strict, tenant.settings.rotation) == (True, "rotate")
    assert "mine" in [each["name"] for each in control("GET", "/tenants").json["tenants"]]
    assert control("DELETE", "/tenants/mine").status == 204
    assert control("DELETE", "/tenants/mine").status == 404
    assert control("GET", "/tenants/mine").status == 404


def test_tenants_without_a_name_get_different_names(control):
    names = {control("POST", "/tenants", {}).json["name"] for _ in range(3)}
    assert len(names) == 3


def test_problems_name_member_expectation_and_nearest_name(control):
    answer = control("POST", "/tenants", {"rotatoin": "keep"})
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert (problem["member"], problem["nearest"], problem["status"]) == ("/rotatoin", ["rotation"], 400)
    assert problem["title"] == "Bad Request"
    problem = control("PATCH", f"/tenants/{control('POST', '/tenants', {}).json['name']}", {"signing_algorithm": "EdDSE"}).json
    assert (problem["member"], problem["nearest"]) == ("/signing_algorithm", ["EdDSA"])
    assert problem["expected"] == "one of ES256, RS256, EdDSA"


def test_token_response_members_are_added_to_the_token_response(control, tenant):
    control("POST", "/tenants/t/clients", {"client_id": "a", "client_secret": "s"})
    control("PATCH", "/tenants/t", {"token_response_members": {"client_info": {"x": 1}}})
    document = control.token().json
    assert (document["client_info"], document["token_type"]) == ({"x": 1}, "Bearer")


def test_a_tenant_that_exists_is_replaced_by_put_only(control, control_server, tenant):
    tenant.journal.record(endpoint="token", request=REQUEST, response=None)
    refused = control("POST", "/tenants", {"name": "t", "strict": False})
    assert (refused.status, "PUT /_control/tenants/t replaces it" in refused.json["detail"]) == (409, True)
    assert control_server.tenants.find("t") is tenant
    assert tenant.journal.count() == 1
    replaced = control("PUT", "/tenants/t", {"strict": False})
    assert (replaced.status, replaced.json["settings"]["strict"]) == (200, False)
    assert control_server.tenants.find("t").journal.count() == 0


def test_put_creates_a_tenant_that_does_not_exist(control, control_server):
    control_server.tenants.delete("by-put")
    assert control("PUT", "/tenants/by-put").status == 201
    assert control("PUT", "/tenants/by-put", {}).status == 200
    assert control_server.tenants.find("by-put").settings.strict
    assert control("PUT", "/tenants/by-put", {"name": "other"}).status == 400
    assert control("PUT", "/tenants/.no", {}).status == 404


def test_a_tenant_that_a_request_created_exists_too(client_of):
    with MockServer(tenants=Tenants(auto_create=True)) as server:
        control = client_of(server)
        assert control.token("sprung").status == 200
        assert control("POST", "/tenants", {"name": "sprung"}).status == 409


def test_a_server_with_its_most_tenants_refuses_one_more(client_of):
    with MockServer(tenants=Tenants(capacity=2)) as server:
        control = client_of(server)
        assert [control("POST", "/tenants", {"name": name}).status for name in "abc"] == [201, 201, 507]
        refused = control("PUT", "/tenants/c").json
        assert (refused["status"], "DELETE /_control/tenants/NAME" in refused["detail"]) == (507, True)
        assert control("PUT", "/tenants/a").status == 200
        assert control("DELETE", "/tenants/b").status == 204
        assert control("PUT", "/tenants/c").status == 201


def test_the_use_of_memory_is_shown(client_of):
    with MockServer(memory=4 * MIB) as server:
        control = client_of(server)
        server.tenant("t", strict=False)
        control.token()
        memory = control("GET", "/memory").json
        assert (memory["limit"], memory["number_of_tenants"], memory["dropped_tenants"]) == (4 * MIB, 1, 0)
        parts = [memory[name] for name in ("journals", "access_tokens", "refresh_tokens", "tenants")]
        assert memory["used"] == sum(parts)
        assert [part > 0 for part in parts] == [True, True, False, True]


def test_what_does_not_fit_is_refused_with_507(client_of):
    with MockServer(memory=MIB) as server:
        control = client_of(server)
        control("PUT", "/tenants/t", {})
        big = {"x": "a" * 900_000}
        assert control("PUT", "/tenants/other", {"claims": big}).status == 201
        for method, path, document in (
            ("PUT", "/tenants/third", {"claims": big}),
            ("PATCH", "/tenants/t", {"claims": big}),
            ("POST", "/tenants/t/clients", {"client_id": "c", "claims": big}),
        ):
            refused = control(method, path, document)
            assert (refused.status, "memory of the server (1 MiB) is full" in refused.json["detail"]) == (507, True)
        assert control("GET", "/tenants/third").status == 404
        assert not control("GET", "/tenants/t").json["settings"]["claims"]
        assert control("DELETE", "/tenants/other").status == 204
        assert control("PUT", "/tenants/third", {"claims": big}).status == 201


def test_a_setting_without_effect_is_refused_and_changes_nothing(control, tenant):
    never = control("PATCH", "/tenants/t", {"token_response_members": {"token_type": "never"}})
    assert (never.status, never.json["member"]) == (400, "/token_response_members/token_type")
    assert never.json["expected"] == "a string, but not access_token or token_type"
    before = tenant.settings
    here = control("PATCH", "/tenants/t", {"refresh_token_grants": [], "refresh_token_lifetime_s": 60})
    assert (here.status, here.json["member"]) == (409, "/refresh_token_lifetime_s")
    assert here.json["detail"].startswith("/refresh_token_lifetime_s: no effect, because no request issues a refresh token")
    assert tenant.settings is before
    new = control("POST", "/tenants", {"name": "n", "token_response_members": {"expires_in": 5}})
    assert (new.status, new.json["member"]) == (409, "/token_response_members")
    assert control("GET", "/tenants/n").status == 404
