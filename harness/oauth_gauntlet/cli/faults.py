"""``faults``: every way in which the mock server can misbehave."""

from __future__ import annotations

import dataclasses
import difflib
import json

import click

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet_server.control.fault_description import FaultDescription, describe, preset_command, preset_path

_BASE_URL = "http://127.0.0.1:8080"


@click.command()
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--base-url", default=_BASE_URL, show_default=True, help="Where your server listens, for the curl lines.")
def faults(name: str | None, form: str, base_url: str) -> None:
    """List every fault with its parameters, its presets with their URLs, and a curl line for each.

    NAME is a fault or a preset.
    """
    known = describe()
    if name is not None:
        known = tuple(fault for fault in known if name == fault.name or name in fault.presets)
        if not known:
            raise UsageError(f"there is no fault or preset {name!r}{_nearest(name)}")
    if form == "json":
        click.echo(json.dumps([_document(fault) for fault in known], indent=2))
    elif form == "markdown":
        click.echo(markdown(known, base_url), nl=False)
    else:
        click.echo("\n\n".join(_text(fault, base_url, whole=name is not None) for fault in known))


def markdown(known: tuple[FaultDescription, ...], base_url: str = _BASE_URL) -> str:
    """Return the page of the documentation that lists the faults."""
    lines = [
        "# Faults",
        "",
        "Made by `oauth-gauntlet faults --format markdown`; a test holds it against the code.",
        "",
        "A fault is armed on a tenant, from Python (`tenant.arm(faults.fault(NAME, ...))`), over HTTP or from a file by its",
        'JSON form (`{"fault": NAME, ..., "when": {...}}`), or met at a preset\'s URL without arming anything.',
        "",
        "`when` says for which requests: `endpoint`, `grant`, `client_id`; then `nth`, the first `times`, `every` so many-th,",
        "or a `probability` with a `seed`. Faults that are armed together compose; `all_of` is one fault of several.",
        "",
    ]
    family = ""
    for fault in known:
        if fault.family != family:
            family = fault.family
            lines += [f"## {family[0].upper()}{family[1:]}", ""]
        lines += [f"### `{fault.name}`", "", fault.text, ""]
        if fault.parameters:
            lines += ["| parameter | type | default |", "| --- | --- | --- |"]
            lines += [
                f"| `{each.name}` | {_cell(each.shape)} | {'' if each.default is None else f'`{_cell(each.default)}`'} |"
                for each in fault.parameters
            ]
            lines.append("")
        if fault.needs_port:
            lines += [f"At a port of its own: `{_port_line(fault)}`", ""]
        if fault.presets:
            lines += [f"Presets: {', '.join(f'`{preset_path(preset)}`' for preset in fault.presets)}", ""]
            lines += ["```", preset_command(fault.presets[0], base_url=base_url), "```", ""]
    return "\n".join(lines)


def _port_line(fault: FaultDescription) -> str:
    return f'server.open_port(connection_faults.connection_fault("{fault.name}"))'


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _document(fault: FaultDescription) -> dict[str, object]:
    document = dataclasses.asdict(fault)
    return document | {"presets": {preset: preset_path(preset) for preset in fault.presets}}


def _text(fault: FaultDescription, base_url: str, *, whole: bool) -> str:
    parameters = ", ".join(each.name if each.default is None else f"{each.name}={each.default}" for each in fault.parameters)
    lines = [f"{fault.name}({parameters})"]
    lines += [f"    {line}".rstrip() for line in (fault.text.splitlines() if whole else [fault.summary])]
    if whole:
        lines += [f"    {each.name}: {each.shape}" for each in fault.parameters]
    if fault.needs_port:
        lines.append(f"    {_port_line(fault)}")
    lines += [f"    {preset:<24} {preset_command(preset, base_url=base_url)}" for preset in fault.presets]
    return "\n".join(lines)


def _nearest(name: str) -> str:
    names = sorted({each for fault in describe() for each in (fault.name, *fault.presets)})
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else "; `oauth-gauntlet faults` lists them all"
