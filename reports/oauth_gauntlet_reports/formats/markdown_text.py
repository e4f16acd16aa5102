"""Text escaped for a place in a Markdown document: plain, in a code span, in HTML, in a code block.

GitHub and GitLab show it literally: no markup, link, mention or reference that a client or a server chose.
"""

from __future__ import annotations

import html
import re

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet_reports.advice.remedy import spans

_MOST_TEXT = 400
"""Maximum number of characters shown of an expected or seen value."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]|~$])")
_AUTOLINK = re.compile(r"((?:https?|ftp|mailto|xmpp|www)(?=[:.]))", re.IGNORECASE)
_REFERENCE = re.compile(r"(@|(?<!&)#|!(?!--))(?=\w)")
_LONGEST_RUN = re.compile("`+")


def plain(text: str) -> str:
    """Return text as one line that Markdown shows literally: without markup, links, mentions or HTML."""
    escapes = _SPECIAL.sub(r"\\\1", escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _unreferenced(_unlinked(escapes))


def worded(text: str) -> str:
    """Return a text with its code between backticks as code spans, and the rest as plain text."""
    return "".join(code(span.text) if span.code else plain(span.text) for span in spans(text))


def as_html(text: str) -> str:
    """Return text for an HTML element within Markdown, such as ``<summary>``."""
    return _unreferenced(html.escape(escaped(text)))


def code(text: str) -> str:
    """Return text as a code span that its content cannot end; usable in a table."""
    shown = escaped(text)
    if "|" in shown:
        # A pipe ends a table cell even in a code span; outside of a table, a backslash before it is visible.
        inside = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        inside = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", inside)
        return f"<code>{_unlinked(inside)}</code>"
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[:1] in {"`", " ", ""} or shown[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fenced(language: str, lines: list[str]) -> list[str]:
    """Return lines as a code block that its content cannot end."""
    fence = "`" * max(3, max(map(_longest_run, lines), default=0) + 1)
    return [f"{fence}{language}", *lines, fence, ""]


def cut(text: str) -> str:
    """Return a text, cut if it is too long for a table."""
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."


def _unlinked(text: str) -> str:
    return _AUTOLINK.sub(r"\1<!-- -->", text)


def _unreferenced(text: str) -> str:
    # GitHub and GitLab search for mentions and references after unescaping; an HTML comment breaks them.
    return _REFERENCE.sub(r"\1<!-- -->", text)


def _longest_run(text: str) -> int:
    return max((len(each) for each in _LONGEST_RUN.findall(text)), default=0)
