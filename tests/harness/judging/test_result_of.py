"""The result of a scenario: its verdict, what the machine and the server say against it, and the evidence."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, NoAnswer, Untestable
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.machine.clock_watch import Disturbance
from oauth_gauntlet.judging.result_of import STOPS, NotRun, ResultMaker
from oauth_gauntlet.judging.scenario_arguments import CLIENT, DURATION_S, PORTS, STARTED, TENANT
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import SANITY, Damage, Ending, Level, RenewalKind, Requirement, RequirementSet, Verdict
from oauth_gauntlet.model.basis import practice, quote
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.requirement import Case, Scenario
from oauth_gauntlet_server import connection_fault, faults

BREACH = Breach(expected="a token", seen="none")
EVERYTHING = RequirementSet(name="all", version="1", title="")
BROKEN = AdapterError("the adapter does not start")
PLATFORM = "node 20.19.2"
JUMP = Disturbance(at=5.0, jumped_s=9.0)
PAUSE = Disturbance(at=5.0, paused_s=4.0)


@pytest.fixture
def client(tenant):
    adapter = InProcessAdapter(make_client)
    yield LabClient(adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=GrantType.PASSWORD)
    adapter.close()


def required(identifier="a.b", level=Level.MUST, **more):
    return Requirement(
        id=identifier,
        level=level,
        basis=(practice("some server"),),
        statement="It is so.",
        grants=(GrantType.PASSWORD,),
        **more,
    )


def an_item(requirement=None, *, first=True, renewal=None, **stashed):
    """Return the item of a scenario that has ended; `stashed` is what it had: ``tenant``, ``client``, ``ports``, ..."""
    requirement = requirement or required()
    keys = {"tenant": TENANT, "client": CLIENT, "ports": PORTS, "started": STARTED, "duration_s": DURATION_S}
    item = SimpleNamespace(
        scenario=Scenario(requirement=requirement, function=an_item, first=first),
        case=Case(grant=GrantType.PASSWORD, renewal=renewal),
        scenario_id=f"{requirement.id}[password]",
        stash=pytest.Stash(),
    )
    for name, value in stashed.items():
        item.stash[keys[name]] = value
    return item


def ended(exception=None):
    """Return how pytest describes a call that raised `exception`, or nothing."""

    def call():
        if exception is not None:
            raise exception

    return pytest.CallInfo.from_call(call, "call")


class Machine:
    """The bench, the clock watch and the first tokens; `asked` are the questions that cost time, or that have a moment."""

    def __init__(self, *, trouble=None, disturbances=(), works=True):
        self.trouble, self.disturbances, self.gets_tokens = trouble, disturbances, works
        self.asked = []

    def hello(self):
        return SimpleNamespace(client=SimpleNamespace(platform=PLATFORM))

    def server_trouble(self, *, since):
        self.asked.append(("server trouble", since))
        return self.trouble

    def since(self, moment):
        self.asked.append(("disturbances", moment))
        return self.disturbances

    def works(self, grant):
        self.asked.append(("works", grant))
        return self.gets_tokens

    def command(self, item, requirement):
        return f"judge {item.scenario_id}, level {requirement.level}"


def result_of(item, exception=None, *, machine=None, requirements=EVERYTHING):
    machine = machine or Machine()
    maker = ResultMaker(bench=machine, watch=machine, requirements=requirements, again=machine, first_tokens=machine)
    return maker.of(item, ended(exception))


def test_a_scenario_that_ran_to_its_end_passes():
    result = result_of(an_item(required(covered_by=("c.d",), refused_as=("no",))))
    assert (result.verdict, result.message, result.findings, result.follows_from) == (Verdict.PASS, "", (), "")
    assert (result.id, result.scenario, result.grant) == ("a.b", "a.b[password]", "password")
    assert (result.statement, result.basis) == ("It is so.", (practice("some server"),))
    assert (result.covered_by, result.refused_as, result.profile) == (("c.d",), ("no",), None)
    assert result.reproduce == "judge a.b[password], level must"
    assert (result.answer, result.exchanges, result.notes, result.ending) == (None, (), (), None)


def test_the_set_decides_the_level_and_its_sentence():
    sentence = quote("RFC 9700 2", "Clients MUST do so.")
    raising = RequirementSet(name="s", version="1", title="", raised={"a.b": (Level.MUST, sentence)})
    result = result_of(an_item(required(level=Level.INTEROP)), BREACH, requirements=raising)
    assert (result.verdict, result.level, result.basis[0]) == (Verdict.VIOLATION, Level.MUST, sentence)
    assert result.reproduce.endswith("level must")


class Unstarted(Machine):
    """A bench whose adapter does not start, as that of another worker of pytest-xdist."""

    def hello(self):
        raise BROKEN


def test_an_adapter_that_does_not_start_is_a_result_also_where_the_platform_is_named():
    result = result_of(an_item(required(platform=True)), BROKEN, machine=Unstarted())
    assert (result.verdict, result.message, result.platform) == (Verdict.ERROR, "the adapter does not start", "")


def test_a_scenario_that_is_not_run_follows_from_the_first_token():
    result = result_of(an_item(), NotRun("not run: no token"))
    assert (result.verdict, result.message, result.follows_from) == (Verdict.CONSEQUENCE, "not run: no token", SANITY)


def test_a_scenario_that_is_skipped_is_not_applicable(tenant):
    machine = Machine(disturbances=(JUMP,))
    result = result_of(an_item(tenant=tenant), pytest.skip.Exception("needs cache"), machine=machine)
    assert (result.verdict, result.message, result.follows_from) == (Verdict.NOT_APPLICABLE, "needs cache", "")


def test_a_fault_that_never_fired_proves_nothing(tenant, client):
    client.get_token()
    tenant.arm(faults.oauth_error("invalid_grant"))
    result = result_of(an_item(tenant=tenant, client=client), BREACH)
    assert result.verdict is Verdict.UNTESTABLE
    assert result.message.startswith("the fault oauth_error was armed and never delivered")


def test_a_fault_of_a_port_that_no_connection_met_proves_nothing(server, tenant, client):
    client.get_token()
    ports = Ports(server)
    ports.open(connection_fault("silent_accept", seconds=1.0))
    item = an_item(tenant=tenant, client=client, ports=ports)
    result = result_of(item)
    assert result.verdict is Verdict.UNTESTABLE
    assert "silent_accept" in result.message
    tenant.arm(faults.oauth_error("invalid_grant"))
    assert "the fault oauth_error, silent_accept was armed" in result_of(item).message
    ports.close()


def test_a_connection_to_a_port_counts_as_sent(server, tenant):
    ports = Ports(server)
    ports.open(connection_fault("refuse"))
    result = result_of(an_item(tenant=tenant, ports=ports))
    ports.close()
    assert result.verdict is Verdict.PASS


def test_an_error_of_the_server_itself_is_none_of_the_client(tenant, client, monkeypatch):
    client.get_token()
    monkeypatch.setattr("oauth_gauntlet.judging.result_of.server_failed", lambda journal: journal is tenant.journal)
    assert result_of(an_item(tenant=tenant, client=client), BREACH).verdict is Verdict.ERROR
    assert result_of(an_item(), BREACH).verdict is Verdict.VIOLATION


def test_a_client_that_sent_nothing_has_not_passed(tenant):
    machine = Machine()
    assert result_of(an_item(tenant=tenant), machine=machine).verdict is Verdict.UNTESTABLE
    assert ("works", GrantType.PASSWORD) not in machine.asked


@pytest.mark.parametrize(
    ("identifier", "works", "verdict"),
    [
        ("a.b", True, Verdict.VIOLATION),
        ("a.b", False, Verdict.UNTESTABLE),
        ("sanity.first", False, Verdict.VIOLATION),
        ("sanity.last", False, Verdict.VIOLATION),
    ],
)
def test_a_finding_without_a_request_counts_if_the_client_gets_tokens_or_just_that_is_asked(tenant, identifier, works, verdict):
    machine = Machine(works=works)
    assert result_of(an_item(required(identifier), tenant=tenant), BREACH, machine=machine).verdict is verdict
    assert (("works", GrantType.PASSWORD) in machine.asked) == (identifier == "a.b")


def test_a_request_of_an_accepted_control_counts_as_sent(tenant):
    assert result_of(an_item(tenant=tenant, client=Renewing("t"))).verdict is Verdict.PASS


def test_the_client_is_not_started_again_for_a_finding_with_a_request(tenant, client):
    client.get_token()
    machine = Machine(works=False)
    assert result_of(an_item(tenant=tenant, client=client), BREACH, machine=machine).verdict is Verdict.VIOLATION
    assert ("works", GrantType.PASSWORD) not in machine.asked


OF_THE_PLATFORM = required(platform=True)


@pytest.mark.parametrize(
    ("requirement", "exception", "platform"),
    [
        (OF_THE_PLATFORM, BREACH, PLATFORM),
        (OF_THE_PLATFORM, Breach(expected="a", seen="b", grade=Verdict.WARNING), ""),
        (OF_THE_PLATFORM, NoAnswer(Ending.HANG, "it never answers"), ""),
        (required(), BREACH, ""),
    ],
)
def test_a_finding_names_the_platform_whose_http_stack_decides_it(requirement, exception, platform):
    result = result_of(an_item(requirement), exception)
    assert result.platform == platform
    assert (PLATFORM in result.findings[0].seen) == (PLATFORM in result.message) == bool(platform)


def test_the_ending_of_the_client_is_kept():
    assert result_of(an_item(), NoAnswer(Ending.CRASH, "its process ended")).ending is Ending.CRASH


class Renewing:
    """A client with a renewal; `old_token` is the token that it had before."""

    control_accepted, last_answer, trace, config = True, None, "", None

    def __init__(self, old_token):
        self.renewal = SimpleNamespace(old_token=old_token)


@pytest.mark.parametrize(
    ("old_token", "first", "kind", "named"),
    [
        ("t", True, RenewalKind.EXPIRY, True),
        (None, True, RenewalKind.EXPIRY, False),
        ("t", False, RenewalKind.EXPIRY, False),
        ("t", True, None, False),
    ],
)
def test_a_finding_in_a_renewal_says_so_once_there_was_a_token(tenant, old_token, first, kind, named):
    item = an_item(first=first, renewal=kind, tenant=tenant, client=Renewing(old_token))
    result = result_of(item, BREACH)
    assert result.message.startswith("in the renewal after the token had expired: ") == named
    assert result.message.endswith("expected a token; none")


def test_a_client_without_a_renewal_fails_in_no_renewal(tenant, client):
    client.get_token()
    result = result_of(an_item(renewal=RenewalKind.EXPIRY, tenant=tenant, client=client), BREACH)
    assert result.message == "expected a token; none"


@pytest.mark.parametrize(
    ("renewal", "exception", "covered_by"),
    [
        (RenewalKind.AFTER_401, Untestable("no renewal"), ("c.d", "resource.401-renews-once")),
        (RenewalKind.AFTER_401, BREACH, ("c.d",)),
        (None, Untestable("no request"), ("c.d",)),
    ],
)
def test_a_renewal_that_is_not_sent_follows_from_the_requirement_of_one(renewal, exception, covered_by):
    assert result_of(an_item(required(covered_by=("c.d",)), renewal=renewal), exception).covered_by == covered_by


@pytest.mark.parametrize(
    ("disturbances", "trouble", "exception", "verdict", "words"),
    [
        ((JUMP,), None, None, Verdict.ERROR, "clock jumped by +9.0 s"),
        ((JUMP,), None, BREACH, Verdict.ERROR, "clock jumped by +9.0 s"),
        ((PAUSE,), None, BREACH, Verdict.ERROR, "stood still for 4.0 s"),
        ((PAUSE,), None, Untestable("late"), Verdict.ERROR, "stood still for 4.0 s"),
        ((PAUSE,), None, None, Verdict.PASS, ""),
        ((PAUSE, JUMP), None, None, Verdict.ERROR, "clock jumped by +9.0 s"),
        ((), "no connection", BREACH, Verdict.ERROR, "no connection"),
        ((), "no connection", Untestable("late"), Verdict.ERROR, "no connection"),
        ((), "no connection", Breach(expected="a", seen="b", grade=Verdict.WARNING), Verdict.ERROR, "no connection"),
        ((), "no connection", None, Verdict.PASS, ""),
        ((), None, BREACH, Verdict.VIOLATION, "expected a token"),
    ],
)
def test_trouble_of_the_machine_makes_an_error_of_what_it_may_have_caused(disturbances, trouble, exception, verdict, words):
    result = result_of(an_item(), exception, machine=Machine(disturbances=disturbances, trouble=trouble))
    assert result.verdict is verdict
    assert words in result.message


def test_only_trouble_since_the_scenario_started_counts_and_a_pass_does_not_ask_the_server():
    passed, failed = Machine(), Machine()
    result_of(an_item(), machine=passed)
    result_of(an_item(started=12.5), machine=passed)
    result_of(an_item(started=12.5), BREACH, machine=failed)
    assert passed.asked == [("disturbances", 0.0), ("disturbances", 12.5)]
    assert failed.asked == [("disturbances", 12.5), ("server trouble", 12.5)]


def test_the_duration_of_a_concurrent_scenario_is_its_own():
    assert result_of(an_item(duration_s=77.0)).duration_s == 77.0
    assert 0 <= result_of(an_item()).duration_s < 77.0


@pytest.mark.parametrize(
    ("of_the_breach", "of_the_requirement", "damage"),
    [
        (Damage.SECRET, Damage.BURDEN, Damage.SECRET),
        (None, Damage.BURDEN, Damage.BURDEN),
        (None, None, Damage.NO_TOKEN),
    ],
)
def test_the_damage_is_that_of_the_finding_or_else_of_the_requirement(of_the_breach, of_the_requirement, damage):
    breach = Breach(expected="a token", seen="none", damage=of_the_breach)
    assert result_of(an_item(required(damage=of_the_requirement)), breach).damage is damage


def test_the_evidence_is_the_last_answer_the_exchanges_and_the_notes(tenant, client):
    token = client.get_token()
    breach = Breach(expected="a token", seen="none")
    breach.add_note("the second of two")
    result = result_of(an_item(required(profile="connector"), tenant=tenant, client=client), breach)
    assert result.profile == "connector"
    assert result.answer["token"]["access_token"] == token.access_token
    assert [exchange["response"]["status"] for exchange in result.exchanges] == [200]
    assert result.notes[0] == "the second of two"
    assert result.notes[-1].startswith("configuration: ")
    assert result.findings == (BREACH.finding(Level.MUST),)


def test_a_number_that_is_none_in_an_answer_can_be_written(tenant):
    client = Renewing("t")
    client.last_answer = {"token": {"expires_in": float("inf")}}
    assert result_of(an_item(tenant=tenant, client=client)).answer == {"token": {"expires_in": "Infinity"}}


def test_pytest_fails_for_what_is_red_or_proves_nothing():
    assert {Verdict.VIOLATION, Verdict.HAZARD, Verdict.DEVIATION, Verdict.UNTESTABLE, Verdict.ERROR} == STOPS
