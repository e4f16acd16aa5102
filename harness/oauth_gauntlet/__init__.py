"""Drive any OAuth 2.0 client through its adapter, and judge what it does.

What authors of scenarios and adapters import:

* `adapter`, `errors`, `protocol`: the interface of an adapter; `in_process`: helpers for one in this process.
  `schemas` contains the JSON Schemas of its messages.
* `requirement`, `checks`, `lab`, `witness`, `ports`, `log_watch`, `key_material`, `model`: what a scenario is written with.
* `reference`: a correct client; the self-test alters it.

The packages below are the harness itself:

* `adapters`: start and drive clients, as processes or as Python objects. `adapter_check`: check an adapter.
* `judging`: run scenarios and decide verdicts. `pytest_plugin` is its entry point.
* `results`: results, baseline and gate. `files`: read and write files; addresses. `reading`: check the types of JSON values.
* `cli`: the command ``oauth-gauntlet``.
"""

__version__ = "0.1.0"
