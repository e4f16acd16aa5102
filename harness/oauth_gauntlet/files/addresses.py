"""Where this project's pages are on the web: one constant, and the links that are made from it.

The build of the package imports this module (``hatch_build.py``): it imports nothing that is not part of Python.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from posixpath import normpath

REPOSITORY = "https://oauth-gauntlet.example/oauth-gauntlet"
"""The address of the repository. The project is not published yet: publication changes this line, and nothing else."""

_BRANCH = "main"

_IMAGES = frozenset({".png", ".svg", ".gif", ".jpg"})

# The target of a Markdown link or image that is relative: it has neither a scheme nor a fragment alone.
_RELATIVE = re.compile(r"(\]\()(?![a-z][a-z0-9+.-]*:|#|/)([^)\s#]+)(#[^)\s]*)?(\))", re.IGNORECASE)


def page(path: str) -> str:
    """Return the address of a file of the repository, as a page for people; an image's address is that of its octets."""
    kind = "raw" if PurePosixPath(path).suffix in _IMAGES else "blob"
    return f"{REPOSITORY}/{kind}/{_BRANCH}/{path}"


def absolute_links(markdown: str, folder: str = "") -> str:
    """Return a Markdown page with absolute links; its relative ones start at a folder of the repository ("": its root)."""

    def absolute(link: re.Match[str]) -> str:
        return f"{link[1]}{page(normpath(f'{folder}/{link[2]}'.lstrip('/')))}{link[3] or ''}{link[4]}"

    return _RELATIVE.sub(absolute, markdown)


def project_urls() -> dict[str, str]:
    """Return the addresses that the package's metadata names (``Project-URL``)."""
    return {
        "Homepage": REPOSITORY,
        "Documentation": page("README.md"),
        "Changelog": page("CHANGELOG.md"),
        "Issues": f"{REPOSITORY}/issues",
    }
