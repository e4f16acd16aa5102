"""The HTML report: one self-contained file that says whether a client conforms, and what is wrong first.

Nothing that comes from a client or a server can run or fetch anything: the template escapes all of it, control characters
and lone surrogates are made visible, links lead to RFCs or to plain http(s) URLs only, and the page's Content-Security-Policy
allows nothing but the one style sheet and the one script that are in it, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy, spans
from oauth_gauntlet_reports.evidence.causes import CATEGORIES, FINDINGS, GRAVITY, LEVELS, causes, client_name, needs, scores
from oauth_gauntlet_reports.evidence.headline import headline
from oauth_gauntlet_reports.evidence.sources import linked_parts, source_parts, web_url
from oauth_gauntlet_reports.evidence.transcript import transcripts

MOST_FIRST = 5
"""Causes that the first screen names."""

_MOST_ANSWER = 4000
"""Characters of an answer that are shown."""

VERDICT_WORDS = {
    Verdict.FAIL: "failed",
    Verdict.ERROR: "broke",
    Verdict.UNTESTABLE: "untestable",
    Verdict.WARN: "warned",
    Verdict.PASS: "passed",
    Verdict.NOT_APPLICABLE: "not applicable",
}
"""What a scenario did, by its verdict."""

LEVEL_WORDS = {
    "must": "an RFC demands it of the client",
    "connector": "the connector document promises it",
    "should": "an RFC recommends it to the client",
    "interop": "servers in the field call for it",
}
"""Why a level binds."""


def html_report(run: Run) -> str:
    """Return the page. What passed is listed without its exchanges; the results stream has them."""
    found = causes(run.results)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **assets("report.css", "page.js", "filters.js"),
            run=run,
            title=client_name(run),
            headline=headline(run),
            first=[cause for cause in found if cause.findings and not cause.known][:MOST_FIRST],
            causes=found,
            scores=scores(run),
            needs=needs(run),
            summary=run.summary(),
            grants=sorted({result.grant for result in run.results}),
            levels=[level for level in LEVELS if any(result.level is level for result in run.results)],
        )
    )


def assets(style: str, *scripts: str) -> dict[str, Markup]:
    """Return the style sheet and the script of a page, and the policy that allows them and nothing else."""
    folder = resources.files("oauth_gauntlet_reports") / "templates"
    look = (folder / style).read_text(encoding="utf-8")
    code = "\n".join((folder / name).read_text(encoding="utf-8") for name in scripts)
    policy = (
        f"default-src 'none'; style-src '{_sha256(look)}'; script-src '{_sha256(code)}'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    # All are files of this package, and none holds the end of its own element: a test sees to it.
    return {"style": Markup(look), "script": Markup(code), "policy": Markup(policy)}  # noqa: S704


@cache
def environment() -> Environment:
    """Return the templates of this package, everything escaped and made visible that is put into them."""
    made = Environment(
        loader=PackageLoader("oauth_gauntlet_reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "short_grant": short_grant,
        "source_parts": source_parts,
        "linked_parts": linked_parts,
        "web_url": web_url,
        "transcripts": transcripts,
        "answer": _answer,
        "lines": _lines,
        "variant": _variant,
        "percent": _percent,
        "fragment": _fragment,
        "peers": peers_sentence,
        "remedy": remedy,
        "spans": spans,
    }
    made.globals |= {
        "gravity": GRAVITY,
        "findings": FINDINGS,
        "verdict_words": VERDICT_WORDS,
        "level_words": LEVEL_WORDS,
        "category_titles": CATEGORIES,
        "remedy_heading": HEADING,
    }
    return made


def short_grant(grant: str) -> str:
    """Return a grant's name for people: ``jwt-bearer`` for the URN."""
    return grant.rpartition(":")[2]


def _visible(value: object) -> object:
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _answer(answer: object) -> Markup:
    """Return an answer as JSON of several lines, each of them safe to show."""
    text = json.dumps(answer, indent=2, ensure_ascii=True)
    if len(text) > _MOST_ANSWER:
        text = f"{text[:_MOST_ANSWER]}\n... ({len(text)} characters)"
    return _lines(text)


def _lines(text: str) -> Markup:
    """Return text of several lines, each of them escaped."""
    return Markup("\n").join(escaped(line) for line in text.split("\n"))


def _variant(result: Result) -> str:
    """Return what tells a scenario from its siblings: ``plus`` of ``auth.basic-form-urlencoded.plus[password]``."""
    name = result.scenario.removesuffix(f"[{result.grant}]")
    return name.removeprefix(result.id).removeprefix(".") or name


def _fragment(text: str) -> str:
    """Return text for a URL's fragment, from which the page reads what it shows elsewhere."""
    return quote(escaped(text), safe="")


def _percent(part: int, whole: int) -> str:
    # Rounded down: what is not all of it never reads as 100.
    return f"{100 * part // whole}%" if whole else "none"


def _sha256(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
