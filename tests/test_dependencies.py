"""What users install, extras included: no lower bound admits a version with a known vulnerability; `judge` is complete."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from oauth_gauntlet.judging.needed_packages import EXTRA, MODULES

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
INSTALLED = [
    Requirement(text)
    for text in (
        *PROJECT["dependencies"],
        *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
    )
]

MENDED = {
    "authlib": ("1.6.6", "CVE-2025-59420, CVE-2025-61920, CVE-2025-68158"),
    "cryptography": ("46.0.5", "CVE-2024-12797, CVE-2026-26007"),
    "flask": ("3.1.3", "CVE-2025-47278, CVE-2026-27205"),
    "jinja2": ("3.1.6", "CVE-2024-56201, CVE-2024-56326, CVE-2025-27516"),
    "joserfc": ("1.6.3", "CVE-2025-65015, CVE-2026-27932"),
    "pyjwt": ("2.12.0", "CVE-2024-53861, CVE-2026-32597"),
    "pytest": ("9.0.3", "CVE-2025-71176"),
    "requests": ("2.33.0", "CVE-2024-47081, CVE-2026-25645"),
    "werkzeug": ("3.1.6", "CVE-2025-66221, CVE-2026-21860, CVE-2026-27199"),
}
"""The first version of each package without its known vulnerabilities. A new advisory is a new row, or a higher version."""


def lowest(requirement):
    """Return the lowest version that a requirement admits."""
    (bound,) = (each for each in requirement.specifier if each.operator == ">=")
    return Version(bound.version)


@pytest.mark.parametrize("requirement", INSTALLED, ids=str)
def test_each_dependency_has_one_lower_bound_and_no_upper_one(requirement):
    assert [each.operator for each in requirement.specifier] == [">="]
    version, advisories = MENDED.get(requirement.name, ("0", ""))
    assert lowest(requirement) >= Version(version), f"{requirement} admits {advisories}"


def test_every_package_of_the_table_is_a_dependency():
    assert MENDED.keys() <= {each.name for each in INSTALLED}


def test_the_modules_that_judging_looks_for_are_those_of_its_extra():
    distributions = packages_distributions()
    named = {Requirement(text).name for text in PROJECT["optional-dependencies"][EXTRA]}
    assert {distributions[module][0].lower() for module in MODULES} == named
