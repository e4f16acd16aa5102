import pytest

from oauth_gauntlet.errors import AdapterError, HarnessError, UsageError
from oauth_gauntlet.reading import Malformed
from oauth_gauntlet.results.trouble import Trouble, TroubleKind, trouble_from_json


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [("usage", UsageError, 2), ("adapter", AdapterError, 3), ("harness", HarnessError, 3), ("stopped", HarnessError, 3)],
)
def test_each_kind_has_its_error_and_exit_code(kind, error, code):
    trouble = trouble_from_json({"kind": kind, "message": "m"})
    assert trouble == Trouble(kind=TroubleKind(kind), message="m")
    assert trouble.to_json() == {"kind": kind, "message": "m"}
    raised = trouble.error()
    assert (type(raised), str(raised), raised.exit_code) == (error, "m", code)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"message": "m"}, "kind: expected one of usage, adapter, harness, stopped, got None"),
        ({"kind": "usage"}, "message: missing"),
    ],
)
def test_a_missing_member_is_named(document, message):
    with pytest.raises(Malformed) as caught:
        trouble_from_json(document)
    assert str(caught.value) == message
