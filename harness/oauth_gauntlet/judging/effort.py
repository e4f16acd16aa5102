"""Set the effort of a run: how many examples Hypothesis generates.

Hypothesis keeps nothing between runs: it has no example database, and its home is a temporary folder. So it writes
nothing into the user's folder, and a run depends only on its seed. The health check of function-scoped fixtures is
suppressed because scenarios reset client and tenant for each example themselves.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile

from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture import providers

EXAMPLES = {"quick": 10, "ci": 25, "thorough": 300}
"""Examples per property, and stories per state machine."""

STEPS = {"quick": 8, "ci": 12, "thorough": 30}
"""Maximum number of rules in a story."""


def load(name: str) -> None:
    """Make Hypothesis generate as much as the effort `name` says.

    Raises:
        KeyError: there is no such effort.
    """
    home = tempfile.mkdtemp(prefix="oauth-gauntlet-hypothesis-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    set_hypothesis_home_dir(home)
    settings.register_profile(
        f"oauth-gauntlet-{name}",
        max_examples=EXAMPLES[name],
        stateful_step_count=STEPS[name],
        database=None,
        derandomize=False,  # the default of Hypothesis is another one where it finds a CI system
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    settings.load_profile(f"oauth-gauntlet-{name}")
    _generate_from_the_seed_alone()


def _generate_from_the_seed_alone() -> None:
    """Stop Hypothesis from trying constants that it finds in loaded local modules: the examples would depend on them.

    Hypothesis has no setting for this. If a later version stores the constants in another place, it tries them again.
    """
    provider, constants = getattr(providers, "HypothesisProvider", None), getattr(providers, "Constants", None)
    if provider is not None and constants is not None and hasattr(provider, "_local_constants"):
        provider._local_constants = constants()
