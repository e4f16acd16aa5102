"""Find the scenarios beside the catalogue: of installed packages, and in files and folders that the user names."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging.scenario_place import place_of
from oauth_gauntlet_server.config.own_code import add_to_path, failure_in, import_file

if TYPE_CHECKING:
    from oauth_gauntlet.requirement import Scenario

GROUP = "oauth_gauntlet.scenarios"
"""The entry point group. An entry is a module, or a package with modules ``test_*``, of scenarios."""

CATALOGUE = "oauth_gauntlet_scenarios"
"""The package of the catalogue. The harness does not import it."""

PATTERN = "test_*.py"
"""The files of a folder that contain scenarios."""


def installed_folders() -> tuple[Path, ...]:
    """Return the folder or file of the catalogue, and of each installed package of scenarios.

    Raises:
        UsageError: an entry point names no module.
    """
    return tuple(_location(name) for name in (CATALOGUE, *(entry.module for entry in entry_points(group=GROUP))))


def added_paths(named: Iterable[str]) -> tuple[Path, ...]:
    """Return what is judged beside the catalogue: installed packages, and the named files and folders.

    Raises:
        UsageError: a path does not exist, or a folder has no file of scenarios.
    """
    return (*installed_folders()[1:], *(_checked(each) for each in named))


def own_scenarios(named: Iterable[str]) -> tuple[Scenario, ...]:
    """Return the scenarios beside the catalogue. Their modules are imported.

    Raises:
        UsageError: see `added_paths`; or a module cannot be imported, or a named path contains no scenario.
    """
    found = [scenario for entry in entry_points(group=GROUP) for scenario in _of_package(entry.module)]
    for each in named:
        path = _checked(each)
        let_import(path)
        of_path = [scenario for file in _files(path) for scenario in _scenarios_in(_imported(file))]
        if not of_path:
            raise UsageError(f"{each}: there is no scenario; decorate a function with oauth_gauntlet.requirement.requirement")
        found += of_path
    return tuple(found)


def own_profiles(own: Iterable[Scenario]) -> frozenset[str]:
    """Return the names of the profiles that the scenarios beside the catalogue declare."""
    return frozenset(each.requirement.profile for each in own if each.requirement.profile is not None)


def all_scenarios(catalogue: Iterable[Scenario], own: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return the catalogue with the scenarios beside it, sorted by id.

    Raises:
        UsageError: two scenarios have the same id.
    """
    by_id = {scenario.requirement.id: scenario for scenario in catalogue}
    for scenario in own:
        other = by_id.setdefault(scenario.requirement.id, scenario)
        if other is not scenario:
            raise UsageError(f"{place_of(scenario)}: the id {scenario.requirement.id!r} exists already ({place_of(other)})")
    return tuple(by_id[key] for key in sorted(by_id))


def let_import(path: Path) -> None:
    """Let the modules beside a file of scenarios, or in their folder, be imported."""
    add_to_path((path if path.is_dir() else path.parent).resolve())


def _checked(named: str) -> Path:
    path = Path(named)
    if not path.exists():
        raise UsageError(f"--scenarios {named}: there is no such file or folder")
    if path.is_dir() and not _files(path):
        raise UsageError(f"--scenarios {named}: the folder has no file {PATTERN}")
    return path


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob(PATTERN)) if path.is_dir() else [path]


def _location(name: str) -> Path:
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(f"the entry point group {GROUP} names {name!r}, which is no module; install its package again")
    return Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)


def _of_package(name: str) -> Iterator[Scenario]:
    try:
        package = importlib.import_module(name)
        yield from _scenarios_in(package)
        for info in pkgutil.walk_packages(getattr(package, "__path__", ()), prefix=f"{name}."):
            if info.name.rpartition(".")[2].startswith("test_"):
                yield from _scenarios_in(importlib.import_module(info.name))
    except Exception as error:
        raise UsageError(f"entry point {name!r} of {GROUP}: {failure_in(error, name)}") from error


def _imported(file: Path) -> ModuleType:
    try:
        return import_file(file)
    except Exception as error:
        raise UsageError(f"--scenarios: {failure_in(error, str(file))}") from error


def _scenarios_in(module: ModuleType) -> Iterator[Scenario]:
    from oauth_gauntlet.requirement import scenario_of  # loads pytest, and most users have no scenarios of their own

    for value in vars(module).values():
        scenario = scenario_of(value)
        if scenario is not None and getattr(value, "__module__", None) == module.__name__:
            yield scenario
