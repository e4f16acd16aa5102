"""Write the command that judges one scenario again, as the user can paste it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oauth_gauntlet.judging.run_options import DEFAULT_SEED, DEFAULT_TIME_LIMIT_S
from oauth_gauntlet.judging.scenario_item import ScenarioItem
from oauth_gauntlet.model import Requirement, RequirementSet


@dataclass(frozen=True, kw_only=True, slots=True)
class AgainCommand:
    """What the command depends on besides the scenario.

    `installed` are the folders of the catalogue and of installed packages of scenarios, `scenarios` are the paths that the user
    named, `profiles` the names of the known profiles, and `time_limit_s` that of the client, in seconds.
    """

    client: str
    requirements: RequirementSet
    seed: int
    effort: str
    time_limit_s: float
    in_process: bool
    installed: Sequence[Path]
    scenarios: Sequence[str]
    profiles: frozenset[str]

    def command(self, item: ScenarioItem, requirement: Requirement) -> str:
        """Return the command for a shell."""
        command = ["oauth-gauntlet", "run", "--client", self.client, "-k", item.scenario_id]
        if not any(item.path.is_relative_to(each) for each in self.installed):
            command += ["--scenarios", self._path_to(item)]
        if requirement.profile is not None and requirement.profile in self.profiles:
            command += ["--profile", requirement.profile]
        if requirement.id in self.requirements.raised:
            command += ["--set", self.requirements.name]
        if self.seed != DEFAULT_SEED:
            command += ["--seed", str(self.seed)]
        if self.effort != "ci":
            command += ["--effort", self.effort]
        if self.in_process:
            command.append("--in-process")
        if self.time_limit_s != DEFAULT_TIME_LIMIT_S:
            command += ["--time-limit", f"{self.time_limit_s:g}"]
        return shlex.join(command)

    def _path_to(self, item: ScenarioItem) -> str:
        """Return the path that leads to a scenario of the user, as the user gave it."""
        given = next((each for each in self.scenarios if item.path.is_relative_to(Path(each).resolve())), None)
        return given or os.path.relpath(item.path, item.config.invocation_params.dir)
