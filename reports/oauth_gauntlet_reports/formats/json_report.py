"""Renders the whole run as one JSON document."""

from __future__ import annotations

import json
from dataclasses import replace

from oauth_gauntlet.model import Run


def json_report(run: Run) -> str:
    """Return the document with members in the documented order: each member on a line, and each result on its own.

    Each result becomes text at once: as objects, thousands of results need much memory.
    """
    members = {**replace(run, results=()).to_json(), "summary": run.summary()}
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in members.items() if name != "results"]
    results = ",\n".join(f"    {json.dumps(result.to_json())}" for result in run.results)
    return "".join(("{\n", ",\n".join(lines), ',\n  "results": [\n', results, "\n  ]\n}\n"))
