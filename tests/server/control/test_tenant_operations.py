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
