"""The pure parts, and the time limit of the handshake. test_connection_faults.py tests the set-up with each fault."""

import pytest

from oauth_gauntlet_server import ConnectionOutcome
from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait
from oauth_gauntlet_server.listening.connection_faults.base import AwaitOctets, Hold, Reset
from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup, alert_in, outcome_of
from oauth_gauntlet_server.listening.tls_context import server_context
from tests.server.listening.waiting import PATIENCE_S


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        ((), None),
        ((Wait(seconds=1),), None),
        ((AwaitOctets(), Reset()), ConnectionOutcome.RESET),
        ((Close(),), ConnectionOutcome.CLOSED),
        ((Hold(),), ConnectionOutcome.SILENT),
        ((AwaitOctets(), Send(data=b"?"), Close()), ConnectionOutcome.ANSWERED_WITHOUT_HTTP),
    ],
)
def test_a_plan_decides_the_outcome(plan, outcome):
    assert outcome_of(plan) is outcome


@pytest.mark.parametrize(
    ("reason", "alert"),
    [
        ("TLSV1_ALERT_UNKNOWN_CA", "unknown_ca"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "certificate_expired"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate_required"),
        ("WRONG_VERSION_NUMBER", None),
        ("the client closed", None),
    ],
)
def test_the_alert_is_read_from_the_reason_of_openssl(reason, alert):
    assert alert_in(reason) == alert


def test_a_handshake_has_a_time_limit(listening, connect):
    setup = ConnectionSetup(context=server_context(), handshake_s=0.1)
    client = connect(listening(list, setup=setup).port)
    assert client.rest() == b""
    (record,) = setup.log.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert record.outcome is ConnectionOutcome.HANDSHAKE_FAILED
    assert "timed out" in record.detail
