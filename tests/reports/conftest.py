"""Fixtures: runs for reports, among them a run with hostile text in every place a client can write to."""

import html.parser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from oauth_gauntlet.model import Basis, BasisKind, Binds, Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import damage, page, practice, quote, rule
from oauth_gauntlet_reports.advice.remedy import Example, Remedy
from oauth_gauntlet_reports.comparing.checked import CheckedFinding, Nature

EXCHANGE = {
    "request": {"method": "POST", "target": "/t/token", "headers": [["Host", "h"]], "body": "scope=a%2Cb"},
    "response": {"status": 400, "headers": [], "body": '{"error": "\x1b[31m"}'},
    "fault": "oauth_error",
}

BROKEN = (
    quote("RFC 6749 2.3.1", "Secrets MUST NOT be in the URI."),
    rule("RFC 6749 B", "They are encoded as a form."),
)

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</style><img src=x onerror=alert(3)>",
    "\"><svg onload=alert(4)> ' onfocus=alert(5) autofocus x='",
    "javascript:alert(6)",
    '<!-- --><iframe src="javascript:alert(7)">',
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "]]><![CDATA[ --> </textarea></title></pre></code>",
    "half a pair \ud800, \udfff, separators \u2028 \u2029, NUL \x00, escape \x1b[31m, overridden \u202etxt.exe, DEL \x7f\x9b",
    "line\r\n::error::injected\nTHIS | `is` **not** [a](javascript:alert(8)) @everyone <https://x> &lt; &amp;",
)
"""Strings that a client, or the server for it, might put in any field."""


SCOPES = (quote("RFC 6749 3.3", "Scopes MUST be joined by spaces."),)


def a_result(
    verdict=Verdict.VIOLATION,
    message="m",
    *,
    name="scope.x",
    variant="",
    grant="password",
    level=Level.MUST,
    basis=SCOPES,
    statement="Joined by spaces.",
    expected_text="a b",
    seen="a,b",
    exchanges=(EXCHANGE,),
    **more,
):
    finding = Finding(expected=expected_text, seen=seen, grade=verdict, mark=Mark(text="a%2Cb"))
    scenario = ".".join(filter(None, (name, variant))) + f"[{grant}]"
    return Result(
        **{
            "id": name,
            "scenario": scenario,
            "grant": grant,
            "level": level,
            "basis": basis,
            "statement": statement,
            "verdict": verdict,
            "message": message,
            "findings": (finding,) if verdict.against else (),
            "exchanges": exchanges,
            "answer": {"error": {}},
            "reproduce": f"oauth-gauntlet run -k '{scenario}'",
            **more,
        }
    )


def a_run(*results, **more):
    return Run(
        **{
            "tool_version": "0",
            "client": {"name": "c\x00", "version": "1"},
            "declared": {},
            "options": {"seed": 1, "effort": "ci", "strict": False, "selection": None},
            "started_at": "2026-01-02T03:04:05Z",
            "complete": True,
            "results": results,
            **more,
        }
    )


def a_hostile_run():
    """Return a run with hostile text in each field that a client, a server or a results file can choose."""
    results = []
    for number, text in enumerate(HOSTILE):
        exchange = {
            "request": {"method": text, "target": text, "headers": [[text, text], ["Authorization", text]], "body": text},
            "response": {"status": 400, "reason": text, "headers": [[text, text]], "body": text + "a%2Cb"},
            "fault": text,
        }
        results.append(
            a_result(
                verdict := tuple(reversed(Verdict))[number % len(Verdict)],
                text,
                name=f"scope.x{number}{text}",
                variant=text,
                grant=text,
                basis=tuple(
                    Basis(kind=kind, sentence=text, document=text, section=text, binds=Binds.CLIENT) for kind in BasisKind
                ),
                statement=text,
                expected_text=text,
                seen=text,
                exchanges=(exchange,),
                answer={"token": {text: text}},
                notes=(text,),
                reproduce=text,
                platform=text,
                # The first result has a cause that is in the report, so that its consequence is shown there.
                follows_from=results[0].id if verdict is Verdict.CONSEQUENCE else "",
                expected={"reason": text, "issue": text} if number % 2 else None,
            )
        )
    odd = {"name": "".join(HOSTILE), "version": HOSTILE[0], "url": "javascript:alert(9)", "runtime": HOSTILE[1]}
    options = {
        "seed": HOSTILE[0],
        "effort": HOSTILE[1],
        "strict": True,
        "selection": {"keyword": HOSTILE[2]},
        "client": HOSTILE[3],
    }
    return a_run(*results, client=odd, options=options, started_at=HOSTILE[3], tool_version=HOSTILE[0])


@pytest.fixture(scope="session")
def make_result():
    return a_result


@pytest.fixture(scope="session")
def make_run():
    return a_run


