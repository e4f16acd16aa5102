"""The console's files over HTTP: security policy, media types, access; and the page without a browser."""

import html.parser
import http.client
import re
import subprocess
import sys

import pytest

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.console.files import STATIC, names
from oauth_gauntlet_server.console.page import page

NAMES = sorted(names())


class Outline(html.parser.HTMLParser):
    """Elements, attributes and ids of the page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.script = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script":
            self.script += data.strip()

    def all(self, wanted):
        return [value for _, name, value in self.attributes if name == wanted]


@pytest.fixture(scope="module")
def served():
    with MockServer() as running:
        running.tenant("t")
        yield running


@pytest.fixture
def get(served):
    def ask(path, method="GET", server=served, **headers):
        connection = http.client.HTTPConnection(server.base_url.removeprefix("http://"), timeout=60)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    return ask


def directives(headers):
    return dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))


def test_the_page_is_served(get):
    status, headers, body = get("/_console/")
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/html; charset=utf-8", "no-store")
    assert body.decode() == page(asks_for_token=False)
    assert get("/_console/", "HEAD")[0] == 200


def test_the_address_without_a_slash_redirects_to_the_page(get):
    status, headers, _ = get("/_console")
    assert (status, headers["location"]) == (308, "_console/")


@pytest.mark.parametrize("name", NAMES)
def test_every_file_has_its_media_type_and_is_not_cached(get, name):
    status, headers, body = get(f"/_console/{name}")
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    assert (status, headers["content-type"]) == (200, f"{kinds[name.rpartition('.')[2]]}; charset=utf-8")
    assert body == (STATIC / name).read_bytes()
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/_console", "/_console/", "/_console/main.js", "/_console/nothing"])
def test_the_policy_allows_our_own_files_only(get, path):
    headers = get(path)[1]
    policy = directives(headers)
    nothing = ("default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types")
    assert {name: policy.pop(name) for name in nothing} == dict.fromkeys(nothing, "'none'")
    assert policy == {
        **dict.fromkeys(("script-src", "style-src", "connect-src"), "'self'"),
        "img-src": "'self' data:",
        "require-trusted-types-for": "'script'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/_console/nothing.js",
        "/_console/../control/access.py",
        "/_console/%2e%2e/files.py",
        "/_console//main.js",
        "/_console/files.py",
    ],
)
def test_other_paths_are_404(get, path):
    assert get(path)[0] == 404


@pytest.mark.parametrize("path", ["/_console", "/_console/", "/_console/main.js"])
def test_the_console_has_the_same_access_rules_as_the_control_api(get, path):
    assert get(path, Host="evil.example")[0] == 403
    assert get(path, Sec_Fetch_Site="cross-site")[0] == 403
    assert get(path, Origin="https://evil.example")[0] == 403
    assert get(path, Sec_Fetch_Site="none")[0] in {200, 308}


def test_the_console_accepts_no_post(get):
    assert get("/_console/", "POST")[0] == 405


def test_on_all_interfaces_the_page_is_served_without_the_token_and_asks_for_it(get):
    with MockServer(host="0.0.0.0") as beyond:
        status, _, body = get("/_console/", server=beyond)
        assert status == 200
        assert b'data-control-token="required"' in body
        assert beyond.control_token.encode() not in body
        assert get("/_control/tenants", server=beyond)[0] == 401
        assert get("/_console/", server=beyond, Host="evil.example")[0] == 403


def test_the_index_names_the_console(get, served):
    assert f'"{served.base_url}/_console"'.encode() in get("/")[2]


# The page itself


def test_the_page_contains_no_inline_script_or_style():
    outline = Outline(page(asks_for_token=True))
    assert outline.script == ""
    assert "style" not in outline.tags
    assert not [name for _, name, _ in outline.attributes if name == "style" or name.startswith("on")]
    assert {value for _, name, value in outline.attributes if name in {"src", "href"}} == {
        *("icon.svg", "console.css", "main.js", "#main"),
        *(f"#view={view}" for view in ("exchanges", "faults", "parties", "tokens", "tenant", "outside")),
    }


def test_the_files_name_no_other_host_than_the_rfc_editor():
    for name in NAMES:
        text = (STATIC / name).read_text(encoding="utf-8")
        hosts = set(re.findall(r"(?:https?:)?//([\w.-]+\.[a-z]+)", text))
        assert hosts <= {"www.rfc-editor.org", "www.w3.org"}, name


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".js")])
def test_no_module_parses_text_as_markup(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\b|new Function|DOMParser", text
    )


def test_every_element_that_the_modules_look_up_exists_once():
    ids = Outline(page(asks_for_token=False)).all("id")
    assert len(ids) == len(set(ids))
    wanted = set()
    for name in NAMES:
        wanted |= set(re.findall(r'(?:byId|getElementById)\("([\w-]+)"\)', (STATIC / name).read_text(encoding="utf-8")))
    assert wanted <= set(ids)
    assert len(wanted) > 30


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".js")])
def test_every_import_names_an_export(name):
    for imported, file in re.findall(
        r'^import \{([^}]+)\} from "\./([\w.]+)";', (STATIC / name).read_text(encoding="utf-8"), re.MULTILINE
    ):
        exported = re.findall(
            r"^export (?:async )?(?:function\*? |const |class |let )(\w+)",
            (STATIC / file).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        assert {each.strip() for each in imported.split(",")} <= set(exported), file


@pytest.mark.slow
def test_console_modules_are_imported_on_first_use():
    script = """
import sys, urllib.request
from oauth_gauntlet_server import MockServer
with MockServer() as server:
    tenant = server.tenant(strict=False)
    urllib.request.urlopen(tenant.token_url, b"grant_type=client_credentials&client_id=c&client_secret=s").close()
    parts = ("console", "decoding", "snippets")
    ours = (*(f"oauth_gauntlet_server.{part}" for part in parts), "jinja2", "flask")
    print(sorted(name for name in sys.modules if name.startswith(ours)))
    urllib.request.urlopen(f"{server.base_url}/").close()
    late = tuple(f"oauth_gauntlet_server.{part}." for part in parts)
    print(sorted(name for name in sys.modules if name.startswith(late)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["[]", "['oauth_gauntlet_server.console.blueprint']"]
