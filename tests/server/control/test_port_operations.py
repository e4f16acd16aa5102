import socket
import subprocess

import pytest


@pytest.fixture
def opened(control):
    """Return a function that opens a port, which is closed after the test."""
    numbers = []

    def open_port(**document):
        answer = control("POST", "/ports", document)
        assert answer.status == 201, answer.body
        numbers.append(answer.json["port"])
        return answer.json

    yield open_port
    for number in numbers:
        control("DELETE", f"/ports/{number}")


def test_a_port_is_opened_met_read_and_closed(control, opened):
    port = opened(fault={"fault": "reset_on_accept"})
    assert port["url"] == f"http://127.0.0.1:{port['port']}"
    with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", port["port"]), timeout=10) as client:
        client.recv(1)
    seen = control("GET", f"/ports/{port['port']}").json
    assert (seen["count"], seen["connections"][0]["outcome"]) == (1, "reset")
    assert [each["port"] for each in control("GET", "/ports").json["ports"]] == [port["port"]]
    assert control("DELETE", f"/ports/{port['port']}").status == 204
    assert control("GET", f"/ports/{port['port']}").status == 404


def test_it_fails_twice_and_then_recovers(opened, tenant):
    port = opened(fault={"fault": "accept_and_close", "times": 2})
    url = f"{port['url']}/{tenant.name}/.well-known/oauth-authorization-server"
    codes = [subprocess.run(["curl", "-sS", url], capture_output=True, timeout=30, check=False).returncode for _ in range(3)]
    assert codes == [52, 52, 0]


def test_it_is_told_to_recover(control, opened, tenant):
    port = opened(fault={"fault": "refuse"})
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port["port"]), timeout=5)
    control("POST", f"/ports/{port['port']}/recover", {})
    url = f"{port['url']}/{tenant.name}/jwks"
    curl = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", url]
    assert b"keys" in subprocess.run(curl, capture_output=True, timeout=60, check=True).stdout


@pytest.mark.parametrize(("certificate", "code"), [("trusted", 0), ("expired", 60), ("wrong_host", 60), ("self_signed", 60)])
def test_certificates_by_curl(control_server, opened, tenant, certificate, code):
    port = opened(tls=certificate)
    assert port["url"].startswith("https://")
    curl = ["curl", "-sS", "--cacert", str(control_server.ca_file), f"{port['url']}/{tenant.name}/jwks"]
    assert subprocess.run(curl, capture_output=True, timeout=30, check=False).returncode == code


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        ({"fault": {"fault": "refuze"}}, 400, "refuse"),
        ({"fault": {"fault": "silent_accept", "second": 1}}, 400, "seconds"),
        ({"fault": {"fault": "tls_handshake_stall"}, "tls": False}, 422, "needs TLS"),
        ({"tls": "expird"}, 400, "expired"),
        ({"port": 99999}, 400, "65535"),
        ({"fautl": None}, 400, "fault"),
    ],
)
def test_what_is_wrong_is_a_problem_that_helps(control, document, status, words):
    answer = control("POST", "/ports", document)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.body.decode()


def test_a_port_that_is_taken(control, opened):
    taken = opened()["port"]
    assert "choose another port" in control("POST", "/ports", {"port": taken}).json["detail"]


def test_an_unknown_port(control):
    answer = control("DELETE", "/ports/1")
    assert answer.status == 404
    assert "there is no port 1 that was opened here" in answer.json["detail"]


def test_without_a_socket_of_its_own_a_server_has_none():
    from oauth_gauntlet_server import create_app

    answer = create_app().test_client().get("/_control/ports", headers={"Host": "127.0.0.1"})
    assert (answer.status_code, "oauth-gauntlet serve" in answer.json["detail"]) == (501, True)
