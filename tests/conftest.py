"""For all tests: a Hypothesis profile for busy machines, schemas that are compared with every message, a server, a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from oauth_gauntlet_server import MockServer
from tests import schema_agreement
from tests.schema_agreement import messages_agree_with_the_schemas as messages_agree_with_the_schemas

schema_agreement.install()

# On a busy machine an example may take any time. `make mutation` and a CI have their own profiles, which stay.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() == "default":
    settings.load_profile("tests")


LONG = ("harness/judging", "harness/adapter_check", "harness/starters", "clients")
"""The folders with the tests that take a minute. They start first: at the end, one process would run them alone."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run the tests of `LONG` first; the order is the same otherwise."""
    folders = [Path(__file__).parent / name for name in LONG]
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in folders))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The built wheel of this project."""
    folder = tmp_path_factory.mktemp("wheel")
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), root]
    subprocess.run(command, check=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def server():
    """A running server of a test module."""
    with MockServer() as running:
        yield running


@pytest.fixture
def tenant(server):
    """A new strict tenant."""
    return server.tenant()


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
