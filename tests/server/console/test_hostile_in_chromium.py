"""Hostile text in requests, tokens and registrations is shown and never acts, in Debian's Chromium."""

import base64
import http.server
import json
import threading
import urllib.parse

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import AssertionIssuer, RegisteredClient, User, faults
from tests.server.console.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</style><img src=x onerror=alert(3)>",
    "\"><svg onload=alert(4)> ' onfocus=alert(5) autofocus x='",
    "javascript:alert(6)",
    '<!-- --><iframe src="javascript:alert(7)">',
    "{{ 7 * 7 }}{% raw %}${7*7}`${alert(8)}`",
    "]]><![CDATA[ --> </textarea></title></pre></code></template>",
    "half a pair \ud800, separators \u2028 \u2029, NUL \x00, escape \x1b[31m, overridden \u202etxt.exe, DEL \x7f\x9b",
    "line\r\ndata: injected\r\n\r\nevent: gone\ndata: {}\n\n",
    '<a href="https://evil.example/" autofocus>x</a><link rel=stylesheet href=//evil.example/x.css>',
    "url(https://evil.example/x.png)'); background: url(//evil.example/y.png",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "__proto__",
    "constructor",
    '#view=faults&name=x"><script>alert(9)</script>',
    "a" * 1500,
)

# A header field must not contain one of these (RFC 9110 §5.5).
CONTROLS = bytes({*range(0x20), 0x7F})

PLAIN = [text for text in HOSTILE if text.isprintable()]


def jwt_of(text):
    def part(document):
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    header, claims = {"alg": text, "kid": text, text: text}, {"iss": text, "sub": text, text: {text: text}, "exp": text}
    return f"{part(header)}.{part(claims)}.AAAA"


def elements(page):
    """Count what hostile markup would create: elements, scripts, links to files, event handlers."""
    return page.evaluate("""() => [
        document.querySelectorAll("img, svg, iframe, object, embed, base, meta[http-equiv], style").length,
        document.scripts.length,
        document.querySelectorAll("link").length,
        [...document.querySelectorAll("*")].filter((each) => each.getAttributeNames().some((name) => /^on/.test(name))).length,
    ]""")


CLEAN = [0, 1, 2, 0]
"""The page's own script, style sheet and icon."""


def safe_links(page):
    hrefs = page.locator("a").evaluate_all("all => all.map((each) => each.href)")
    return all(href.startswith((page.url.split("#")[0], "https://www.rfc-editor.org/rfc/rfc")) for href in hrefs)


def test_hostile_exchanges_are_only_shown(console, tenant, connect, served):
    port = int(served.base_url.rpartition(":")[2])
    for text in HOSTILE:
        octets = text.encode("utf-8", "surrogatepass")
        header = octets.translate(None, CONTROLS)
        form = {"grant_type": text, "client_id": text, "client_secret": text, text: text, "assertion": jwt_of(text)}
        body = urllib.parse.urlencode(form, errors="surrogatepass").encode()
        target = urllib.parse.quote(octets).encode()
        basic = base64.b64encode(b"%s:%s" % (octets, octets))
        tenant.arm(
            faults.fault(
                "http_status", status=400, body=json.dumps({"error": text, text: [text], "access_token": jwt_of(text)})
            ),
            times=1,
        )
        client = connect(port)
        client.send(
            b"POST /t/token?%s=%s HTTP/1.1\r\nHost: h\r\nX-A: %s\r\nUser-Agent: %s\r\nAuthorization: Basic %s\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (target, target, header, header, basic, len(body), body)
        )
        client.rest()
    assert tenant.journal.count() == len(HOSTILE)
    page = console.open(tenant="t")
    expect(page.locator("#exchanges > li")).to_have_count(len(HOSTILE))
    for sequence in range(1, len(HOSTILE) + 1):
        page.click(f"#exchanges a[data-sequence='{sequence}']")
        expect(page.locator("#exchange h2")).to_contain_text(f"#{sequence} ")
        # The heading and the parts are shown in one step.
        assert page.locator("#exchange .part").count() >= 4
        assert elements(page) == CLEAN
    assert safe_links(page)
    page.fill("#filters [name=q]", "<script>alert(1)</script>")
    last = page.locator("#exchanges > li:last-child")
    expect(last).to_be_visible()
    expect(last).to_contain_text("<script>alert(1)</script>")
    page.click("#exchanges a[data-sequence='1']")
    expect(page.locator("#exchange h2")).to_contain_text("#1 ")
    expect(page.locator("#exchange td code:text-is('<script>alert(1)</script>')").nth(1)).to_be_visible()


def test_invisible_characters_are_shown_escaped(console, tenant, ask):
    ask(tenant.token_url, {"grant_type": "\u202etxt.exe\x00\x1b[31m", "client_id": "c"}, client=None)
    page = console.open(tenant="t", open="1")
    expect(page.locator("#exchange td code").get_by_text(r"\u202etxt.exe\x00\x1b[31m", exact=True)).to_be_visible()


