"""Find a fault, arm it by its form and see it fire, in Debian's Chromium."""

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import PRESETS, all_faults
from tests.browser_waits import copied

pytestmark = pytest.mark.browser


def choose(page, name):
    page.click(f"#fault-list a:has(b:text-is('{name}'))")
    expect(page.locator("#fault h2")).to_have_text(f"⚡ {name}")


def arm(page):
    page.click("#fault .arm button[type=submit]")
    expect(page.locator("#fault .message.pass")).to_be_visible()


def field(page, name):
    return page.locator(f"#fault .arm fieldset:first-of-type [name='{name}']")


def chip(page, name):
    return page.locator(f"#armed li:has(a:text-is('⚡ {name}'))")


def test_every_fault_is_listed_and_search_finds_it(console):
    page = console.open(tenant="t", view="faults")
    names = page.locator("#fault-list b")
    expect(names).to_have_count(len(all_faults()))
    assert set(names.all_text_contents()) == set(all_faults())
    expect(page.locator("#fault-count")).to_have_text(f"{len(all_faults())} faults, {len(PRESETS)} presets")
    for words, found in (
        ("retry-after", "retry_after"),
        ("camel-case", "rename_token_member"),
        ("RFC 8414", "metadata_member"),
    ):
        page.fill("#fault-search input", words)
        expect(page.locator(f"#fault-list b:text-is('{found}')")).to_be_visible()
        # The list is rendered within the input event, so it is complete here.
        assert names.count() < 10
    page.fill("#fault-search input", "no such text")
    expect(names).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_newcomer_arms_a_fault_and_sees_it_fire(console, tenant, token, scheme):
    """From the first screen with the mouse only, as docs/console.md describes it."""
    page = console.open(tenant="t")
    page.emulate_media(color_scheme=scheme)
    page.click("#none-armed a")
    choose(page, "oauth_error")
    expect(page.locator("#fault .documentation")).to_contain_text("RFC 6749 §5.2")
    page.fill("#fault [name=times]", "2")
    arm(page)
    expect(page.locator("#fault .message")).to_have_text("Armed for the next 2 requests to token.")
    expect(chip(page, "oauth_error")).to_be_visible()
    page.click("#views [data-view=exchanges]")
    for fired in (1, 2):
        assert token() == 400
        expect(page.locator("#armed .counter")).to_have_text(f"fired {fired}")
    assert token() == 200
    expect(chip(page, "oauth_error")).to_contain_text("done")
    page.click("#exchanges a[data-sequence='2']")
    expect(page.locator("#exchange .fired")).to_contain_text('error "invalid_grant", status 400')
    # The name of the fault that fired is a link to its documentation.
    page.click("#exchange header a.fault")
    expect(page.locator("#fault h2")).to_have_text("⚡ oauth_error")
    page.click("#disarm")
    expect(page.locator("#none-armed")).to_be_visible()
    assert tenant.armed.list() == ()


def test_the_form_reads_each_parameter_with_its_type(console, tenant):
    page = console.open(tenant="t", view="faults", name="oauth_error")
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
        choose(page, "status")  # so that the next form is new
        choose(page, name)
        for parameter, text in typed.items():
            field(page, parameter).fill(text)
        arm(page)
        assert tenant.armed.list()[-1].fault == faults.fault(name, **expected)


def test_octets_choices_and_boxes(console, tenant):
    page = console.open(tenant="t", view="faults", name="token_response")
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


def test_the_trigger_counts_requests(console, tenant):
    page = console.open(tenant="t", view="faults", name="status")
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
        expect(page.locator("#fault .message.pass")).to_have_text(f"Armed for {words}.")
        expected = {choice: float(number)} if number else {}
        assert tenant.armed.list()[-1].trigger.to_json() == {"endpoint": "token", **expected}


def test_the_trigger_selects_endpoint_grant_and_client(console, tenant):
    page = console.open(tenant="t", view="faults", name="close_without_answer")
    expect(page.locator("#fault [name=endpoint]")).to_contain_text("the fault's own: token")
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
    page.click("#fault .arm button[type=submit]")
    expect(page.locator("#armed li")).to_have_count(2)
    assert tenant.armed.list()[1].trigger.endpoint is None


