"""Who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("oauth_gauntlet", "oauth_gauntlet_server", "oauth_gauntlet_scenarios", "oauth_gauntlet_reports")
PURE = (
    *("model", "checks", "judging/verdicts", "judging/applicability", "judging/selection"),
    *("results/gate", "results/baseline_update", "adapters/framing", "files/escaping"),
)
IO = {"os", "socket", "subprocess", "pathlib", "time", "threading", "tempfile", "io", "sys", "shutil"}


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def ours(path):
    return {name for name in imports(path) if name.split(".")[0] in OURS}


@pytest.mark.parametrize("path", modules("mock_server"), ids=lambda path: path.stem)
def test_the_server_imports_nothing_else_of_ours(path):
    assert {name.split(".")[0] for name in ours(path)} <= {"oauth_gauntlet_server"}


@pytest.mark.parametrize("path", modules("reports"), ids=lambda path: path.stem)
def test_reports_import_the_result_model_only(path):
    others = {name for name in ours(path) if not name.startswith("oauth_gauntlet_reports")}
    assert others <= {"oauth_gauntlet.model", "oauth_gauntlet.protocol", "oauth_gauntlet.files.escaping"}


@pytest.mark.parametrize("path", modules("scenarios"), ids=lambda path: path.stem)
def test_scenarios_import_the_scenario_facing_api(path):
    allowed = {"requirement", "checks", "lab", "model", "protocol", "witness", "key_material", "ports", "log_watch"}
    harness = {name.split(".")[1] for name in ours(path) if name.startswith("oauth_gauntlet.")}
    assert harness <= allowed
    assert not {name for name in ours(path) if name.startswith("oauth_gauntlet_reports")}


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name):
    found = {each.split(".")[0] for each in imports(ROOT / "harness/oauth_gauntlet" / f"{name}.py")}
    assert not found & IO


def test_one_module_imports_authlibs_server_classes():
    users = [p.name for p in modules("mock_server") if any(name.startswith("authlib") for name in imports(p))]
    assert users == ["_authlib_classes.py"]
