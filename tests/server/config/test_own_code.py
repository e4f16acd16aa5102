"""Modules of the user are imported once, whatever they are called."""

import importlib
import sys

import pytest

from oauth_gauntlet_server.config.own_code import import_file


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(path, text="value = object()\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_is_imported_once_also_if_a_package_has_imported_it(tmp_path):
    write(tmp_path / "acme_package/__init__.py", "")
    file = write(tmp_path / "acme_package/acme_rules.py")
    sys.path.append(str(tmp_path))
    module = importlib.import_module("acme_package.acme_rules")
    assert import_file(file) is module
    alone = write(tmp_path / "acme_alone.py")
    assert import_file(alone) is import_file(alone)


def test_files_with_equal_names_in_folders_with_equal_names_are_different_modules(tmp_path):
    files = [write(tmp_path / f"{folder}/acme_rules/acme_same.py") for folder in ("a", "b", "c")]
    modules = [import_file(file) for file in files]
    assert len({id(module.value) for module in modules}) == len(files)
    assert [import_file(file) for file in files] == modules


def test_a_module_that_raises_is_not_kept(tmp_path):
    file = write(tmp_path / "acme_wrong.py", "1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            import_file(file)
