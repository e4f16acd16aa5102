"""Renders the HTML report: one self-contained file with the headline, what to fix first, and the evidence.

All text from a client or a server is untrusted. The template escapes it, control characters and lone surrogates are made
visible, and links lead only to RFCs or to plain http(s) URLs. The page's Content-Security-Policy allows only the page's own
style sheet and script, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from oauth_gauntlet.files.escaping import escaped, escaped_lines
from oauth_gauntlet.model import FINDINGS, SEVERITY, Result, Run, Tally, Verdict, causes, root_causes
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy, spans
from oauth_gauntlet_reports.evidence.bounded import MOST_EVIDENCE, answer_text
from oauth_gauntlet_reports.evidence.headline import fixed_environment, headline
from oauth_gauntlet_reports.evidence.quotations import places, quotations
from oauth_gauntlet_reports.evidence.scores import CATEGORIES, LEVELS, client_name, needs, scores
from oauth_gauntlet_reports.evidence.sources import linked_parts, web_url
from oauth_gauntlet_reports.evidence.transcript import transcripts
from oauth_gauntlet_reports.evidence.words import (
    LEVEL_WORDS,
    PLATFORM_MEANING,
    PLATFORM_SIGN,
    VERDICT_MEANINGS,
    VERDICT_WORDS,
    counted,
)

MOST_FIRST = 5
"""Maximum number of causes on the first screen."""


def html_report(run: Run) -> str:
    """Return the page. Passed scenarios are listed without exchanges; the results file contains those."""
    found = causes(run.results)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **assets("report.css", "page.js", "view.js", "filters.js"),
            run=run,
            title=client_name(run),
            headline=headline(run),
            fixed_environment=fixed_environment(run),
            first=[cause for cause in root_causes(found) if not cause.known][:MOST_FIRST],
            count_of_causes=len(root_causes(found)),
            causes=found,
            most_evidence=MOST_EVIDENCE,
            scores=scores(run),
            needs=needs(run),
            summary=run.summary(),
            grants=sorted({result.grant for result in run.results}),
            levels=[level for level in LEVELS if any(result.level is level for result in run.results)],
        )
    )


def assets(style: str, *scripts: str) -> dict[str, Markup]:
    """Return a page's style sheet, its script, and the Content-Security-Policy that allows only these."""
    folder = resources.files("oauth_gauntlet_reports") / "templates"
    look = (folder / style).read_text(encoding="utf-8")
    code = "\n".join((folder / name).read_text(encoding="utf-8") for name in scripts)
    policy = (
        f"default-src 'none'; style-src '{_sha256(look)}'; script-src '{_sha256(code)}'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    # All are files of this package. A test checks that none contains the end tag of its own element.
    return {"style": Markup(look), "script": Markup(code), "policy": Markup(policy)}  # noqa: S704


@cache
def environment() -> Environment:
    """Return the Jinja environment: values are escaped, and unprintable characters in them made visible."""
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
        "linked_parts": linked_parts,
        "web_url": web_url,
        "transcripts": transcripts,
        "answer": _answer,
        "lines": _lines,
        "variant": _variant,
        "percent": _percent,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "quotations": quotations,
        "places": places,
        "tally_words": _tally_words,
        "counted": lambda verdict, count: counted(count, verdict),
        "fragment": _fragment,
        "peers": peers_sentence,
        "remedy": remedy,
        "spans": spans,
    }
    made.globals |= {
        "severity": SEVERITY,
        "findings": FINDINGS,
        "verdict_words": VERDICT_WORDS,
        "level_words": LEVEL_WORDS,
        "verdict_meanings": VERDICT_MEANINGS,
        "platform_meaning": PLATFORM_MEANING,
        "platform_sign": PLATFORM_SIGN,
        "category_titles": CATEGORIES,
        "remedy_heading": HEADING,
    }
    return made


def short_grant(grant: str) -> str:
    """Return the short name of a grant: ``jwt-bearer`` for the URN."""
    return grant.rpartition(":")[2]


def _visible(value: object) -> object:
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _answer(answer: JSON) -> Markup:
    """Return the client's answer as indented JSON, escaped and cut to a maximum length."""
    return _lines(answer_text(answer, indent=2))


def _lines(text: str) -> Markup:
    """Return text with each of its lines escaped."""
    return escape(escaped_lines(text))


def _variant(result: Result) -> str:
    """Return the variant in a scenario's name: ``plus`` of ``auth.basic-form-urlencoded.plus[password]``.

    The kind of renewal follows it: ``plus, renewal: refresh``.
    """
    name, _, rest = result.scenario.partition("[")
    variant = name.removeprefix(result.id).removeprefix(".")
    renewal = rest.removesuffix("]").removeprefix(short_grant(result.grant)).removeprefix("+")
    return ", ".join(filter(None, (variant, f"renewal: {renewal}" if renewal else ""))) or name


def _tally_words(counts: Tally) -> str:
    """Return the number of requirements by verdict: ``2 violations, 40 passed``."""
    return ", ".join(
        counted(count, verdict) for verdict, count in counts.counts.items() if verdict is not Verdict.NOT_APPLICABLE
    )


def _fragment(text: str) -> str:
    """Return text, percent-encoded for the URL's fragment, which the page's script reads."""
    return quote(escaped(text), safe="")


def _percent(part: int, whole: int) -> str:
    # Rounded down, so that only a complete score is 100%.
    return f"{100 * part // whole}%" if whole else "none"


def _sha256(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
