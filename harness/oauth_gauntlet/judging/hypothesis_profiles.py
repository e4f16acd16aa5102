"""How much is generated: the hypothesis profiles.

Nothing is kept between runs (no example database, and a home of its own), so that nothing is written into the user's
folder and a run depends on its seed alone. Scenarios reset client and tenant themselves for each example, hence the
suppressed health check.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile

from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture import providers

EXAMPLES = {"quick": 10, "ci": 25, "thorough": 300}
"""Examples of a property, and stories of a state machine."""

STEPS = {"quick": 8, "ci": 12, "thorough": 30}
"""Rules that a story applies at most."""


def load(name: str) -> None:
    """Make the named profile the one in force.

    Raises:
        KeyError: the profile is unknown.
    """
    home = tempfile.mkdtemp(prefix="oauth-gauntlet-hypothesis-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    set_hypothesis_home_dir(home)
    settings.register_profile(
        f"oauth-gauntlet-{name}",
        max_examples=EXAMPLES[name],
        stateful_step_count=STEPS[name],
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    settings.load_profile(f"oauth-gauntlet-{name}")
    _generate_from_the_seed_alone()


def _generate_from_the_seed_alone() -> None:
    """Keep hypothesis from trying constants that it finds in whatever local modules are loaded: of those nothing may depend.

    There is no setting for it; where a later version keeps them elsewhere, it tries them again.
    """
    provider, constants = getattr(providers, "HypothesisProvider", None), getattr(providers, "Constants", None)
    if provider is not None and constants is not None and hasattr(provider, "_local_constants"):
        provider._local_constants = constants()
