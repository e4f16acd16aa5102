"""Check an adapter before its client is judged: compare what the adapter reports with what arrives at a server.

A *problem* is what no client, correct or not, can cause: the adapter breaks the protocol, or invents something. A
*warning* states what was seen when the adapter or its client may be the cause; the scenarios of a run judge the client.
"""

from oauth_gauntlet.adapter_check.check import Check, CheckOutcome
from oauth_gauntlet.adapter_check.checks import check_adapter

__all__ = ["Check", "CheckOutcome", "check_adapter"]
