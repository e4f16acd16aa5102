"""The files for contributors and for publication: issue forms, workflows, and the list of what is left."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import oauth_gauntlet

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PUBLISHING = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
PLACEHOLDERS = ("OWNER", "ADDRESS_OF_OAUTH_GAUNTLET")


def test_there_is_a_form_for_each_kind_of_issue():
    names = {yaml.safe_load(form.read_text())["name"] for form in FORMS}
    assert names == {"False alarm", "A client or server behaves so", "Adapter"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_is_what_github_accepts(form):
    # https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
    document = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= document.keys() <= {"name", "description", "body", "title", "labels"}
    ids = [element["id"] for element in document["body"]]
    assert len(set(ids)) == len(ids) > 1
    for element in document["body"]:
        assert element["type"] in {"input", "textarea", "dropdown"}
        assert element["attributes"]["label"]
        assert ("options" in element["attributes"]) is (element["type"] == "dropdown")
        assert ("render" not in element["attributes"]) or element["type"] == "textarea"
    labels = re.findall(r"`([^`]+)`", next(line for line in PUBLISHING.splitlines() if "labels of the issue forms" in line))
    assert set(document["labels"]) <= set(labels)


def test_a_workflow_calls_the_script_of_ci():
    commands = [step.get("run") for workflow in WORKFLOWS for job in jobs(workflow).values() for step in job["steps"]]
    assert ".ci/run" in commands
    assert os.access(ROOT / ".ci/run", os.X_OK)


def jobs(workflow):
    return yaml.safe_load(workflow.read_text())["jobs"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_a_workflow_may_only_read_and_pins_what_it_uses(workflow):
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}
    uses = re.findall(r"uses: (\S+)", workflow.read_text())
    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in uses)


def test_the_page_about_publishing_lists_every_placeholder_with_its_files():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pages = [ROOT / name for name in listed if name.endswith((".md", ".yml", ".yaml")) and not name.startswith("clients/")]
    for placeholder in PLACEHOLDERS:
        row = next(line for line in PUBLISHING.splitlines() if line.startswith(f"| `{placeholder}`"))
        holding = {page for page in pages if re.search(rf"\b{placeholder}\b", page.read_text(encoding="utf-8"))}
        assert holding - {ROOT / "docs/publishing.md"}
        assert {page.name for page in holding} - {"publishing.md"} == set(re.findall(r"\]\(([^)]+)\)", row))


@pytest.mark.parametrize("path", re.findall(r"`([\w./-]+/[\w./-]*)`", PUBLISHING))
def test_each_file_that_the_page_names_exists(path):
    assert (ROOT / path).exists()


def test_the_version_is_the_same_in_its_two_places():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == oauth_gauntlet.__version__
