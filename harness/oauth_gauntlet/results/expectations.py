"""Read a baseline: known verdicts and their reasons, in the user's ``oauth-gauntlet.expect.toml``.

    [[expect]]
    scenario = "parse.expires-in-odd.*[client_credentials]"
    verdict = "warning"
    reason = "our provider never sends these"
    issue = "https://example.org/issues/12"   # optional, as are message and until
    message = "unexpected"                     # the verdict's message must contain it
    until = 2027-03-31                         # after this day the entry has expired

`scenario` consists of dot-separated words and the grant in brackets. Each word, or the grant, may be ``*``, which
matches any. A last ``*`` matches all words that follow. Without brackets the entry matches every grant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import Unreadable, read_text
from oauth_gauntlet.files.toml_entries import entries_of, require_known_keys, required_texts
from oauth_gauntlet.model import Result, Verdict
from oauth_gauntlet.reading import JSON, Malformed, as_choice, as_text, shown

DEFAULT_FILE = "oauth-gauntlet.expect.toml"

OLD_WORDS = {"fail": Verdict.VIOLATION, "warn": Verdict.WARNING}
"""The words of an earlier version, with the most frequent of today's verdicts for each."""

_REQUIRED = ("scenario", "verdict", "reason")
_KEYS = (*_REQUIRED, "issue", "message", "until")


class ExpectationError(UsageError):
    """The baseline file is wrong. The text names the entry and the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """One entry of a baseline: the expected verdict of some scenarios, with the reason."""

    scenario: str
    verdict: Verdict
    reason: str
    issue: str | None = None
    message: str | None = None
    until: date | None = None

    def covers(self, scenario: str) -> bool:
        """Return whether the entry matches a scenario id."""
        words, grant = _parts(self.scenario)
        named_words, named_grant = _parts(scenario)
        if grant not in {"*", named_grant}:
            return False
        if words[-1] == "*":
            named_words = named_words[: len(words)]
        return len(words) == len(named_words) and all(
            word in {"*", named} for word, named in zip(words, named_words, strict=True)
        )

    def agrees(self, result: Result) -> bool:
        """Return whether a result has the expected verdict and message."""
        return result.verdict is self.verdict and (self.message is None or self.message in result.message)

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation (member ``expected`` of a result)."""
        return {
            "scenario": self.scenario,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "issue": self.issue,
            "message": self.message,
            "until": None if self.until is None else self.until.isoformat(),
        }

    @property
    def precision(self) -> tuple[int, int]:
        """How specific the entry is. If several entries match a scenario, the most specific one applies."""
        words, grant = _parts(self.scenario)
        return sum(word != "*" for word in words), int(grant != "*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectations:
    """All entries of a baseline."""

    entries: tuple[Expectation, ...] = ()

    def match(self, scenario: str) -> Expectation | None:
        """Return the most specific entry that matches a scenario id, or None."""
        covering = [entry for entry in self.entries if entry.covers(scenario)]
        return max(covering, key=lambda entry: entry.precision, default=None)


def load_expectations(path: Path) -> Expectations:
    """Read a baseline file.

    Raises:
        ExpectationError: the file cannot be read, or it is wrong.
    """
    try:
        text = read_text(path)
    except Unreadable as error:
        raise ExpectationError(f"{path}: the baseline cannot be read: {error}") from error
    return parse_expectations(text, str(path))


def parse_expectations(text: str, name: str, *, old_words: bool = False) -> Expectations:
    """Return the entries of a baseline. Error messages call the baseline `name`.

    With `old_words`, the verdicts of an earlier version are read as in `OLD_WORDS`; otherwise they are an error.

    Raises:
        ExpectationError: the text is not TOML, or an entry is wrong.
    """
    try:
        entries = entries_of(text, "expect")
    except Malformed as error:
        raise ExpectationError(f"{name}: {error}") from error
    parsed: list[Expectation] = []
    for number, entry in enumerate(entries, start=1):
        try:
            expectation = _expectation(entry, old_words=old_words)
        except Malformed as error:
            raise ExpectationError(f"{name}, entry {number} (scenario {shown(entry.get('scenario'))}): {error}") from error
        if any(earlier.scenario == expectation.scenario for earlier in parsed):
            raise ExpectationError(f"{name}, entry {number}: a second entry for {shown(expectation.scenario)}")
        parsed.append(expectation)
    return Expectations(entries=tuple(parsed))


def _expectation(entry: Mapping[str, JSON], *, old_words: bool) -> Expectation:
    require_known_keys(entry, _KEYS)
    texts = required_texts(entry, _REQUIRED)
    if texts["verdict"] in OLD_WORDS:
        if not old_words:
            raise Malformed(
                f"the verdict {texts['verdict']!r} is a word of an earlier version: fail is now violation, hazard or "
                "deviation, and warn is warning; `oauth-gauntlet gate FILE.jsonl --update` rewrites the baseline with the "
                "verdicts of that run"
            )
        texts["verdict"] = str(OLD_WORDS[texts["verdict"]])
    return Expectation(
        scenario=_pattern(texts["scenario"]),
        verdict=as_choice(Verdict, texts["verdict"], "verdict"),
        reason=texts["reason"],
        issue=as_text(entry["issue"], "issue") if "issue" in entry else None,
        message=as_text(entry["message"], "message") if "message" in entry else None,
        until=_date(entry.get("until")),
    )


def _pattern(text: str) -> str:
    words, grant = _parts(text)
    for part in (*words, grant):
        if not part or ("*" in part and part != "*"):
            raise Malformed(
                "scenario: * stands for a whole word or for the grant, not for a part of one; "
                "example: parse.expires-in-odd.*[client_credentials]"
            )
    return text


def _date(value: JSON) -> date | None:
    if value is None:
        return None
    try:
        # A TOML date prints as the same text; a TOML date with a time does not, and is rejected.
        return date.fromisoformat(str(value))
    except ValueError:
        raise Malformed(f"until must be a date such as 2027-03-31, got {shown(value)}") from None


def _parts(scenario: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a scenario id or pattern, and its grant (``*`` without brackets)."""
    words, bracket, grant = scenario.partition("[")
    return tuple(words.split(".")), grant.removesuffix("]") if bracket else "*"
