"""Renders an SVG badge for a README: whether the client conforms."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Run, Verdict
from oauth_gauntlet_reports.evidence.causes import causes
from oauth_gauntlet_reports.evidence.headline import headline

_COLOURS = {Verdict.PASS: "#2c7a3f", Verdict.WARN: "#8f5b00", Verdict.FAIL: "#b3201b", Verdict.ERROR: "#6b2c88"}
_LABEL = "oauth-gauntlet"
_PER_CHARACTER = 6.6
"""Average width of a character at a font size of 11 pixels; `textLength` makes the browser use this width."""


def badge_report(run: Run) -> str:
    """Return the badge, 20 pixels high; its title is the headline of the run."""
    answer = headline(run)
    value = _value(run, answer.verdict)
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


def _value(run: Run, verdict: Verdict) -> str:
    new = [result for result in run.results if result.expected is None]
    if verdict is Verdict.FAIL:
        count = sum(cause.verdict is Verdict.FAIL for cause in causes(new))
        return f"{count} requirement{'s' if count != 1 else ''} broken"
    tested = sum(result.verdict is not Verdict.NOT_APPLICABLE for result in run.results)
    passed = sum(result.verdict is Verdict.PASS for result in run.results)
    words = {Verdict.PASS: "conforms", Verdict.WARN: "conforms, with warnings", Verdict.ERROR: "not judged completely"}
    return f"{words[verdict]} ({passed}/{tested})"
