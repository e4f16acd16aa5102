"""The page about vendors' profiles, made from the files of the server."""

from __future__ import annotations

import json

from oauth_gauntlet_server.vendors import Profile, profile, profile_names

_START = """# A server like a vendor's

`oauth-gauntlet serve --like zoom` behaves as the vendor's token endpoint does where that differs from the standard: paths,
request styles, the members of answers and errors, lifetimes, rotation. The profile applies to the tenant `default` and to
every tenant that a request creates. The vendor's paths work below a tenant (`/default/oauth/token`), and at the root, where
they lead to `default` (`/oauth/token`): give your client `http://127.0.0.1:8080` in place of the vendor's host.

One tenant is like a vendor with the setting `like`, in Python (`server.tenant(like="zoom")`), in the file of `serve`
(`like = "zoom"`) and in the control API. Your own settings take precedence over those of the profile.

Each fact has the page that it comes from. What is not here is as in the standard, also where the vendor differs in a way that
no setting can say: comments in the profiles, such as [GitHub's](../mock_server/oauth_gauntlet_server/vendors/github.toml), name
such differences. A fault answers as its own documentation says, not in the vendor's style. Values that would identify somebody
are made up. To change more, copy the table `settings` of a profile into a `[[tenant]]` of your file, without `like`.

A segment `*` of a path is any segment. In answers, `$NAME` stands for a value; a member without a value is left out.

| `--like` | vendor |
|---|---|
"""


def page() -> str:
    """Return the page in Markdown."""
    known = {name: profile(name) for name in profile_names()}
    rows = "".join(f"| [`{name}`](#{name}) | {each.name} |\n" for name, each in known.items())
    return _START + rows + "".join(_section(name, each) for name, each in known.items())


def _section(name: str, found: Profile) -> str:
    rows = "".join(_row(setting, found) for setting in sorted(found.settings))
    return f"\n## {name}\n\n{found.name}.\n\n| setting | value | source |\n|---|---|---|\n{rows}"


def _row(setting: str, found: Profile) -> str:
    value = json.dumps(found.settings[setting]).replace("|", "\\|")
    return f"| `{setting}` | `{value}` | <{found.sources[setting]}> |\n"
