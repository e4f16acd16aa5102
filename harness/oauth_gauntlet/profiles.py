"""How much is generated: the hypothesis profiles.

Nothing is kept between runs (no example database), so that a run depends on its seed alone and writes nothing into the
user's folder. Scenarios reset client and tenant themselves for each example, hence the suppressed health check.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = {"quick": 10, "ci": 25, "thorough": 300}


def load(name: str) -> None:
    """Make the named profile the one in force.

    Raises:
        KeyError: the profile is unknown.
    """
    settings.register_profile(
        f"oauth-gauntlet-{name}",
        max_examples=EXAMPLES[name],
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    settings.load_profile(f"oauth-gauntlet-{name}")
