"""Names the published clients that pass a requirement, from a packaged file of verdicts.

The file is `peers.json`: ``{"date": "2026-01-31", "version": ..., "clients": [{"name", "version", "language"}], "passed":
{requirement id: [indices of clients]}, "failed": {...}}``. Without the file, reports do not mention published clients.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oauth_gauntlet.model import Run, Verdict, by_requirement
from oauth_gauntlet.reading import JSON, JSONObject, Malformed, as_count, as_object, as_text, as_text_or_null, each, unexpected

FILE = "peers.json"
"""The name of the file in this package."""

FOLDER = resources.files("oauth_gauntlet_reports.advice")
"""The folder of the file."""

MOST_NAMED = 3
"""Maximum number of clients that a sentence names."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Peers:
    """Verdicts on published clients.

    `passed` and `failed` are client names by requirement; `date` is a full-date of RFC 3339.
    """

    date: str
    version: str
    clients: tuple[str, ...]
    passed: dict[str, tuple[str, ...]]
    failed: dict[str, tuple[str, ...]]

    def sentence(self, requirement_id: str) -> str | None:
        """Return a sentence on which clients pass a requirement; None if no client was judged by it."""
        passed = self.passed.get(requirement_id, ())
        judged = len(passed) + len(self.failed.get(requirement_id, ()))
        if not judged:
            return None
        named = ", ".join(passed[:MOST_NAMED])
        more = " and others" if len(passed) > MOST_NAMED else ""
        verb = "passes" if len(passed) == 1 or not passed else "pass"
        who = f": {named}{more}" if named else ""
        clients = f"{judged} published client{'s' if judged > 1 else ''} that {'were' if judged > 1 else 'was'} judged"
        return f"{len(passed) or 'None'} of {clients} on {self.date} {verb} this{who}."


def peers_of(runs: Iterable[Run]) -> JSONObject:
    """Return the content of the file from complete runs of one version, one for each client.

    Its date is that of the last run.

    A client passes a requirement if at least one scenario of it applied and all that applied pass; it fails the requirement
    if a verdict is against it, a warning included. A client with a verdict error or untestable, and none against it, is in
    neither list.

    Raises:
        ValueError: there is no run; a run is incomplete or of a selection; two runs are of one client or of different versions.
    """
    listed = sorted(runs, key=lambda run: (_name(run).casefold(), _version(run)))
    if not listed:
        raise ValueError("there are no runs: give a results file for each client")
    for run in listed:
        if not run.complete:
            raise ValueError(f"the run of {_name(run)} is incomplete: judge the client again")
        if run.options.get("selection"):
            raise ValueError(f"the run of {_name(run)} is of a selection: judge the client with all scenarios")
    versions = sorted({run.tool_version for run in listed})
    if len(versions) > 1:
        raise ValueError(
            f"the runs are from several versions of the tool ({', '.join(versions)}): judge all clients with one version"
        )
    names = [f"{_name(run)} {_version(run)}".strip() for run in listed]
    for name, following in itertools.pairwise(names):
        if name == following:
            raise ValueError(f"there are two runs of {name}: give one results file for each client")
    passed: dict[str, list[JSON]] = {}
    failed: dict[str, list[JSON]] = {}
    for index, run in enumerate(listed):
        for requirement_id, results in by_requirement(run.results).items():
            verdicts = {result.verdict for result in results} - {Verdict.NOT_APPLICABLE}
            if any(verdict.against for verdict in verdicts):
                failed.setdefault(requirement_id, []).append(index)
            elif verdicts == {Verdict.PASS}:
                passed.setdefault(requirement_id, []).append(index)
    return {
        "date": max(run.started_at for run in listed)[:10],
        "version": versions[0],
        "clients": [
            {"name": _name(run), "version": _version(run), "language": str(run.client.get("language") or "")} for run in listed
        ],
        "passed": {name: passed[name] for name in sorted(passed)},
        "failed": {name: failed[name] for name in sorted(failed)},
    }


@cache
def packaged_peers() -> Peers | None:
    """Return the verdicts in the packaged file, or None without such a file."""
    file = FOLDER / FILE
    return peers_from_json(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def peers_sentence(requirement_id: str) -> str | None:
    """Return the sentence on a requirement from the packaged file, or None."""
    found = packaged_peers()
    return found.sentence(requirement_id) if found is not None else None


def peers_from_json(document: JSON) -> Peers:
    """Return the verdicts in a document.

    Raises:
        ValueError: the document does not have the format of the file; the text names the key.
    """
    try:
        return _peers(as_object(document, "the document"))
    except Malformed as error:
        raise ValueError(f"{FILE}: {error}") from error


def _peers(document: JSONObject) -> Peers:
    names = each(document.get("clients"), "clients", _client)

    def named(index: JSON, path: str) -> str:
        if as_count(index, path) >= len(names):
            raise unexpected(path, f"an index of the {len(names)} clients", index)
        return names[index]

    def by_requirement(key: str) -> dict[str, tuple[str, ...]]:
        listed = as_object(document.get(key), key)
        return {name: each(indices, f"{key}.{name}", named) for name, indices in listed.items()}

    return Peers(
        date=_day(document.get("date"), "date"),
        version=as_text_or_null(document.get("version"), "version") or "",
        clients=names,
        passed=by_requirement("passed"),
        failed=by_requirement("failed"),
    )


def _client(value: JSON, path: str) -> str:
    return as_text(as_object(value, path).get("name"), f"{path}.name")


def _day(value: JSON, path: str) -> str:
    if not _DAY.fullmatch(as_text(value, path)):
        raise unexpected(path, "a day as in 2026-01-31", value)
    return str(value)


def _name(run: Run) -> str:
    return str(run.client.get("name") or "client")


def _version(run: Run) -> str:
    return str(run.client.get("version") or "")
