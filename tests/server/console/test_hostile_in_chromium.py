"""Whatever a client, a token or a registration holds does nothing but show, in Debian's Chromium."""

import base64
import json
import urllib.parse

from oauth_gauntlet_server import AssertionIssuer, RegisteredClient, User, faults

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

# A field that holds one of these is no request (RFC 9110 §5.5).
CONTROLS = bytes({*range(0x20), 0x7F})

PLAIN = [text for text in HOSTILE if text.isprintable()]


def jwt_of(text):
    def part(document):
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    header, claims = {"alg": text, "kid": text, text: text}, {"iss": text, "sub": text, text: {text: text}, "exp": text}
    return f"{part(header)}.{part(claims)}.AAAA"


def elements(page):
    """What hostile markup would make: elements, scripts, links to files, handlers."""
    return page.evaluate("""() => [
        document.querySelectorAll("img, svg, iframe, object, embed, base, meta[http-equiv], style").length,
        document.scripts.length,
        document.querySelectorAll("link").length,
        [...document.querySelectorAll("*")].filter((each) => each.getAttributeNames().some((name) => /^on/.test(name))).length,
    ]""")


CLEAN = [0, 1, 2, 0]


def safe_links(page):
    hrefs = page.locator("a").evaluate_all("all => all.map((each) => each.href)")
    return all(href.startswith((page.url.split("#")[0], "https://www.rfc-editor.org/rfc/rfc")) for href in hrefs)


def test_hostile_exchanges_do_nothing_but_show(console, tenant, connect, served):
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
    page.wait_for_function("count => document.querySelectorAll('#exchanges > li').length === count", arg=len(HOSTILE))
    for sequence in range(1, len(HOSTILE) + 1):
        page.click(f"#exchanges a[data-sequence='{sequence}']")
        page.wait_for_selector(f"#exchange h2:has-text('#{sequence} ')")
        assert page.locator("#exchange .part").count() >= 4
        assert elements(page) == CLEAN
    assert safe_links(page)
    page.fill("#filters [name=q]", "<script>alert(1)</script>")
    assert page.locator("#exchanges > li:visible").count() >= 1
    shown = page.inner_text("#exchanges > li:last-child")
    assert "<script>alert(1)</script>" in shown
    page.click("#exchanges a[data-sequence='1']")
    page.wait_for_selector("#exchange h2:has-text('#1 ')")
    assert page.locator("#exchange td code:text-is('<script>alert(1)</script>')").count() >= 2


def test_what_would_hide_is_shown_escaped(console, tenant, ask):
    ask(tenant.token_url, {"grant_type": "\u202etxt.exe\x00\x1b[31m", "client_id": "c"}, client=None)
    page = console.open(tenant="t", open="1")
    page.wait_for_selector("#exchange td code:text-is('\\\\u202etxt.exe\\\\x00\\\\x1b[31m')")


def test_hostile_faults_do_nothing_but_show(console, tenant):
    for text in HOSTILE:
        plain = text.encode("utf-8", "replace").decode()
        tenant.arm(faults.oauth_error(plain, description=plain, uri=plain), client_id=plain, grant=plain)
    page = console.open(tenant="t", view="faults")
    page.wait_for_function("count => document.querySelectorAll('#armed li').length === count", arg=len(HOSTILE))
    assert elements(page) == CLEAN
    assert safe_links(page)
    for text in PLAIN:
        page.fill("#fault-search input", text)
    page.fill("#fault-search input", "")
    page.click("#fault-list a:has(b:text-is('oauth_error'))")
    page.wait_for_selector("#fault .arm")
    for text in PLAIN:
        page.fill("#fault .arm [name=error]", text)
        page.fill("#fault .arm [name=client_id]", text[:50])
        page.click("#fault .arm button[type=submit]")
        page.wait_for_selector("#fault .said.pass")
        assert elements(page) == CLEAN
    assert [each.fault.error for each in tenant.armed.list()[len(HOSTILE) :]] == PLAIN


