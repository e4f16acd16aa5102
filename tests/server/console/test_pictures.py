"""The script that takes the pictures of docs/console.md."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = Path(__file__).with_name("pictures.py")


def test_both_pictures_are_taken(tmp_path):
    pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    if shutil.which("chromium") is None:
        pytest.skip("needs a Chromium: apt-get install chromium")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("console.png", "console-fault.png"):
        octets = (tmp_path / name).read_bytes()
        assert octets[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", octets[16:24]) == (1280, 800)
        assert len(octets) < 400_000
