"""Read a baseline: known verdicts and their reasons, in the user's ``oauth-gauntlet.expect.toml``.

    [[expect]]
    scenario = "parse.expires-in-odd"       # a pattern, or a list of patterns
    verdict = "warning"                      # or "flaky": the verdict changes from run to run
    reason = "our provider never sends these"
    issue = "https://example.org/issues/12"  # optional, as are message and until
    message = "unexpected"                   # the verdict's message must contain it
    until = 2027-03-31                       # after this day the entry has expired

`oauth_gauntlet.results.patterns` describes patterns. An entry with a list of patterns is the same as one entry for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import Unreadable, read_text
from oauth_gauntlet.files.toml_entries import entries_of, require_known_keys, required_texts
from oauth_gauntlet.model import BASELINE_FILE, Result, Verdict
from oauth_gauntlet.reading import JSON, Malformed, as_text, shown, unexpected
from oauth_gauntlet.results.patterns import Pattern, PatternIndex, pattern_of
from oauth_gauntlet_server.config.toml_lines import line_of, lines_of

FLAKY = "flaky"
"""The word for a verdict that changes from run to run."""

PLACEHOLDER = "TODO: say why"
"""The reason of an entry that a program wrote."""

OLD_WORDS = {"fail": Verdict.VIOLATION, "warn": Verdict.WARNING}
"""The words of an earlier version, with the most frequent of today's verdicts for each."""

_REQUIRED = ("scenario", "verdict", "reason")
_KEYS = (*_REQUIRED, "issue", "message", "until")


class ExpectationError(UsageError):
    """The baseline file is wrong. The text names the file, the line and the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """One pattern of a baseline with its verdict and reason. `verdict` is None for ``flaky``: each verdict agrees.

    `number` is the place of its entry in the file, from 1; `pattern` is what `scenario` means.

    Raises:
        Malformed: `scenario` is not a pattern.
    """

    scenario: str
    verdict: Verdict | None
    reason: str
    issue: str | None = None
    message: str | None = None
    until: date | None = None
    number: int = field(default=0, compare=False)
    pattern: Pattern = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", pattern_of(self.scenario))

    def __hash__(self) -> int:
        return hash(self.scenario)  # the comparison with a run looks each entry up many times

    def covers(self, scenario: str) -> bool:
        """Return whether the pattern matches a scenario's name."""
        return self.pattern.covers(scenario)

    def agrees(self, result: Result) -> bool:
        """Return whether a result has the expected verdict and message. A flaky scenario may also pass."""
        if self.verdict is None and result.verdict is Verdict.PASS:
            return True
        return self.verdict in {None, result.verdict} and (self.message is None or self.message in result.message)

    def expired(self, today: date) -> bool:
        """Return whether the last day of the entry has passed."""
        return self.until is not None and self.until < today

    @property
    def word(self) -> str:
        """The verdict as the file has it."""
        return FLAKY if self.verdict is None else str(self.verdict)

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation (member ``expected`` of a result)."""
        return {
            "scenario": self.scenario,
            "verdict": self.word,
            "reason": self.reason,
            "issue": self.issue,
            "message": self.message,
            "until": None if self.until is None else self.until.isoformat(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectations:
    """All patterns of a baseline. `name` is what messages call the file; `text` is its content."""

    entries: tuple[Expectation, ...] = ()
    name: str = field(default=BASELINE_FILE, compare=False)
    text: str = field(default="", compare=False, repr=False)
    _index: PatternIndex = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", PatternIndex(entry.pattern for entry in self.entries))

    def match(self, scenario: str) -> Expectation | None:
        """Return the most specific entry that matches a scenario's name, or None."""
        found = self._index.find(scenario)
        return None if found is None else self.entries[found]

    def place(self, entry: Expectation) -> str:
        """Return where an entry stands: ``oauth-gauntlet.expect.toml, line 12``."""
        return _place(self.name, self.text, entry.number)


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
    found: dict[Pattern, Expectation] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            expectations = _expectations(entry, number, old_words=old_words)
            for each in expectations:
                earlier = found.setdefault(each.pattern, each)
                if earlier is not each:
                    raise Malformed(
                        f"a second entry for {shown(each.scenario)}; the first is in {_place(name, text, earlier.number)}"
                    )
        except Malformed as error:
            place = _place(name, text, number)
            raise ExpectationError(f"{place} (scenario {shown(entry.get('scenario'))}): {error}") from error
    return Expectations(entries=tuple(found.values()), name=name, text=text)


def _expectations(entry: Mapping[str, JSON], number: int, *, old_words: bool) -> Sequence[Expectation]:
    require_known_keys(entry, _KEYS)
    patterns = entry.get("scenario")
    if isinstance(patterns, list):
        if not patterns or not all(isinstance(each, str) for each in patterns):
            raise unexpected("scenario", "a pattern, or a list of patterns", patterns)
        entry = {**entry, "scenario": "a list"}
    texts = required_texts(entry, _REQUIRED)
    verdict = _verdict(texts["verdict"], old_words=old_words)
    if verdict is None and texts["reason"] == PLACEHOLDER:
        raise Malformed("reason: a flaky verdict needs one; write why the verdict changes from run to run")
    return [
        Expectation(
            scenario=each,
            verdict=verdict,
            reason=texts["reason"],
            issue=as_text(entry["issue"], "issue") if "issue" in entry else None,
            message=as_text(entry["message"], "message") if "message" in entry else None,
            until=_date(entry.get("until")),
            number=number,
        )
        for each in (patterns if isinstance(patterns, list) else [texts["scenario"]])
    ]


def _verdict(word: str, *, old_words: bool) -> Verdict | None:
    if word == FLAKY:
        return None
    if word in OLD_WORDS and not old_words:
        raise Malformed(
            f"the verdict {word!r} is a word of an earlier version: fail is now violation, hazard or "
            "deviation, and warn is warning; `oauth-gauntlet gate FILE.jsonl --update` rewrites the baseline with the "
            "verdicts of that run"
        )
    word = OLD_WORDS.get(word, word)
    if word not in list(Verdict):
        raise unexpected("verdict", f"one of {', '.join((*Verdict, FLAKY))}", word)
    return Verdict(word)


def _date(value: JSON) -> date | None:
    if value is None:
        return None
    try:
        # A TOML date prints as the same text; a TOML date with a time does not, and is rejected.
        return date.fromisoformat(str(value))
    except ValueError:
        raise Malformed(f"until must be a date such as 2027-03-31, got {shown(value)}") from None


def _place(name: str, text: str, number: int) -> str:
    """Return the file and the line of the entry with this number. Only a message needs it: finding lines is slow."""
    return f"{name}, line {line_of(_lines(text), ('expect', number - 1))}"


@lru_cache(maxsize=2)
def _lines(text: str) -> Mapping[tuple[str | int, ...], int]:
    return lines_of(text)