def test_hostile_parties_do_nothing_but_show(console, tenant):
    for text in HOSTILE:
        tenant.register_client(RegisteredClient(client_id=text, client_secret=text, scope=text, claims={text: text}))
        tenant.register_user(User(username=text, password=text, sub=text))
        tenant.register_issuer(
            AssertionIssuer(issuer=text, public_keys=(text,), subjects=frozenset({text}), audiences=frozenset({text}))
        )
    page = console.open(tenant="t", view="parties")
    page.wait_for_function("count => document.querySelectorAll('.parties li').length === count", arg=3 * len(HOSTILE) + 1)
    assert elements(page) == CLEAN
    assert safe_links(page)
    assert page.locator(".parties b:text-is('<script>alert(1)</script>')").count() == 3
    page.locator(".parties li:has(b:text-is('</script><script>alert(2)</script>')) button").first.click()
    page.wait_for_function("count => document.querySelectorAll('.parties li').length === count", arg=3 * len(HOSTILE))
    assert tenant.clients.get("</script><script>alert(2)</script>") is None


def test_hostile_tokens_do_nothing_but_show(console, tenant):
    page = console.open(tenant="t", view="tokens")
    for text in PLAIN:
        page.fill("#inspect-token [name=token]", jwt_of(text))
        page.click("#inspect-token [type=submit]")
        page.wait_for_selector("#told caption:text-is('claims')")
        assert elements(page) == CLEAN
        page.fill("#inspect-token [name=token]", text)
        page.click("#inspect-token [type=submit]")
        page.wait_for_function("() => document.querySelectorAll('#told caption').length === 0")
    page.fill("#mint_access_token [name=client_id]", HOSTILE[0])
    page.fill("#mint_access_token [name=token]", HOSTILE[2])
    page.click("#mint_access_token [type=submit]")
    page.wait_for_selector("#told code:text-is('<script>alert(1)</script>')")
    assert elements(page) == CLEAN


def test_a_hostile_url_does_nothing(console, token):
    token()
    page = console.open(tenant="t")
    texts = ("<script>alert(1)</script>", "../../evil?x#y", "__proto__", "%zz", "' onload='alert(1)", "javascript:alert(1)")
    for key in ("view", "open", "q", "endpoint", "grant", "status", "fault", "name", "unknown"):
        for text in texts:
            page.evaluate("hash => { location.hash = hash; }", urllib.parse.urlencode({"tenant": "t", key: text}))
            page.wait_for_function(
                "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
            )
            assert elements(page) == CLEAN
            assert safe_links(page)
    for text in texts:
        page = console.open(wait=False, tenant=text, view="faults")
        page.wait_for_selector("#trouble:not([hidden]), #live[data-state=live]")
        assert elements(page) == CLEAN
    console.refused(404)


def test_the_policy_itself_lets_nothing_in(console):
    """What is put into the page afterwards does not run either, and text cannot become markup at all."""
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
    refused = page.evaluate("""() => {
        try { document.body.innerHTML = "<b>x</b>"; return "taken"; } catch (error) { return error.name; }
    }""")
    assert refused == "TypeError"
    # Chromium tells of what it blocked, and that is right.
    told = ("Content Security Policy", "TrustedHTML", "Trusted Type", "request: https://example.org/x.png")
    console.wrong[:] = [each for each in console.wrong if not any(words in each for words in told)]


def test_no_other_page_may_frame_it(browser, served):
    with browser.new_context() as context:
        page = context.new_page()
        page.route(
            "http://framing.example/",
            lambda route: route.fulfill(body=f"<iframe src='{served.base_url}/_console/'></iframe>", content_type="text/html"),
        )
        page.goto("http://framing.example/")
        page.wait_for_timeout(500)
        assert all(frame.locator("#exchanges").count() == 0 for frame in page.frames)
