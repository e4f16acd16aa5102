"""What import-linter cannot check (``make lint`` checks the layers): the drawing, the pure core, the seam to Authlib."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DRAWING = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
PACKAGES = {
    "oauth_gauntlet": ROOT / "harness" / "oauth_gauntlet",
    "oauth_gauntlet_server": ROOT / "mock_server" / "oauth_gauntlet_server",
    "oauth_gauntlet_reports": ROOT / "reports" / "oauth_gauntlet_reports",
}
SOURCES = {**PACKAGES, "oauth_gauntlet_scenarios": ROOT / "scenarios" / "oauth_gauntlet_scenarios"}
MUTATED = tomllib.loads((ROOT / "mutation" / "modules.toml").read_text(encoding="utf-8"))
SURVIVORS = tomllib.loads((ROOT / "mutation" / "survivors.toml").read_text(encoding="utf-8"))

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [contract for contract in CONTRACTS if contract["type"] == "layers"]

NO_ROOMS = {"templates"}
"""Folders of files that no module is in."""

PURE = (
    *("model/basis", "model/requirements", "model/profiles", "model/results", "checks"),
    *("judging/verdicts", "judging/applicability", "judging/selection"),
    *("results/gate", "results/baseline_update", "adapters/framing", "files/escaping"),
)
IO = {"os", "socket", "subprocess", "pathlib", "time", "threading", "tempfile", "io", "sys", "shutil"}


def rooms(package):
    """Return the folders of a package that contain Python modules or shipped files."""
    return {each.name for each in package.iterdir() if each.is_dir() and not each.name.startswith(("_", "."))}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def drawn():
    """Return the rooms in the boxes of the drawing, each with the number of its line. Two spaces or more separate rooms."""
    for number, line in enumerate(DRAWING.splitlines()):
        for cell in re.split(r"[│├┤◄►─]|  +", line):
            if re.fullmatch(r"[a-z_]+", cell.strip()) and cell.strip() not in PACKAGES:
                yield cell.strip(), number


def test_the_drawing_shows_every_room_and_nothing_else():
    there = set().union(*map(rooms, PACKAGES.values())) - NO_ROOMS
    assert {room for room, _ in drawn()} == there | {"oauth_gauntlet_scenarios"}


@pytest.mark.parametrize("contract", LAYERS, ids=lambda contract: contract["containers"][0])
def test_the_drawing_has_the_layers_in_the_order_of_the_contract(contract):
    (package,) = contract["containers"]
    layers = [re.findall(r"\w+", layer) for layer in contract["layers"]]
    lines = [dict(drawn())[room] for layer in layers for room in layer if room in rooms(PACKAGES[package])]
    assert lines == sorted(lines)


@pytest.mark.parametrize("word", sorted(set(re.findall(r"`([a-z]+/[a-z_]+)`", PAGE))))
def test_each_module_that_the_page_names_exists(word):
    places = [package / word for package in PACKAGES.values()] + [ROOT / word]
    assert any(place.with_suffix(".py").exists() or place.is_dir() for place in places)


@pytest.mark.parametrize(
    ("package", "most"), [("oauth_gauntlet", 16), ("oauth_gauntlet_server", 8), ("oauth_gauntlet_reports", 8)]
)
def test_the_top_level_of_a_package_reads_like_a_table_of_contents(package, most):
    assert len(list(PACKAGES[package].glob("*.py"))) <= most


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name):
    found = {each.split(".")[0] for each in imports(PACKAGES["oauth_gauntlet"] / f"{name}.py")}
    assert not found & IO


def test_one_module_imports_authlibs_server_classes():
    modules = sorted(PACKAGES["oauth_gauntlet_server"].rglob("*.py"))
    users = [path.stem for path in modules if any(name.startswith("authlib") for name in imports(path))]
    assert len(users) == 1, users


@pytest.mark.parametrize("module", MUTATED)
def test_each_module_that_is_mutated_exists_and_so_do_its_tests(module):
    package, *names = module.split(".")
    assert SOURCES[package].joinpath(*names).with_suffix(".py").is_file()
    for entry in MUTATED[module]["tests"]:
        path, _, function = entry.partition("::")
        assert (ROOT / path).exists(), path
        assert not function or f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), entry


def test_only_mutants_of_these_modules_are_explained():
    assert SURVIVORS.keys() <= MUTATED.keys()
