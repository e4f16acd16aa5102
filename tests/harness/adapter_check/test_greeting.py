"""Declarations that depend on each other, and the clock of a process."""

import sys

import pytest

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec

pytestmark = pytest.mark.slow

ADAPTER = """
import time
from dataclasses import replace
from oauth_gauntlet.protocol import Capability, GrantType
from oauth_gauntlet.reference.client import ReferenceClient

class Client(ReferenceClient):
    def hello(self):
        return replace(super().hello(), grants={{GrantType.CLIENT_CREDENTIALS}}, parameters=frozenset(),
            capabilities={{Capability(name) for name in {capabilities!r}}}, token_endpoint_auth_methods=frozenset())

    def configure(self, config):
        super().configure({{key: config[key] for key in config if key not in ("scope", "resource", "additional_payload")}})

    def now(self):
        return time.time()
"""


def checks(tmp_path, monkeypatch, *capabilities):
    name = f"client_{'_'.join(capabilities)}"
    (tmp_path / f"{name}.py").write_text(ADAPTER.format(capabilities=capabilities))
    monkeypatch.syspath_prepend(tmp_path)
    found = list(check_adapter(parse_spec(f"py:{name}:Client")))
    sys.modules.pop(name)
    return {check.title: check for check in found}


@pytest.mark.parametrize(
    ("capability", "title"),
    [("tls", "tls without ca_file"), ("cancel", "cancel without parallel"), ("retry_401", "retry_401 without resource")],
)
def test_a_declaration_without_the_one_it_needs_is_a_warning(tmp_path, monkeypatch, capability, title):
    found = checks(tmp_path, monkeypatch, "cache", capability)[f"declared: {title}"]
    assert found.outcome == "warn"
    assert found.advice


def test_a_declared_profile_that_does_not_exist_is_a_warning(tmp_path, monkeypatch):
    (tmp_path / "profiled.py").write_text(ADAPTER.format(capabilities=()).replace("grants=", "profiles={'scim'}, grants=", 1))
    monkeypatch.syspath_prepend(tmp_path)
    found = {check.title: check for check in check_adapter(parse_spec("py:profiled:Client"))}
    sys.modules.pop("profiled")
    warning = found["declared: profiles: scim"]
    assert (warning.outcome, warning.advice) == ("warn", "unknown, and ignored; there are scim-connector")


def test_a_client_that_follows_its_process_clock_has_a_clock(tmp_path, monkeypatch):
    found = checks(tmp_path, monkeypatch, "cache", "auto_refresh", "process_clock")
    assert {check.outcome for check in found.values()} == {"ok"}
    assert "process_clock: the client follows its clock" in found
    assert "clock: the client's clock moves, and configure resets it" in found
