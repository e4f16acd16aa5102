"""JSON Schemas (draft 2020-12) of the adapter protocol and of the results stream.

The files next to this module are generated from the code's own tables by `make generate`; the tests compare each
message of the test suite with them. They are part of the wheel:
``importlib.resources.files("oauth_gauntlet.schemas") / "adapter-protocol.schema.json"``.
"""

from __future__ import annotations

import json

from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet.schemas.protocol_schema import protocol_schema
from oauth_gauntlet.schemas.results_schema import results_schema


def schemas() -> dict[str, JSONObject]:
    """Return each schema by the name of its file."""
    return {
        "adapter-protocol.schema.json": protocol_schema(),
        "results.schema.json": results_schema(),
    }


def spelled(schema: JSONObject) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