@pytest.mark.parametrize(
    ("name", "typed", "message", "statuses"),
    [
        ("oauth_error", {"extra": "[1]"}, "Expected object, got array.", []),
        ("oauth_error", {"extra": "{"}, "Expected JSON: ", []),
        ("http_status", {"status": "500", "headers": '[["a"]]'}, "/headers/0: ", [400]),
    ],
)
def test_a_wrong_value_is_reported_next_to_its_field(console, tenant, name, typed, message, statuses):
    console.allow_statuses(*statuses)
    page = console.open(tenant="t", view="faults", name=name)
    for parameter, text in typed.items():
        field(page, parameter).fill(text)
    page.click("#fault .arm button[type=submit]")
    wrong = field(page, list(typed)[-1])
    expect(wrong).to_have_attribute("aria-invalid", "true")
    described_by = wrong.get_attribute("aria-describedby").split()[1]
    expect(page.locator(f"#{described_by}")).to_contain_text(message)
    assert tenant.armed.list() == ()


def test_a_number_out_of_its_bounds_is_not_sent(console, tenant):
    page = console.open(tenant="t", view="faults", name="delay")
    seconds = field(page, "seconds")
    seconds.fill("-1")
    page.click("#fault .arm button[type=submit]")
    assert seconds.evaluate("field => [field.validity.rangeUnderflow, field.matches(':invalid')]") == [True, True]
    assert tenant.armed.list() == ()
    seconds.fill("1")
    arm(page)


def test_a_preset_fills_the_form_and_its_url_is_copied(console, tenant, ask):
    page = console.open(tenant="t", view="faults", name="oauth_error")
    row = page.locator("#fault .presets li:has(b:text-is('error-object'))")
    url = copied(page, row.locator("button:text-is('Copy URL')"))
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


def test_a_fault_that_fired_is_armed_again(console, tenant, token):
    tenant.arm(faults.http_status(503, "busy", headers={"Retry-After": "5"}), times=1)
    token()
    page = console.open(tenant="t", open="1")
    page.click("#exchange .fired button")
    expect(page.locator("#exchange .fired button")).to_have_text("Armed for the next request")
    assert token() == 503
    assert token() == 200


def test_one_armed_fault_is_cleared_and_changes_by_others_appear(console, tenant):
    page = console.open(tenant="t")
    tenant.arm(faults.http_status(500))
    tenant.arm(faults.delay(0))
    expect(page.locator("#armed li")).to_have_count(2)
    chip(page, "http_status").locator("button").click()
    expect(page.locator("#armed li")).to_have_count(1)
    assert [each.fault.name for each in tenant.armed.list()] == ["delay"]
    tenant.clear_faults()
    expect(page.locator("#none-armed")).to_be_visible()


def presets_by_family():
    """Return the presets by fault, grouped by the module of their faults."""
    families = {}
    for preset, fault in PRESETS.items():
        family = families.setdefault(type(fault).__module__.rpartition(".")[2], {})
        family.setdefault(fault.name, []).append(preset)
    return families


FAMILIES = presets_by_family()


def is_arming(response):
    return response.request.method == "POST" and response.url.endswith("/faults")


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_form_of_a_fault_arms_each_of_its_presets(console, tenant, family):
    """No parameter is lost on the way from the control API into the form and back."""
    page = console.open(tenant="t", view="faults")
    for name, presets in FAMILIES[family].items():
        choose(page, name)
        page.check("#fault [name=count][value='']")
        for preset in presets:
            page.locator(f"#fault .presets li:has(b:text-is('{preset}')) button:text-is('Use')").click()
            with page.expect_response(is_arming) as arming:
                page.click("#fault .arm button[type=submit]")
            assert arming.value.status == 201
        assert [each.fault for each in tenant.armed.list()] == [PRESETS[preset] for preset in presets]
        tenant.clear_faults()


def test_the_families_cover_every_preset():
    assert sorted(each for family in FAMILIES.values() for presets in family.values() for each in presets) == sorted(PRESETS)
