"""Finding a fault, putting it in force by its form, and seeing it fire, in Debian's Chromium."""

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import PRESETS, all_faults


def choose(page, name):
    page.click(f"#fault-list a:has(b:text-is('{name}'))")
    page.wait_for_selector(f"#fault h2:text-is('⚡ {name}')")


def arm(page):
    page.click("#fault .arm button[type=submit]")
    page.wait_for_selector("#fault .said.pass")


def field(page, name):
    return page.locator(f"#fault .arm fieldset:first-of-type [name='{name}']")


def chip(page, name):
    return page.locator(f"#armed li:has(a:text-is('⚡ {name}'))")


def test_every_fault_is_listed_and_search_finds_it(console):
    page = console.open(tenant="t", view="faults")
    page.wait_for_selector("#fault-list a")
    assert set(page.locator("#fault-list b").all_text_contents()) == set(all_faults())
    assert page.text_content("#fault-count") == f"{len(all_faults())} faults, {len(PRESETS)} presets"
    for words, found in (
        ("retry-after", "retry_after"),
        ("camel-case", "rename_token_member"),
        ("RFC 8414", "metadata_member"),
    ):
        page.fill("#fault-search input", words)
        assert found in page.locator("#fault-list b").all_text_contents()
        assert page.locator("#fault-list b").count() < 10
    page.fill("#fault-search input", "no such thing")
    assert page.locator("#fault-list b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_newcomer_arms_a_fault_and_sees_it_fire(console, tenant, token, scheme):
    """From the first screen by mouse alone, as docs/console.md tells it."""
    page = console.open(tenant="t")
    page.emulate_media(color_scheme=scheme)
    page.click("#none-armed a")
    choose(page, "oauth_error")
    assert "RFC 6749 §5.2" in page.inner_text("#fault .documentation")
    page.fill("#fault [name=times]", "2")
    arm(page)
    assert page.text_content("#fault .said") == "In force: the next 2 requests to token."
    assert chip(page, "oauth_error").inner_text().split("\n")[0].startswith("⚡ oauth_error")
    page.click("#views [data-view=exchanges]")
    for fired in (1, 2):
        assert token() == 400
        page.wait_for_selector(f"#armed .counter:text-is('fired {fired}')")
    assert token() == 200
    assert "done" in chip(page, "oauth_error").inner_text()
    page.click("#exchanges a[data-sequence='2']")
    page.wait_for_selector("#exchange .fired")
    assert 'error "invalid_grant", status 400' in page.inner_text("#exchange .fired")
    # What fired is named, and leads to what it is.
    page.click("#exchange header a.fault")
    page.wait_for_selector("#fault h2:text-is('⚡ oauth_error')")
    page.click("#disarm")
    page.wait_for_selector("#none-armed", state="visible")
    assert tenant.armed.list() == ()


def test_parameters_are_read_from_the_form_as_what_they_are(console, tenant):
    page = console.open(tenant="t", view="faults", name="oauth_error")
    page.wait_for_selector("#fault .arm")
    field(page, "error").fill('{"code": 190}')
    field(page, "status").fill("418")
    field(page, "description").fill("123")
    field(page, "uri").fill('"123"')
    field(page, "extra").fill('{"trace_id": null}')
    arm(page)
    assert tenant.armed.list()[0].fault == faults.fault(
        "oauth_error", error={"code": 190}, status=418, description=123, uri="123", extra={"trace_id": None}
    )


KINDS = [
    ("token_member", {"member": "expires_in", "value": '"3600"'}, {"member": "expires_in", "value": "3600"}),
    ("token_member", {"member": "x", "value": "plain text"}, {"member": "x", "value": "plain text"}),
    ("content_type", {"value": "text/html"}, {"value": "text/html"}),
    ("content_type", {"value": ""}, {"value": None}),
    ("body", {"content": "<é>\n"}, {"content": "<é>\n"}),
    ("delay", {"seconds": "0.5"}, {"seconds": 0.5}),
    ("http_status", {"status": "503", "headers": '[["Retry-After", "1"]]'}, {"status": 503, "headers": [["Retry-After", "1"]]}),
    ("http_status", {"status": "500", "body": "two\nlines"}, {"status": 500, "body": "two\nlines"}),
    ("nest_token", {"member": ""}, {"member": ""}),
    ("all_of", {"faults": '[{"fault": "delay", "seconds": 0}]'}, {"faults": [{"fault": "delay", "seconds": 0}]}),
]


def test_each_kind_of_parameter(console, tenant):
    page = console.open(tenant="t", view="faults")
    for name, typed, expected in KINDS:
        choose(page, "status")  # so that the form is a fresh one
        choose(page, name)
        for parameter, text in typed.items():
            field(page, parameter).fill(text)
        arm(page)
        assert tenant.armed.list()[-1].fault == faults.fault(name, **expected)


def test_octets_choices_and_boxes(console, tenant):
    page = console.open(tenant="t", view="faults", name="token_response")
    page.wait_for_selector("#fault .octets")
    page.fill("#fault .octets textarea", "//4=")
    page.select_option("#fault .octets select", "base64")
    arm(page)
    choose(page, "truncate")
    field(page, "octets").fill("3")
    field(page, "reset").check()
    arm(page)
    choose(page, "content_coding")
    field(page, "coding").select_option("deflate")
    arm(page)
    assert [each.fault for each in tenant.armed.list()] == [
        faults.token_response(b"\xff\xfe"),
        faults.fault("truncate", octets=3, reset=True),
        faults.fault("content_coding", coding="deflate"),
    ]


def test_for_which_requests(console, tenant):
    page = console.open(tenant="t", view="faults", name="status")
    page.wait_for_selector("#fault .arm")
    field(page, "status").fill("500")
    for choice, number, words in (
        ("times", "3", "the next 3 requests to token"),
        ("nth", "4", "the 4th request to token"),
        ("every", "5", "every 5th request to token"),
        ("probability", "0.25", "25 % of requests to token"),
        ("", None, "all requests to token"),
    ):
        page.check(f"#fault [name=count][value='{choice}']")
        if number:
            page.fill(f"#fault .trigger [name={choice}]", number)
        page.click("#fault .arm button[type=submit]")
        page.wait_for_selector(f"#fault .said.pass:text-is('In force: {words}.')")
        expected = {choice: float(number)} if number else {}
        assert tenant.armed.list()[-1].trigger.to_json() == {"endpoint": "token", **expected}


def test_which_endpoint_grant_and_client(console, tenant):
    page = console.open(tenant="t", view="faults", name="close_without_answer")
    page.wait_for_selector("#fault .arm")
    assert "where it belongs: token" in page.text_content("#fault [name=endpoint]")
    page.select_option("#fault [name=endpoint]", "resource")
    page.select_option("#fault [name=grant]", "password")
    page.fill("#fault [name=client_id]", "web")
    arm(page)
    assert tenant.armed.list()[0].trigger.to_json() == {
        "endpoint": "resource",
        "grant": "password",
        "client_id": "web",
        "times": 1,
    }
    page.select_option("#fault [name=endpoint]", "")
    arm(page)
    assert tenant.armed.list()[1].trigger.endpoint is None


@pytest.mark.parametrize(
    ("name", "typed", "said", "statuses"),
    [
        ("delay", {"seconds": "-1"}, "seconds lies between 0 and 86400", [422]),
        ("oauth_error", {"extra": "[1]"}, "Expected object, got array.", []),
        ("oauth_error", {"extra": "{"}, "This is no JSON", []),
        ("http_status", {"status": "500", "headers": '[["a"]]'}, "items, at least 2", [400]),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(console, tenant, name, typed, said, statuses):
    page = console.open(tenant="t", view="faults", name=name)
    page.wait_for_selector("#fault .arm")
    for parameter, text in typed.items():
        field(page, parameter).fill(text)
    page.click("#fault .arm button[type=submit]")
    wrong = list(typed)[-1]
    page.wait_for_selector(f"#fault [name='{wrong}'][aria-invalid=true]")
    about = field(page, wrong).get_attribute("aria-describedby").split()[1]
    assert said in page.text_content(f"#{about}")
    assert tenant.armed.list() == ()
    console.refused(*statuses)


def test_a_preset_fills_the_form_and_its_url_is_copied(console, tenant, ask):
    page = console.open(tenant="t", view="faults", name="oauth_error")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = page.locator("#fault .presets li:has(b:text-is('error-object'))")
    row.locator("button:text-is('Copy URL')").click()
    row.locator("button:text-is('Copied')").wait_for()
    url = page.evaluate("navigator.clipboard.readText()")
    assert url == f"{tenant.issuer}/faults/error-object/token"
    assert ask(url, {"grant_type": "client_credentials"}) == 400
    row.locator("button:text-is('Use')").click()
    arm(page)
    assert tenant.armed.list()[0].fault == PRESETS["error-object"]


def test_the_url_of_a_preset_at_another_endpoint(console, tenant, ask):
    page = console.open(tenant="t", view="faults", name="metadata_member")
    url = page.text_content("#fault .presets li:has(b:text-is('wrong-issuer')) .url")
    assert url == f"{tenant.issuer}/faults/wrong-issuer/.well-known/oauth-authorization-server"
    assert ask(url, client=None) == 200
    assert tenant.journal.exchanges()[-1].faults == ("metadata_member",)


def test_what_fired_is_armed_again(console, tenant, token):
    tenant.arm(faults.http_status(503, "busy", headers={"Retry-After": "5"}), times=1)
    token()
    page = console.open(tenant="t", open="1")
    page.click("#exchange .fired button")
    page.wait_for_selector("#exchange .fired button:has-text('Armed')")
    assert token() == 503
    assert token() == 200


def test_one_is_taken_out_of_force_and_what_others_do_shows(console, tenant):
    page = console.open(tenant="t")
    tenant.arm(faults.http_status(500))
    tenant.arm(faults.delay(0))
    page.wait_for_selector("#armed li:nth-child(2)")
    chip(page, "http_status").locator("button").click()
    page.wait_for_function("() => document.querySelectorAll('#armed li').length === 1")
    assert [each.fault.name for each in tenant.armed.list()] == ["delay"]
    tenant.clear_faults()
    page.wait_for_selector("#none-armed", state="visible")


def test_the_form_of_every_fault_arms_every_preset_of_it(console, tenant):
    """No parameter is lost on the way from the control API into a form and back."""
    page = console.open(tenant="t", view="faults")
    in_force = "count => document.querySelectorAll('#armed li').length === count"
    by_fault = {}
    for preset, fault in PRESETS.items():
        by_fault.setdefault(fault.name, []).append(preset)
    for name, presets in by_fault.items():
        choose(page, name)
        page.check("#fault [name=count][value='']")
        for number, preset in enumerate(presets, 1):
            page.locator(f"#fault .presets li:has(b:text-is('{preset}')) button:text-is('Use')").click()
            page.click("#fault .arm button[type=submit]")
            page.wait_for_function(in_force, arg=number)
        assert [each.fault for each in tenant.armed.list()] == [PRESETS[preset] for preset in presets]
        tenant.clear_faults()
        page.wait_for_function(in_force, arg=0)
