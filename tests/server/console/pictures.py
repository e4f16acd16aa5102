"""Take the pictures of the console in docs/images: python tests/server/console/pictures.py [FOLDER].

It starts a server and Debian's Chromium, and sends requests as a client would, a few of which fail.
"""

import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import sync_playwright

from oauth_gauntlet_server import AssertionIssuer, MockServer, RegisteredClient, Tenants, User, faults
from oauth_gauntlet_server.listening.listener import ListenerError
from oauth_gauntlet_server.tenancy.model import JWT_BEARER
from oauth_gauntlet_server.tenancy.tenant import Tenant

IMAGES = Path(__file__).parents[3] / "docs" / "images"
ENCODED, PLAIN = "web-shop:s%2Bcret", "web-shop:s+cret"


def main(folder: Path) -> None:
    """Take both pictures."""
    server = started()
    try:
        tenant = server.tenant("default", access_token_format="jwt", default_scope="orders")
        tenant.register_client(RegisteredClient(client_id="web-shop", client_secret="s+cret"))
        tenant.register_user(User(username="ann", password="pw"))
        tenant.register_issuer(
            AssertionIssuer(issuer=tenant.issuer, public_keys=(dict(tenant.keys.current("ES256").as_dict(private=False)),))
        )
        with sync_playwright() as playwright:
            options = ["--no-sandbox", "--disable-dev-shm-usage"]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce")
            page.goto(f"{server.base_url}/_console/#tenant=default")
            page.wait_for_selector("#live[data-state=live]")
            number = traffic(tenant)
            page.click(f"#exchanges a[data-sequence='{number}']")
            page.wait_for_selector("#exchange .sides")
            page.locator("#exchange").focus()
            page.screenshot(path=folder / "console.png")

            page.click("#views [data-view=faults]")
            page.click("#fault-list a:has(b:text-is('token_member'))")
            page.fill("#fault .arm [name=member]", "expires_in")
            page.fill("#fault .arm [name=value]", '"3600"')
            page.fill("#fault [name=times]", "2")
            page.click("#fault .arm [type=submit]")
            page.wait_for_selector("#fault .message.pass")
            send(tenant, grant_type="client_credentials", scope="orders")
            page.wait_for_selector("#armed li:has-text('token_member') .counter:text-is('fired 1')")
            page.locator("#fault").focus()
            page.screenshot(path=folder / "console-fault.png")
            browser.close()
    finally:
        server.stop()


def started() -> MockServer:
    """Return a running server, at the port of the documentation if that is free."""
    for port in (8080, 0):
        server = MockServer(port=port, tenants=Tenants(auto_create=True))
        try:
            server.start()
        except ListenerError:
            continue
        return server
    raise SystemExit("no port is free")


def traffic(tenant: Tenant) -> int:
    """Send requests that succeed and fail; return the sequence number of the exchange to open."""
    send(tenant, grant_type="password", username="ann", password="pw", scope="orders")
    refresh = tenant.mint_refresh_token("web-shop", username="ann", scope="orders", token="refresh-token-of-ann")
    send(tenant, grant_type="refresh_token", refresh_token=refresh)
    send(tenant, path="/resource/orders", token=tenant.mint_access_token("web-shop", username="ann", scope="orders"))
    send(tenant, path="/jwks")
    send(tenant, path="/faults/truncated-json/token", grant_type="client_credentials")
    send(tenant, path="/faults/closed/token", grant_type="client_credentials")
    send(tenant, grant_type=JWT_BEARER, assertion=tenant.mint_jwt_access_token("web-shop", claims={"aud": tenant.token_url}))
    tenant.arm(
        faults.oauth_error("invalid_grant", description="The grant is expired or revoked"), grant="refresh_token", times=1
    )
    send(tenant, grant_type="refresh_token", refresh_token=refresh)
    send(tenant, basic=PLAIN, grant_type="client_credentials", scope="orders")
    number = tenant.journal.last
    send(tenant, grant_type="client_credentials", scope="orders")
    send(tenant, path="/faults/bad-gateway-html/token", grant_type="refresh_token", refresh_token=refresh)
    return number


def send(tenant: Tenant, *, path: str = "/token", token: str | None = None, basic: str = ENCODED, **form: str) -> None:
    """Send a request as the client ``web-shop`` would; ignore whether it fails."""
    credentials = f"Bearer {token}" if token else f"Basic {b64encode(basic.encode()).decode()}"
    headers = {"User-Agent": "web-shop/1.4", "Authorization": credentials}
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        urllib.request.urlopen(urllib.request.Request(tenant.issuer + path, data, headers), timeout=20).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        pass
    time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
