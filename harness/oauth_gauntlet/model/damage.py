"""What a client does to its users where it does not meet a requirement: reports put the worst first."""

from __future__ import annotations

from enum import StrEnum


class Damage(StrEnum):
    """The damage, the worst first."""

    SECRET = "secret"
    """A secret, a token or an assertion is given away."""
    IDENTITY = "identity"
    """One user, client, server or audience gets what belongs to another."""
    CRASH = "crash"
    """The process of the application ends."""
    HANG = "hang"
    """The application waits without end, or far too long."""
    FALSE_TOKEN = "false-token"
    """The application gets as a token what is none: the end of the session comes as a surprise."""
    SHOWN_SECRET = "shown-secret"
    """An object shows a secret in its string form: it is given away if a program prints the object."""
    NO_TOKEN = "no-token"
    """The application gets no token, or no answer of a resource, although it could."""
    BURDEN = "burden"
    """Servers get requests that are not needed: they slow down, or block the client."""
    UNCLEAR_ERROR = "unclear-error"
    """The application gets an error that does not say what is wrong."""

    @property
    def rank(self) -> int:
        """The place in the order, 0 for the worst."""
        return _ORDER[self]

    @property
    def words(self) -> str:
        """What the client does, in words: ``gives away a secret or a token``."""
        return _WORDS[self]


_ORDER = {damage: place for place, damage in enumerate(Damage)}

_WORDS = {
    Damage.SECRET: "gives away a secret or a token",
    Damage.IDENTITY: "mixes up identities",
    Damage.CRASH: "ends the process",
    Damage.HANG: "waits without end, or far too long",
    Damage.FALSE_TOKEN: "hands out what is no valid token",
    Damage.SHOWN_SECRET: "shows a secret to whoever prints its objects",
    Damage.NO_TOKEN: "fails although it could succeed",
    Damage.BURDEN: "sends needless requests",
    Damage.UNCLEAR_ERROR: "gives an unclear error",
}
