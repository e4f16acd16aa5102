"""Profiles of vendors: how the token endpoint of each differs from the standard, and where its documentation says so.

Each TOML file in this folder is one profile. Its table ``settings`` has the keys of a tenant in the file of ``serve``, so a
user can copy it. Its table ``sources`` has the same keys: the page that says so. To add a profile, add a file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from oauth_gauntlet_server.http.json_schema import did_you_mean

_SUFFIX = ".toml"


class ProfileError(ValueError):
    """There is no profile of a name, or its file is wrong; the message names the file or the nearest name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A vendor's profile: its name, the settings as in the file of ``serve``, and the page that each comes from."""

    name: str
    settings: Mapping[str, Any]
    sources: Mapping[str, str]


@cache
def profile_names() -> tuple[str, ...]:
    """Return the names of all profiles, sorted."""
    names = (each.name for each in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def profile(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        ProfileError: there is none, or its file is wrong.
    """
    if name not in profile_names():
        raise ProfileError(f"there is no profile {name!r}{did_you_mean(name, profile_names())}")
    return profile_from(f"{name}{_SUFFIX}", (files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))


def profile_from(file: str, text: str) -> Profile:
    """Return the profile in the text of a file; `file` is its name, for errors.

    Raises:
        ProfileError: the text is not TOML, a part is missing or unknown, or a setting has no source.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: {error}") from error
    wrong = sorted(document.keys() ^ {"name", "settings", "sources"})
    if wrong:
        raise ProfileError(f"{file}: {wrong[0]} is missing or unknown; expected name, settings and sources")
    found = Profile(name=document["name"], settings=document["settings"], sources=document["sources"])
    unexplained = sorted(found.settings.keys() ^ found.sources.keys())
    if unexplained:
        raise ProfileError(f"{file}: {unexplained[0]} must be in settings, and with the address of a page in sources")
    return found
