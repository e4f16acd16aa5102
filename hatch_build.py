"""The part of the package's metadata that has addresses: they are made from one constant, `addresses.REPOSITORY`.

The README has relative links, which work in a checkout and on the forge; the package index shows it with absolute ones.
"""

import runpy
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class CustomMetadataHook(MetadataHookInterface):
    """Sets ``readme`` and ``urls``, which pyproject.toml names as dynamic."""

    def update(self, metadata: dict) -> None:
        """Add the README with absolute links, and the project's addresses."""
        addresses = runpy.run_path(str(Path(self.root) / "harness" / "oauth_gauntlet" / "files" / "addresses.py"))
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": addresses["absolute_links"](text)}
        metadata["urls"] = addresses["project_urls"]()
