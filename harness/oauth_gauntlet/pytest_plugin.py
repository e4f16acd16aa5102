"""The pytest plugin: does nothing at all unless ``--oauth-client`` is given.

    pytest --pyargs oauth_gauntlet_scenarios --oauth-client "cmd:node my-adapter.mjs"

This module is imported in every pytest session of everyone who has the package installed, so it imports nothing but
pytest; what does the work is imported and registered when it is asked for.
"""

from __future__ import annotations

import argparse

import pytest

from oauth_gauntlet.marker import MARKER

PROFILES = ("quick", "ci", "thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; the command line ``oauth-gauntlet run`` has the same words without the prefix."""
    group = parser.getgroup("oauth-gauntlet", "OAuth 2.0 client conformance")
    group.addoption("--oauth-client", metavar="SPEC", help="the client to judge: py:module:factory or a command line")
    group.addoption("--oauth-grant", metavar="GRANT", action="append", default=[], help="judge this grant only (repeatable)")
    group.addoption("--oauth-level", choices=("must", "should"), help="judge requirements of this level and above")
    group.addoption("--oauth-set", metavar="NAME", default="all", help="judge this set of requirements (default: all)")
    group.addoption("--oauth-strict", action="store_true", help="a warning is a failure")
    group.addoption("--oauth-expect", metavar="FILE", help="baseline of known verdicts")
    group.addoption("--oauth-profile", choices=PROFILES, default="ci", help="how much is generated (default: ci)")
    group.addoption("--oauth-seed", metavar="N", type=int, help="seed of everything generated (default: 1)")
    group.addoption("--oauth-results", metavar="FILE", help="write the results stream (JSON Lines)")
    group.addoption("--oauth-report", metavar="KIND=PATH", action="append", default=[], help="write a report (repeatable)")
    # Of `oauth-gauntlet run`, which looks after this process: a folder for temporary files, removed whatever happens.
    group.addoption("--oauth-scratch", help=argparse.SUPPRESS)


def pytest_configure(config: pytest.Config) -> None:
    """Register the working part of the plugin when a client is named."""
    config.addinivalue_line("markers", f"{MARKER}(scenario): the requirement that a scenario is about")
    if config.getoption("oauth_client") is None:
        return
    from oauth_gauntlet.judging.pytest_session import activate

    activate(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say what is missing where scenarios are collected and no client is named."""
    if config.getoption("oauth_client") is not None:
        return
    scenario = next((item for item in items if item.get_closest_marker(MARKER)), None)
    if scenario is not None:
        raise pytest.UsageError(
            f"{scenario.nodeid} is a scenario of oauth-gauntlet and judges a client; name one with --oauth-client SPEC "
            "(py:module:factory or a command line)"
        )