def test_hostile_faults_are_only_shown(console, tenant):
    for text in HOSTILE:
        plain = text.encode("utf-8", "replace").decode()
        tenant.arm(faults.oauth_error(plain, description=plain, uri=plain), client_id=plain, grant=plain)
    page = console.open(tenant="t", view="faults")
    expect(page.locator("#armed li")).to_have_count(len(HOSTILE))
    assert elements(page) == CLEAN
    assert safe_links(page)
    for text in PLAIN:
        page.fill("#fault-search input", text)
    page.fill("#fault-search input", "")
    page.click("#fault-list a:has(b:text-is('oauth_error'))")
    for number, text in enumerate(PLAIN, len(HOSTILE) + 1):
        page.fill("#fault .arm [name=error]", text)
        page.fill("#fault .arm [name=client_id]", text[:50])
        page.click("#fault .arm button[type=submit]")
        expect(page.locator("#armed li")).to_have_count(number)
        expect(page.locator("#fault .message.pass")).to_be_visible()
        assert elements(page) == CLEAN
    assert [each.fault.error for each in tenant.armed.list()[len(HOSTILE) :]] == PLAIN


def test_hostile_registrations_are_only_shown(console, tenant):
    for text in HOSTILE:
        tenant.register_client(RegisteredClient(client_id=text, client_secret=text, scope=text, claims={text: text}))
        tenant.register_user(User(username=text, password=text, sub=text))
        tenant.register_issuer(
            AssertionIssuer(issuer=text, public_keys=(text,), subjects=frozenset({text}), audiences=frozenset({text}))
        )
    page = console.open(tenant="t", view="parties")
    # The tenant has one client before.
    expect(page.locator(".parties li")).to_have_count(3 * len(HOSTILE) + 1)
    assert elements(page) == CLEAN
    assert safe_links(page)
    expect(page.locator(".parties b:text-is('<script>alert(1)</script>')")).to_have_count(3)
    page.locator(".parties li:has(b:text-is('</script><script>alert(2)</script>')) button").first.click()
    expect(page.locator(".parties li")).to_have_count(3 * len(HOSTILE))
    assert tenant.clients.get("</script><script>alert(2)</script>") is None


def test_hostile_tokens_are_only_shown(console, tenant):
    page = console.open(tenant="t", view="tokens")
    for text in PLAIN:
        page.fill("#inspect-token [name=token]", jwt_of(text))
        page.click("#inspect-token [type=submit]")
        expect(page.locator("#token-parts caption")).to_have_text(["header", "claims"])
        assert elements(page) == CLEAN
        page.fill("#inspect-token [name=token]", text)
        page.click("#inspect-token [type=submit]")
        expect(page.locator("#token-parts caption")).to_have_count(0)
    page.fill("#mint_access_token [name=client_id]", HOSTILE[0])
    page.fill("#mint_access_token [name=token]", HOSTILE[2])
    page.click("#mint_access_token [type=submit]")
    expect(page.locator("#token-parts code:text-is('<script>alert(1)</script>')").first).to_be_visible()
    assert elements(page) == CLEAN


def test_a_hostile_url_has_no_effect(console, token):
    console.allow_statuses(404)
    token()
    page = console.open(tenant="t")
    texts = ("<script>alert(1)</script>", "../../evil?x#y", "__proto__", "%zz", "' onload='alert(1)", "javascript:alert(1)")
    for key in ("view", "open", "q", "endpoint", "grant", "status", "fault", "name", "unknown"):
        for text in texts:
            page.evaluate("hash => { location.hash = hash; }", urllib.parse.urlencode({"tenant": "t", key: text}))
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
            assert elements(page) == CLEAN
            assert safe_links(page)
    for text in texts:
        page = console.open(wait=False, tenant=text, view="faults")
        expect(page.locator("#problem:not([hidden]), #live[data-state=live]").first).to_be_visible()
        assert elements(page) == CLEAN


def test_the_content_security_policy_blocks_everything_else(console):
    """Elements that are added later load nothing, and text cannot become markup."""
    # Chromium writes a message for each blocked request.
    console.allow("Content Security Policy", "TrustedHTML", "Trusted Type", "request: https://example.org/x.png")
    page = console.open(tenant="t")
    blocked = page.evaluate("""() => new Promise((done) => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            seen.push(event.effectiveDirective);
            if (seen.length === 3) done(seen.sort());
        });
        const image = document.createElement("img"); image.src = "https://example.org/x.png"; document.body.append(image);
        const form = document.createElement("form"); form.action = "https://example.org/"; document.body.append(form);
        form.submit();
        fetch("https://example.org/").catch(() => {});
    })""")
    assert blocked == ["connect-src", "form-action", "img-src"]
    raised = page.evaluate("""() => {
        try { document.body.innerHTML = "<b>x</b>"; return "nothing"; } catch (error) { return error.name; }
    }""")
    assert raised == "TypeError"


@pytest.fixture
def framing_url(served):
    """Return the URL of a page of another origin that puts the console into a frame.

    It is on loopback too: Chromium's local network access checks would block a frame on any other page anyway.
    """

    class Framing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<iframe src='{served.base_url}/_console/'></iframe>".encode())

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Framing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_no_other_page_can_frame_the_console(browser, served, framing_url):
    with browser.new_context() as context:
        page = context.new_page()
        with page.expect_event("requestfailed", timeout=PATIENCE_MS) as failed:
            page.goto(framing_url)
        assert failed.value.url == f"{served.base_url}/_console/"
        assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
        assert all(frame.locator("#exchanges").count() == 0 for frame in page.frames)
