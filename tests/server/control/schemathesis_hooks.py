"""Hooks for schemathesis: what it must know about the control API in addition to the OpenAPI document."""

import schemathesis

KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
# The private key of the example in RFC 8037, appendix A.
PRIVATE_KEY = {**KEY, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Shorten `timeout_s`, so that no request waits long; the test checks responses only. Put in keys that are keys."""
    if isinstance(case.body, dict) and isinstance(case.body.get("public_keys"), list):
        keys = [KEY if isinstance(each, str | dict) else each for each in case.body["public_keys"]]
        case.body = {**case.body, "public_keys": keys}
    if isinstance(case.body, dict) and case.path.endswith("/keys") and isinstance(case.body.get("key"), str | dict):
        case.body = {**case.body, "key": PRIVATE_KEY}
    timeout = (case.query or {}).get("timeout_s")
    if isinstance(timeout, int | float) and not isinstance(timeout, bool) and 0 <= timeout <= 30:
        case.query["timeout_s"] = 0.01
    if case.path.endswith("/journal/stream") and "timeout_s" not in (case.query or {}):
        case.query = {**(case.query or {}), "timeout_s": 0.01}
