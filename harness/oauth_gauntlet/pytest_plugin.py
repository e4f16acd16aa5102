"""The pytest plugin. It does nothing unless ``--oauth-client`` is given.

    pytest --pyargs oauth_gauntlet_scenarios --oauth-client "cmd:node my-adapter.mjs"

pytest imports this module in every session of every user who has the package installed. It imports only pytest and
the declaration of the options; `judging.pytest_session` is imported when a client is named.
"""

from __future__ import annotations

import argparse

import pytest

from oauth_gauntlet.judging.run_options import addoption_keywords, declarations, spelled
from oauth_gauntlet.marker import MARKER


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `oauth-gauntlet run`, each with the prefix ``oauth-``."""
    group = parser.getgroup("oauth-gauntlet", "OAuth 2.0 client conformance")
    for name, declaration, default in declarations():
        group.addoption(f"--oauth-{spelled(name)}", **addoption_keywords(declaration, default))
    # `oauth-gauntlet run` gives this to the judging process: a folder for temporary files that is always removed.
    group.addoption("--oauth-scratch", help=argparse.SUPPRESS)


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugins that judge, if a client is named."""
    config.addinivalue_line("markers", f"{MARKER}(scenario): the requirement that a scenario tests")
    if config.getoption("oauth_client") is None:
        return
    _require_packages()
    _require_posix()
    from oauth_gauntlet.judging.pytest_session import activate

    activate(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Raise a usage error if scenarios are collected and no client is named."""
    if config.getoption("oauth_client") is not None:
        return
    scenario = next((item for item in items if item.get_closest_marker(MARKER)), None)
    if scenario is not None:
        raise pytest.UsageError(
            f"{scenario.nodeid} is a scenario of oauth-gauntlet and judges a client; name one with --oauth-client SPEC "
            "(py:module:factory or a command line)"
        )


def _require_packages() -> None:
    from oauth_gauntlet.judging.needed_packages import what_is_missing

    problem = what_is_missing("--oauth-client")
    if problem is not None:
        raise pytest.UsageError(problem)


def _require_posix() -> None:
    from oauth_gauntlet.errors import UsageError
    from oauth_gauntlet.judging.machine.posix import require_posix

    try:
        require_posix()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
