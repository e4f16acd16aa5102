"""Requirements, verdicts, findings, results and runs: frozen values. Pure: no I/O, no clock."""

from oauth_gauntlet.model.basis import Basis as Basis
from oauth_gauntlet.model.basis import BasisKind as BasisKind
from oauth_gauntlet.model.basis import Binds as Binds
from oauth_gauntlet.model.consequences import with_consequences as with_consequences
from oauth_gauntlet.model.profiles import Profile as Profile
from oauth_gauntlet.model.requirements import Level as Level
from oauth_gauntlet.model.requirements import Requirement as Requirement
from oauth_gauntlet.model.requirements import RequirementSet as RequirementSet
from oauth_gauntlet.model.results import RESULTS_SCHEMA as RESULTS_SCHEMA
from oauth_gauntlet.model.results import Finding as Finding
from oauth_gauntlet.model.results import Mark as Mark
from oauth_gauntlet.model.results import Result as Result
from oauth_gauntlet.model.results import Run as Run
from oauth_gauntlet.model.results import count_verdicts as count_verdicts
from oauth_gauntlet.model.standing import Standing as Standing
from oauth_gauntlet.model.standing import Tally as Tally
from oauth_gauntlet.model.standing import by_requirement as by_requirement
from oauth_gauntlet.model.standing import number as number
from oauth_gauntlet.model.standing import profile_of as profile_of
from oauth_gauntlet.model.standing import profile_words as profile_words
from oauth_gauntlet.model.standing import standing as standing
from oauth_gauntlet.model.standing import tally as tally
from oauth_gauntlet.model.verdict import SEVERITY as SEVERITY
from oauth_gauntlet.model.verdict import Verdict as Verdict
