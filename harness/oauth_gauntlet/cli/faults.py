"""``faults``: every way in which the mock server can misbehave."""

from __future__ import annotations

import dataclasses

import click

from oauth_gauntlet_server.faults import PRESETS, all_faults


@click.command()
def faults() -> None:
    """List every fault with its parameters, and every preset with its URL."""
    for name, fault in sorted(all_faults().items()):
        parameters = ", ".join(f"{field.name}: {field.type}" for field in dataclasses.fields(fault))
        click.echo(f"{name}({parameters})")
        click.echo(f"    {(fault.__doc__ or '').splitlines()[0]}")
    click.echo("\npresets, each at /<tenant>/faults/<preset>/token:")
    for name, preset in PRESETS.items():
        shown = {key: value for key, value in preset.to_json().items() if value not in (None, [], "")}
        click.echo(f"    {name:<24} {shown}")
