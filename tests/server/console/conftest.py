"""Fixtures: a real server, and its console in a real browser that records everything that must never happen."""

import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import MockServer, RegisteredClient, Tenants

WIDTH, HEIGHT = 1280, 800

PATIENCE_MS = 60_000
"""How long the browser may take for what a test waits for. It only guards against waiting for ever."""

expect.set_options(timeout=PATIENCE_MS)


class Watched:
    """A page with the console; `wrong` lists dialogs, console messages, exceptions and requests to other servers."""

    def __init__(self, context, server):
        self.page = context.new_page()
        self.server = server
        self.wrong = []
        self._allowed = []
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        self.page.on("console", lambda message: self.wrong.append(f"console {message.type}: {message.text}"))
        self.page.on("request", self._request)

    def open(self, *, wait=True, **state):
        """Open the console with this state in its URL, and wait until its list is live."""
        # The browser would not load a URL again that differs in its fragment only.
        self.page.goto("about:blank")
        self.page.goto(f"{self.server.base_url}/_console/#{urllib.parse.urlencode(state)}")
        if wait:
            expect(self.page.locator("#live[data-state=live]")).to_be_visible()
        return self.page

    def allow(self, *texts):
        """Allow messages with one of these texts: Chromium writes one for each error status and each blocked request."""
        self._allowed += texts

    def allow_statuses(self, *statuses):
        """Allow responses of the control API with these statuses."""
        self.allow(*(f"responded with a status of {status}" for status in statuses))

    def unexpected(self):
        """Return what went wrong and was not allowed."""
        return [each for each in self.wrong if not any(text in each for text in self._allowed)]

    def _dialog(self, dialog):
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith(
            (f"{self.server.base_url}/_console/", f"{self.server.base_url}/_control/", "about:blank")
        ):
            self.wrong.append(f"request: {request.url}")


@pytest.fixture(scope="module")
def served():
    with MockServer(tenants=Tenants(auto_create=True)) as running:
        yield running


@pytest.fixture
def tenant(served):
    """A fresh lenient tenant ``t`` with a client."""
    fresh = served.tenant("t", replace=True, strict=False)
    fresh.register_client(RegisteredClient(client_id="demo-client", client_secret="demo-secret"))
    return fresh


@pytest.fixture
def console(browser, served, tenant):
    """Return the watched page, not yet opened; after the test, nothing may have gone wrong."""
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce") as context:
        each = Watched(context, served)
        yield each
        assert each.unexpected() == []


@pytest.fixture
def ask():
    """Return a function that sends a request and returns the status, or None without a response."""

    def send(url, form=None, *, client="demo-client:demo-secret", body=None, **headers):
        if client is not None:
            headers.setdefault("Authorization", "Basic " + b64encode(client.encode()).decode())
        data = urllib.parse.urlencode(form).encode() if form is not None else body
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as response:
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return None

    return send


@pytest.fixture
def token(ask, tenant):
    """Return a function that sends a token request and returns the status."""
    return lambda path="/token", **form: ask(tenant.issuer + path, {"grant_type": "client_credentials", **form})