@pytest.fixture(scope="session")
def platform_runs():
    """Two clients on node 20 and one on java 17, with findings of their platform; only the second has one of its own."""
    interim = {"name": "http.1xx", "statement": "Skips them."}
    redirect = {"name": "http.downgrade", "statement": "Stays with TLS.", "level": Level.INTEROP, "verdict": Verdict.WARNING}
    return [
        a_run(
            a_result(**interim, platform="node 20"),
            a_result(**redirect, basis=(practice("It is read."),), platform="node 20"),
            client={"name": "one", "language": "javascript", "runtime": "node 20"},
        ),
        a_run(
            a_result(**interim, platform="node 20"),
            a_result(name="scope.own", statement="Of its own."),
            client={"name": "two", "language": "javascript", "runtime": "node 20"},
        ),
        a_run(
            a_result(**interim, platform="java 17"),
            a_result(Verdict.PASS, name="http.downgrade", level=Level.INTEROP, platform="java 17"),
            client={"name": "three", "language": "java", "runtime": "java 17"},
        ),
    ]


@pytest.fixture
def hostile_remedy(monkeypatch):
    """Replace the remedies by one for the requirement ``scope.x`` with hostile text in every field."""
    text = " ".join([*HOSTILE, "`<b>code</b>`"])
    made = Remedy(text=text, examples=(Example(how=text, seen=text),))
    monkeypatch.setattr("oauth_gauntlet_reports.advice.remedy.remedies", lambda: {"scope.x": made})
    return made


@pytest.fixture(scope="session")
def entry():
    """Return a function that makes a checked finding of a requirement."""

    def make(requirement, text=None, **more):
        texts = {"does": "Commas it is.", "wire": "> scope=a%2Cb", "source": "RFC 6749 3.3", "upstream": "none found"}
        return CheckedFinding(
            requirement=requirement, **{"nature": Nature.DEFECT, **{k: text or v for k, v in texts.items()}, **more}
        )

    return make


@pytest.fixture(scope="session")
def hostile_run():
    return a_hostile_run()


@pytest.fixture(scope="session")
def hostile_texts():
    return HOSTILE


@pytest.fixture(scope="session")
def mixed_run():
    """A violation in two grants, a hazard, a deviation from a profile, a warning, a pass, and one not applicable."""
    return a_run(
        a_result(
            name="parse.b",
            statement="Warned about.",
            level=Level.INTEROP,
            basis=(practice("Servers do so."),),
            verdict=Verdict.WARNING,
        ),
        a_result(name="auth.a", variant="one", statement="Broken twice.", basis=BROKEN),
        a_result(
            name="auth.a",
            variant="one",
            grant="client_credentials",
            statement="Broken twice.",
            basis=BROKEN,
        ),
        a_result(name="auth.a", variant="two", statement="Broken twice.", verdict=Verdict.PASS),
        a_result(
            name="scope.c",
            statement="Promised.",
            verdict=Verdict.DEVIATION,
            level=Level.PROFILE,
            profile="their-page",
            basis=(page("their page", "Scopes are joined."),),
        ),
        a_result(
            name="secrecy.f",
            statement="Lost.",
            level=Level.UNSAFE,
            basis=(damage("A secret is lost."),),
            verdict=Verdict.HAZARD,
        ),
        a_result(name="scope.d", statement="Kept.", verdict=Verdict.PASS),
        a_result(name="jwt.e", statement="Left out.", verdict=Verdict.NOT_APPLICABLE, message="needs a cache"),
        client={"name": "some-client", "version": "1.2", "url": "https://example.org/c"},
    )


class ReadMarkdown(html.parser.HTMLParser):
    """A Markdown document parsed by GitHub's parser, cmark-gfm: its text, elements and links."""

    def __init__(self, markdown):
        super().__init__()
        self.text, self.tags, self.links = "", [], []
        self.feed(
            cmarkgfm.markdown_to_html_with_extensions(
                markdown, Options.CMARK_OPT_UNSAFE, ["table", "autolink", "strikethrough"]
            )
        )

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="session")
def read_markdown():
    return ReadMarkdown


# WCAG 2.2, 1.4.3: the contrast ratio of text to its background is at least 4.5.
_POOR_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (each) => {
    for (; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
  };
  const poor = new Set();
  for (const each of document.querySelectorAll("body *")) {
    if (!each.checkVisibility() || ![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [one, other] = [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) poor.add(`${each.tagName}.${each.className}`);
  }
  return [...poor];
}"""


class Watched:
    """A page that records what must not happen: dialogs, console messages, exceptions, foreign requests."""

    def __init__(self, context):
        self.page = context.new_page()
        self.wrong = []
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        self.page.on("console", lambda message: self.wrong.append(f"console {message.type}: {message.text}"))
        self.page.on("request", self._request)

    def open(self, path, fragment=""):
        self.home = path.as_uri()
        # Chromium does not reload a URL that differs only in its fragment.
        self.page.goto("about:blank")
        self.page.goto(self.home + fragment)
        return self.page

    def poor_contrast(self):
        """Return the elements with too little contrast in the current theme."""
        return self.page.evaluate(_POOR_CONTRAST)

    def _dialog(self, dialog):
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith(self.home):
            self.wrong.append(f"request: {request.url}")


@pytest.fixture(scope="module")
def browser(browser):
    from playwright.sync_api import expect

    # The limit of Playwright's waiting assertions: long enough for a busy machine.
    expect.set_options(timeout=60_000)
    return browser


@pytest.fixture
def watched(browser):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        each = Watched(context)
        yield each
        assert each.wrong == []
