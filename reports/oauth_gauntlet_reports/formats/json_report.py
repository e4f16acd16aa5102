"""Renders the whole run as one JSON document."""

from __future__ import annotations

import json

from oauth_gauntlet.model import Run


def json_report(run: Run) -> str:
    """Return the document, indented, with members in the documented order."""
    return json.dumps(run.to_json(), indent=2) + "\n"
