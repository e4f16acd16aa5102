"""Waits for browser tests, which do not depend on the speed of the machine.

`page.wait_for_function` evaluates its text again in the page at each attempt, and the Content-Security-Policy of our pages
forbids that: it works only if the condition holds at once. `eventually` asks from outside, which no policy forbids.
"""

import time

PATIENCE_S = 60
STEP_MS = 20

_RECORD_TEXTS = """button => {
  button.texts = [];
  new MutationObserver(() => button.texts.push(button.textContent))
    .observe(button, {childList: true, characterData: true, subtree: true});
}"""


def eventually(page, expression, arg=None):
    """Wait until a JavaScript expression or function is true in the page.

    Raises:
        AssertionError: it is not true within `PATIENCE_S`.
    """
    ends = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression, arg):
        assert time.monotonic() < ends, f"not true within {PATIENCE_S} s: {expression}"
        page.wait_for_timeout(STEP_MS)


def copied(page, button):
    """Click a copy button, wait until it says that it has copied, and return the clipboard's text.

    The button says so for a moment only, which a busy machine may miss: an observer in the page records its texts.
    """
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => navigator.clipboard.writeText('')")
    element = button.element_handle()
    element.evaluate(_RECORD_TEXTS)
    element.click()
    eventually(page, "button => button.texts.includes('Copied')", element)
    return page.evaluate("() => navigator.clipboard.readText()")
