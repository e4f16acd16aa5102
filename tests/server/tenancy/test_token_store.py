import pytest

from oauth_gauntlet_server import TokenRecord
from oauth_gauntlet_server.tenancy.memory import MIB, Memory, MemoryFull
from oauth_gauntlet_server.tenancy.octets import token_octets
from oauth_gauntlet_server.tenancy.token_store import TokenStore


def record(token, kind="access_token", **fields):
    return TokenRecord(token=token, kind=kind, client_id="c", subject="s", family="f", issued_at=0, **fields)


@pytest.fixture
def account():
    return Memory().account()


@pytest.fixture
def store(account):
    return TokenStore(account, now=lambda: 1000.0, is_dead=lambda record: record.spent)


def used(account):
    return account.used["access_tokens"], account.used["refresh_tokens"]


def test_both_kinds_are_found_replaced_and_counted(store, account):
    access, refresh = record("a"), record("r", "refresh_token")
    store.put("a", access)
    store.put("r", refresh)
    assert (store.get("a"), store.get("r"), store.get("x")) == (access, refresh, None)
    assert (store.values(), len(store)) == ((access, refresh), 2)
    assert used(account) == (token_octets(access), token_octets(refresh))
    longer = record("a", scope="s" * 100)
    store.put("a", longer)
    assert (store.values(), used(account)[0]) == ((longer, refresh), token_octets(longer))
    assert not store.put_if_absent("r", longer)
    assert store.put_if_absent("b", record("b"))
    assert used(account) == (token_octets(longer) + token_octets(record("b")), token_octets(refresh))
    # A token that comes again as one of the other kind.
    store.put("a", record("a", "refresh_token"))
    assert used(account) == (token_octets(record("b")), 2 * token_octets(refresh))
    assert store.get("a").is_refresh_token
    store.clear()
    assert (used(account), len(store)) == ((0, 0), 0)


def test_update_and_delete_are_counted(store, account):
    store.put("a", record("a"))
    assert store.update("a", lambda _: record("a", scope="x" * 50)).scope == "x" * 50
    assert used(account)[0] == token_octets(record("a", scope="x" * 50))
    assert store.update("b", lambda before: before) is None
    assert store.delete("a").token == "a"
    assert (store.delete("a"), used(account)) == (None, (0, 0))


def test_it_drops_the_oldest_access_tokens_only(store, account):
    for name in "abc":
        store.put(name, record(name))
        store.put(f"r{name}", record(f"r{name}", "refresh_token"))
    store.free(token_octets(record("a")) + 10)
    assert [each.token for each in store.values()] == ["c", "ra", "rb", "rc"]
    assert (store.dropped, account.used["access_tokens"]) == (2, token_octets(record("c")))
    store.free(10)
    store.free(10)
    assert (store.dropped, account.used["access_tokens"]) == (3, 0)


def test_it_drops_what_has_expired_and_what_is_dead(store):
    for name, expires_at in (("old", 1000.0), ("new", 1000.5), ("ever", None)):
        store.put(name, record(name, expires_at=expires_at))
        store.put(f"r-{name}", record(f"r-{name}", "refresh_token", expires_at=expires_at))
    store.put("spent", record("spent", "refresh_token", spent=True))
    store.drop_expired()
    assert [each.token for each in store.values()] == ["new", "ever", "r-new", "r-ever", "spent"]
    store.drop_dead()
    assert [each.token for each in store.values()] == ["new", "ever", "r-new", "r-ever"]
    assert store.dropped == 3


def test_a_token_that_does_not_fit_is_not_stored():
    account = Memory(MIB).account()
    store = TokenStore(account, now=lambda: 0.0, is_dead=lambda _: False)
    account.add("tenants", MIB - 100)
    with pytest.raises(MemoryFull):
        store.put("a", record("a"))
    assert (store.get("a"), used(account)) == (None, (0, 0))
