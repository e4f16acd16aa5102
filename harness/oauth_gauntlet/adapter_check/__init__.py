"""Is the adapter right, before its client is judged: a list of checks over a live adapter.

What an adapter says is compared with what is seen on the wire. A *problem* is what no client, right or wrong, explains: the
protocol is not kept, or the adapter made something up. A *warning* says what was seen where adapter or client may have
caused it: the scenarios of a run judge the client.
"""

from oauth_gauntlet.adapter_check.check import Check, CheckOutcome
from oauth_gauntlet.adapter_check.checks import check_adapter

__all__ = ["Check", "CheckOutcome", "check_adapter"]
