"""The wheel contains four packages with their data files, and no folder that could collide with a user's own."""

import os
import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.adapter_pages import page_names
from oauth_gauntlet.files.addresses import REPOSITORY, page
from oauth_gauntlet_server.vendors import profile_names

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow  # builds the wheel

PACKAGES = {"oauth_gauntlet", "oauth_gauntlet_server", "oauth_gauntlet_scenarios", "oauth_gauntlet_reports"}


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("entry_points.txt"))
        return archive.namelist(), text, wheel


@pytest.fixture(scope="module")
def metadata(names):
    with zipfile.ZipFile(names[2]) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name), policy=default)


def test_the_top_level_is_the_four_packages(names):
    assert {name.split("/")[0] for name in names[0] if ".dist-info/" not in name} == PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_each_package_is_typed(names, package):
    assert f"{package}/py.typed" in names[0]


def test_data_files_of_a_run_are_in_the_wheel(names):
    assert "oauth_gauntlet_scenarios/run.ini" in names[0]
    templates = (ROOT / "reports/oauth_gauntlet_reports/templates").iterdir()
    assert {f"oauth_gauntlet_reports/templates/{path.name}" for path in templates} <= set(names[0])
    remedies = (ROOT / "reports/oauth_gauntlet_reports/advice/remedies").iterdir()
    assert {f"oauth_gauntlet_reports/advice/remedies/{path.name}" for path in remedies} <= set(names[0])


def test_profiles_of_vendors_are_in_the_wheel(names):
    assert {f"oauth_gauntlet_server/vendors/{name}.toml" for name in profile_names()} <= set(names[0])


def test_starters_are_in_the_wheel(names):
    listed = subprocess.run(["git", "ls-files", "harness/oauth_gauntlet/starters"], cwd=ROOT, capture_output=True, text=True)
    files = {name.removeprefix("harness/") for name in listed.stdout.split()}
    assert len(files) > 10
    assert files <= set(names[0])


def test_the_schemas_are_there(names):
    files = {path.name for path in (ROOT / "harness/oauth_gauntlet/schemas").glob("*.json")}
    assert files == {"adapter-protocol.schema.json", "results.schema.json"}
    assert {f"oauth_gauntlet/schemas/{name}" for name in files} <= set(names[0])


def test_console_files_are_in_the_wheel(names):
    folder = ROOT / "mock_server/oauth_gauntlet_server/console"
    files = {str(path.relative_to(folder)) for kind in ("static", "templates") for path in (folder / kind).iterdir()}
    assert {"static/console.css", "static/main.js", "templates/console.html.j2"} <= files
    assert {f"oauth_gauntlet_server/console/{name}" for name in files} <= set(names[0])


def test_the_entry_points(names):
    assert "oauth-gauntlet = oauth_gauntlet.cli:run_main" in names[1]
    assert "oauth_gauntlet.pytest_plugin = oauth_gauntlet.pytest_plugin" in names[1]


def test_the_description_is_the_readme_with_absolute_links(metadata):
    assert metadata["Description-Content-Type"] == "text/markdown"
    text = metadata.get_content()
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert page("docs/adapters.md") in links
    assert f"{REPOSITORY}/raw/main/docs/images/report.png" in links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert text.splitlines()[0] == "# oauth-gauntlet"
    assert len(text.splitlines()) == len((ROOT / "README.md").read_text(encoding="utf-8").splitlines())


def test_the_project_has_addresses(metadata):
    urls = dict(value.split(", ", 1) for value in metadata.get_all("Project-URL"))
    assert {"Homepage", "Documentation", "Changelog", "Issues"} <= urls.keys()
    assert all(address.startswith(REPOSITORY) for address in urls.values())


def test_adapter_docs_prints_the_pages_of_the_wheel(names, tmp_path):
    with zipfile.ZipFile(names[2]) as archive:
        archive.extractall(tmp_path)
    program = "import sys; from oauth_gauntlet.cli import main; sys.exit(main(['adapter', 'docs', *sys.argv[1:]]))"
    for name in page_names():
        done = subprocess.run(
            [sys.executable, "-c", program, name],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        file = Path(done.stderr.splitlines()[1])
        assert file.parent == tmp_path / "oauth_gauntlet" / "pages"
        assert done.stdout.splitlines()[0] == file.read_text(encoding="utf-8").splitlines()[0]
