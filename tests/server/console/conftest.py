"""A real server and the console in a real browser, watched for what must never happen."""

import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, Tenants

WIDTH, HEIGHT = 1280, 800


class Watched:
    """A page that tells of dialogs, messages on the browser's console, exceptions, and requests to anywhere else."""

    def __init__(self, context, server):
        self.page = context.new_page()
        self.server = server
        self.wrong = []
        self.page.set_default_timeout(20_000)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        self.page.on("console", lambda message: self.wrong.append(f"console {message.type}: {message.text}"))
        self.page.on("request", self._request)

    def open(self, *, wait=True, **state):
        """Open the console with this state in its URL, and wait until its list is live."""
        # A URL that differs in its fragment only would not be loaded again.
        self.page.goto("about:blank")
        self.page.goto(f"{self.server.base_url}/_console/#{urllib.parse.urlencode(state)}")
        if wait:
            self.page.wait_for_selector("#live[data-state=live]")
        return self.page

    def refused(self, *statuses):
        """Let answers of the control API with these statuses pass: Chromium tells of each on its console."""
        self.wrong[:] = [
            each for each in self.wrong if not any(f"responded with a status of {status}" in each for status in statuses)
        ]

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
    fresh = served.tenant("t", strict=False)
    fresh.register_client(RegisteredClient(client_id="demo-client", client_secret="demo-secret"))
    return fresh


@pytest.fixture
def console(browser, served, tenant):
    """Return the watched page, not yet opened; at the end nothing may have gone wrong."""
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce") as context:
        each = Watched(context, served)
        yield each
        assert each.wrong == []


@pytest.fixture
def ask():
    """Return a function that sends a request, and returns the status; None without an answer."""

    def send(url, form=None, *, client="demo-client:demo-secret", body=None, **headers):
        if client is not None:
            headers.setdefault("Authorization", "Basic " + b64encode(client.encode()).decode())
        data = urllib.parse.urlencode(form).encode() if form is not None else body
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return None

    return send


@pytest.fixture
def token(ask, tenant):
    """Return a function that asks the tenant for a token."""
    return lambda path="/token", **form: ask(tenant.issuer + path, {"grant_type": "client_credentials", **form})
