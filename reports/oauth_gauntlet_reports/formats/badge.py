"""Renders an SVG badge for a README: how many of the RFC requirements the client meets, or what is wrong."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Run, Standing, Verdict, number
from oauth_gauntlet_reports.evidence.headline import headline

_COLOURS = {
    Verdict.PASS: "#2c7a3f",
    Verdict.WARNING: "#8f5b00",
    Verdict.VIOLATION: "#b3201b",
    Verdict.HAZARD: "#b3201b",
    Verdict.DEVIATION: "#b3201b",
    Verdict.ERROR: "#6b2c88",
}
_LABEL = "oauth-gauntlet"
_PER_CHARACTER = 6.6
"""Average width of a character at a font size of 11 pixels; `textLength` makes the browser use this width."""


def badge_report(run: Run) -> str:
    """Return the badge, 20 pixels high; its title is the headline of the run."""
    answer = headline(run)
    value = _value(answer.standing, answer.verdict)
    left, right = (len(text) * _PER_CHARACTER + 12 for text in (_LABEL, value))
    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", width=f"{left + right:.0f}", height="20", role="img")
    root.set("aria-label", f"{_LABEL}: {value}")
    ET.SubElement(root, "title").text = escaped(answer.text)
    ET.SubElement(root, "rect", width=f"{left + right:.1f}", height="20", rx="3", fill=_COLOURS[answer.verdict])
    ET.SubElement(root, "path", d=f"M3 0H{left:.1f}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z", fill="#444b53")
    texts = ET.SubElement(root, "g", {"fill": "#fff", "font-family": "Verdana,DejaVu Sans,sans-serif", "font-size": "11"})
    for text, start, width in ((_LABEL, 0.0, left), (value, left, right)):
        element = ET.SubElement(texts, "text", x=f"{start + 6:.1f}", y="14", textLength=f"{width - 12:.1f}")
        element.text = text
    return ET.tostring(root, encoding="unicode") + "\n"


def _value(standing: Standing, verdict: Verdict) -> str:
    """Return the words: failures first, then what the baseline hides, then what was not judged."""
    if verdict.failing:
        counts = ((Verdict.VIOLATION, "violation"), (Verdict.HAZARD, "hazard"))
        words = [number(count, word) for kind, word in counts if (count := standing.common.of(kind))]
        deviations = sum(tally.of(Verdict.DEVIATION) for tally in standing.profiles.values())
        return ", ".join([*words, *([number(deviations, "deviation")] if deviations else [])])
    if standing.known:
        return number(standing.known, "known failure")
    if verdict is Verdict.ERROR:
        return "not judged completely"
    met = f"meets {standing.rfc.met} of {standing.rfc.applicable} RFC requirements"
    warnings = standing.common.of(Verdict.WARNING)
    return f"{met}, {number(warnings, 'warning')}" if warnings else met
