"""The trouble record of the results stream: why scenarios were not judged. Pure.

The judging process writes it when it fails, also before the header. `oauth-gauntlet run` then ends with this message
and the exit code of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.errors import AdapterError, GauntletError, HarnessError, UsageError
from oauth_gauntlet.reading import JSON, JSONObject, as_choice, as_text, member


class TroubleKind(StrEnum):
    """What failed."""

    USAGE = "usage"
    """The command line, a file or a setting is wrong."""
    ADAPTER = "adapter"
    """The adapter does not start, or broke the protocol."""
    HARNESS = "harness"
    """The harness itself failed, or the machine did not have what it needs."""
    STOPPED = "stopped"
    """Nothing failed: the run ended after as many failures as the user wanted to see (``--max-failures``)."""


_ERRORS: dict[TroubleKind, type[GauntletError]] = {
    TroubleKind.USAGE: UsageError,
    TroubleKind.ADAPTER: AdapterError,
    TroubleKind.HARNESS: HarnessError,
    TroubleKind.STOPPED: HarnessError,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One trouble record. `message` names the cause and the next step."""

    kind: TroubleKind
    message: str

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation."""
        return {"kind": str(self.kind), "message": self.message}

    def error(self) -> GauntletError:
        """Return the error of this kind with this message."""
        return _ERRORS[self.kind](self.message)


def trouble_from_json(document: JSONObject) -> Trouble:
    """Return a trouble record from its JSON representation.

    Raises:
        Malformed: a member is missing or has the wrong type.
    """
    return Trouble(kind=as_choice(TroubleKind, document.get("kind"), "kind"), message=member(document, "message", as_text))
