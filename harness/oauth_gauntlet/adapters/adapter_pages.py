"""The pages of the documentation that an author of an adapter needs; they are part of the installed package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.addresses import absolute_links, page

_FILES = {"adapters": "adapters.md", "protocol": "adapter-protocol.md", "clocks": "clocks.md"}


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterPage:
    """A page: its text with absolute links, its address on the web, and its file on this machine."""

    text: str
    address: str
    file: str


def page_names() -> tuple[str, ...]:
    """Return the names of the pages; the first is the one to begin with."""
    return tuple(_FILES)


def adapter_page(name: str) -> AdapterPage:
    """Return a page by its name.

    Raises:
        UsageError: there is no page of this name.
    """
    if name not in _FILES:
        raise UsageError(f"adapter docs: there is no page {name!r}; there are {', '.join(_FILES)}")
    file = resources.files("oauth_gauntlet") / "pages" / _FILES[name]
    if not file.is_file():
        # A checkout: the build of the package copies docs/ to pages/.
        file = Path(__file__).parents[3] / "docs" / _FILES[name]
    text = absolute_links(file.read_text(encoding="utf-8"), "docs")
    return AdapterPage(text=text, address=page(f"docs/{_FILES[name]}"), file=str(file))
