"""A profile: a document that a user may choose to follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A document whose requirements are asked only of a client that claims to follow it.

    `document` is its name in the basis of a requirement.
    """

    name: str
    title: str
    document: str
