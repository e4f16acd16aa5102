"""Fixture `clients`: a folder of invented languages and clients with the real scripts of clients/."""

import shutil
import stat
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients"
GOOD = ROOT / "tests" / "adapters" / "good.py"

SETUP = """\
#!/usr/bin/env bash
if [ -e "$1/breaks" ]; then
  echo "noise of a package manager"
  echo "compiler is missing: install it" >&2
  exit 1
fi
touch "$1/installed"
"""

RUN = f"""\
#!/usr/bin/env bash
[ -e "$1/installed" ] || exit 1
exec {sys.executable} "$1/adapter.py"
"""


class Folder:
    """A folder ``clients`` with the scripts, and no client yet."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        for script in CLIENTS.glob("*.*"):
            if script.suffix in {".sh", ".py"}:
                shutil.copy(script, path)

    def add(self, name, *, adapter=None, breaks=False, findings=None):
        """Add a client LANGUAGE/NAME, and the scripts of its language."""
        folder = self.path / name
        folder.mkdir(parents=True)
        for script, text in (("setup.sh", SETUP), ("run.sh", RUN)):
            (folder.parent / script).write_text(text)
            (folder.parent / script).chmod(stat.S_IRWXU)
        (folder / "README.md").write_text("A client.\n")
        (folder / "adapter.py").write_text(GOOD.read_text() if adapter is None else adapter)
        if breaks:
            (folder / "breaks").touch()
        if findings is not None:
            (folder / "findings.toml").write_text(findings)
        return folder


@pytest.fixture
def clients(tmp_path):
    return Folder(tmp_path / "clients")
