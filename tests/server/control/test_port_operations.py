import socket
import subprocess

import pytest


@pytest.fixture
def opened(control):
    """Return a function that opens a port; the port is closed after the test."""
    numbers = []

    def open_port(**document):
        answer = control("POST", "/ports", document)
        assert answer.status == 201, answer.body
        numbers.append(answer.json["port"])
        return answer.json

    yield open_port
    for number in numbers:
        control("DELETE", f"/ports/{number}")


def test_a_port_is_opened_used_read_and_closed(control, opened):
    port = opened(fault={"fault": "reset_on_accept"})
    assert port["url"] == f"http://127.0.0.1:{port['port']}"
    with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", port["port"]), timeout=60) as client:
        client.recv(1)
    seen = control("GET", f"/ports/{port['port']}").json
    assert (seen["count"], seen["connections"][0]["outcome"]) == (1, "reset")
    assert [each["port"] for each in control("GET", "/ports").json["ports"]] == [port["port"]]
    assert control("DELETE", f"/ports/{port['port']}").status == 204
    assert control("GET", f"/ports/{port['port']}").status == 404


def test_a_port_fails_twice_and_then_recovers(opened, tenant):
    port = opened(fault={"fault": "accept_and_close", "times": 2})
    url = f"{port['url']}/{tenant.name}/.well-known/oauth-authorization-server"
    codes = [subprocess.run(["curl", "-sS", url], capture_output=True, timeout=60, check=False).returncode for _ in range(3)]
    assert codes == [52, 52, 0]


def test_a_port_recovers_on_request(control, opened, tenant):
    port = opened(fault={"fault": "refuse"})
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port["port"]), timeout=60)
    control("POST", f"/ports/{port['port']}/recover", {})
    url = f"{port['url']}/{tenant.name}/jwks"
    curl = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", url]
    assert b"keys" in subprocess.run(curl, capture_output=True, timeout=60, check=True).stdout


@pytest.mark.parametrize(("certificate", "code"), [("trusted", 0), ("expired", 60), ("wrong_host", 60), ("self_signed", 60)])
def test_curl_accepts_the_trusted_certificate_only(control_server, opened, tenant, certificate, code):
    port = opened(tls=certificate)
    assert port["url"].startswith("https://")
    curl = ["curl", "-sS", "--cacert", str(control_server.ca_file), f"{port['url']}/{tenant.name}/jwks"]
    assert subprocess.run(curl, capture_output=True, timeout=60, check=False).returncode == code


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        ({"fault": {"fault": "refuze"}}, 400, "refuse"),
        ({"fault": {"fault": "silent_accept", "second": 1}}, 400, "seconds"),
        ({"fault": {"fault": "tls_handshake_stall"}, "tls": False}, 409, "needs TLS"),
        ({"tls": "expird"}, 400, "expired"),
        ({"port": 99999}, 400, "65535"),
        ({"fautl": None}, 400, "fault"),
    ],
)
def test_a_wrong_document_is_rejected_with_a_helpful_problem(control, document, status, words):
    answer = control("POST", "/ports", document)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.body.decode()


def test_an_occupied_port_is_reported(control, opened):
    taken = opened()["port"]
    assert "choose another port" in control("POST", "/ports", {"port": taken}).json["detail"]


def test_an_unknown_port_is_404(control):
    answer = control("DELETE", "/ports/1")
    assert answer.status == 404
    assert answer.json["detail"].startswith("there is no open port 1; open ports: ")


def test_a_server_without_its_own_listener_has_no_ports():
    from oauth_gauntlet_server import create_app

    answer = create_app().test_client().get("/_control/ports", headers={"Host": "127.0.0.1"})
    assert (answer.status_code, "oauth-gauntlet serve" in answer.json["detail"]) == (501, True)
