"""Drive any OAuth 2.0 client through its adapter, and judge what it does.

The rooms of this package:

* `model`, `verdicts`, `expectations`, `gate`: the pure core; values and functions, no I/O and no clock.
* `protocol`, `adapter`, `process_adapter`, `in_process_adapter`: how a client is driven.
* `requirement`, `judge`, `lab`: what a scenario is written with.
* `pytest_plugin`, `cli`: the edges, which alone see everything.
* `reference`: a client that is right in everything, the harness's own yardstick.
"""

__version__ = "0.1.0"
