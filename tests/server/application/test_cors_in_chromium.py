"""A page of another origin that gets a token, in Debian's Chromium."""

import http.server
import threading

import pytest

from oauth_gauntlet_server import MockServer, faults

pytestmark = pytest.mark.browser

PAGE = b"<!doctype html><title>a page of another origin</title>"

ASK = """
async ({url, form, headers}) => {
  try {
    const options = form ? {method: "POST", body: new URLSearchParams(form), headers} : {headers};
    const response = await fetch(url, options);
    return {status: response.status, text: await response.text(), retry: response.headers.get("Retry-After"),
            challenge: response.headers.get("WWW-Authenticate")};
  } catch (error) {
    return {error: String(error)};
  }
}
"""

GRANT = {"grant_type": "client_credentials"}
BASIC = {"Authorization": "Basic YzpzZWNyZXQ="}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def running():
    with MockServer() as server:
        yield server


@pytest.fixture(scope="module")
def page(browser):
    """A page that another server has sent: same host, another port, so another origin."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/")
    yield opened
    opened.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lenient(running):
    return running.tenant(strict=False, access_token_format="jwt")


def ask(page, url, form=None, **headers):
    return page.evaluate(ASK, {"url": url, "form": form, "headers": headers})


def test_it_gets_a_token_uses_it_and_reads_keys_and_metadata(page, lenient):
    answer = page.evaluate(
        """
        async ({metadata, headers, resource}) => {
          const found = await (await fetch(metadata)).json();
          const body = new URLSearchParams({grant_type: "client_credentials"});
          const token = await (await fetch(found.token_endpoint, {method: "POST", body, headers})).json();
          const keys = await (await fetch(found.jwks_uri)).json();
          const bearer = {Authorization: `Bearer ${token.access_token}`};
          const used = await (await fetch(resource, {headers: bearer})).json();
          const revoked = await fetch(found.revocation_endpoint, {
            method: "POST", body: new URLSearchParams({token: token.access_token}), headers});
          return {type: token.token_type, keys: keys.keys.length, client: used.client_id, revoked: revoked.status};
        }
        """,
        {"metadata": lenient.metadata_url, "headers": BASIC, "resource": lenient.resource_url},
    )
    assert answer == {"type": "Bearer", "keys": 1, "client": "c", "revoked": 200}
    endpoints = [exchange.endpoint for exchange in lenient.journal.exchanges()]
    assert endpoints.count("token") == 1
    assert endpoints.count("preflight") >= 1


def test_it_sees_the_failures_and_what_they_ask_for(page, running, lenient):
    lenient.arm(faults.fault("retry_after", seconds=120), times=1)
    answer = ask(page, lenient.token_url, GRANT, **BASIC)
    assert (answer["status"], answer["retry"]) == (503, "120")
    assert ask(page, lenient.token_url, GRANT, **BASIC)["status"] == 200
    assert "Basic" in ask(page, running.tenant().token_url, GRANT, **BASIC)["challenge"]


def test_it_sees_nothing_where_its_origin_is_not_allowed(page, running):
    for cors in ("off", ("https://spa.example",)):
        tenant = running.tenant(strict=False, cors=cors)
        assert "Failed to fetch" in ask(page, tenant.token_url, GRANT, **BASIC)["error"]
        assert "Failed to fetch" in ask(page, tenant.jwks_uri)["error"]
        assert tenant.journal.count("token") == (1 if cors == "off" else 0)  # the preflight only


def test_it_cannot_use_the_control_api(page, running, lenient):
    url = f"{running.base_url}/_control/tenants/{lenient.name}"
    assert "Failed to fetch" in ask(page, url)["error"]
    assert "Failed to fetch" in ask(page, url, **{"Content-Type": "application/json"})["error"]
