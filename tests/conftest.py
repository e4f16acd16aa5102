"""A real browser for tests of pages."""

import shutil

import pytest


# Scope module, not session: while Playwright is started, its event loop runs, and no other event loop can start.
@pytest.fixture(scope="module")
def browser():
    """A headless Chromium: Debian's, driven by Playwright."""
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs a Chromium: apt-get install chromium")
    with api.sync_playwright() as playwright:
        # A container has no user namespaces and little shared memory.
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
