import dataclasses

import pytest

from oauth_gauntlet_server.faults import PRESETS, all_faults

FAULTS = "/tenants/t/faults"


@pytest.fixture(autouse=True)
def lenient(tenant):
    tenant.configure(strict=False)


def statuses(control, count):
    return [control.token().status for _ in range(count)]


def test_a_fault_is_armed_listed_counted_and_cleared(control, tenant):
    made = control("POST", FAULTS, {"fault": "oauth_error", "error": "invalid_scope", "when": {"times": 1}})
    assert made.status == 201
    assert made.json["faults"][0]["when"]["times"] == 1
    assert statuses(control, 2) == [400, 200]
    (armed,) = control("GET", FAULTS).json["faults"]
    assert (armed["fault"], armed["error"], armed["matched"], armed["fired"]) == ("oauth_error", "invalid_scope", 2, 1)
    assert control("DELETE", f"{FAULTS}/{armed['id']}").status == 204
    assert control("DELETE", f"{FAULTS}/{armed['id']}").status == 404
    control("POST", FAULTS, {"fault": "http_status", "status": 503})
    assert control("DELETE", FAULTS).status == 204
    assert statuses(control, 1) == [200]


def test_a_sequence_fails_twice_then_recovers(control):
    sequence = [
        {"fault": "http_status", "status": 503},
        {"fault": "oauth_error"},
        None,
        {"fault": "http_status", "status": 502},
    ]
    assert len(control("POST", FAULTS, sequence).json["faults"]) == 3
    assert statuses(control, 6) == [503, 400, 200, 502, 200, 200]


def test_a_sequence_can_be_armed_from_python(control, tenant):
    from oauth_gauntlet_server import faults

    tenant.arm_sequence(faults.http_status(503), None, faults.http_status(502), grant="client_credentials")
    assert statuses(control, 4) == [503, 200, 502, 200]


def test_a_sequence_accepts_filters_and_rejects_counts(control):
    other = {"client_id": "b"}
    control("POST", FAULTS, [{"fault": "oauth_error", "when": other}])
    assert statuses(control, 1) == [200]
    assert control.token(client="b:s").status == 400
    answer = control("POST", FAULTS, [None, {"fault": "oauth_error", "when": {"every": 2}}])
    assert (answer.status, answer.json["member"]) == (400, "/1/when/every")


def test_if_one_fault_of_a_sequence_is_wrong_none_is_armed(control, tenant):
    answer = control("POST", FAULTS, [{"fault": "oauth_error"}, {"fault": "oauth_error", "status": 1}])
    assert (answer.status, answer.json["member"]) == (400, "/1/status")
    assert "expected a whole number between 200 and 999" in answer.json["detail"]
    assert tenant.armed.list() == ()


@pytest.mark.parametrize(
    ("document", "member", "near"),
    [
        ({"fault": "oauth_eror"}, "/fault", "oauth_error"),
        ({"fault": "oauth_error", "eror": "x"}, "/eror", "error"),
        ({"fault": "oauth_error", "when": {"endpont": "token"}}, "/when/endpont", "endpoint"),
    ],
)
def test_the_problem_contains_the_nearest_name(control, document, member, near):
    answer = control("POST", FAULTS, document)
    assert (answer.status, answer.json["member"]) == (400, member)
    assert near in answer.json["nearest"]


def test_known_faults_are_listed_with_parameters_and_presets(control):
    known = control("GET", "/faults").json
    assert {each["fault"] for each in known["faults"]} == set(all_faults())
    assert known["presets"] == {name: preset.to_json() for name, preset in PRESETS.items()}
    for each in known["faults"]:
        fields = dataclasses.fields(all_faults()[each["fault"]])
        assert [parameter["name"] for parameter in each["parameters"]] == [field.name for field in fields]
        assert each["documentation"]
    (oauth_error,) = (each for each in known["faults"] if each["fault"] == "oauth_error")
    status = next(each for each in oauth_error["parameters"] if each["name"] == "status")
    schema = {"type": "integer", "minimum": 200, "maximum": 999}
    assert status == {"name": "status", "type": "int", "schema": schema, "required": False, "default": 400}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_can_be_armed_as_it_is_listed(control, tenant, name):
    """The list of presets contains documents that the operation `arm` accepts."""
    listed = control("GET", "/faults").json["presets"][name]
    assert control("POST", FAULTS, {**listed, "when": {"probability": 0}}).status == 201
    (armed,) = tenant.armed.list()
    assert armed.fault == PRESETS[name]
    assert armed.trigger.probability == 0


def test_known_faults_are_listed_with_family_and_endpoint_and_presets_with_their_path(control):
    known = control("GET", "/faults").json
    about = {each["fault"]: (each["family"], each["endpoint"]) for each in known["faults"]}
    assert about["oauth_error"] == ("OAuth errors", "token")
    assert about["key_set"][1] == "jwks"
    assert about["all_of"][1] is None
    assert all(family for family, _ in about.values())
    assert known["preset_paths"]["wrong-issuer"] == "/default/faults/wrong-issuer/.well-known/oauth-authorization-server"
    assert known["preset_paths"].keys() == known["presets"].keys()
