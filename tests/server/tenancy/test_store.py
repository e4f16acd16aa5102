import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.tenancy.memory import MIB, Memory, MemoryFull, StorageFull
from oauth_gauntlet_server.tenancy.store import CountedStore, MemoryStore


def run_together(count, work):
    barrier = threading.Barrier(count)

    def wait_and_work():
        barrier.wait()
        work()

    threads = [threading.Thread(target=wait_and_work) for _ in range(count)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)


def test_a_value_is_stored_until_it_is_deleted():
    store = MemoryStore(10)
    store.put("a", 1)
    assert store.get("a") == 1
    assert store.delete("a") == 1
    assert store.get("a") is None
    assert store.delete("a") is None


def test_a_full_store_deletes_the_oldest_entry():
    store = MemoryStore(2)
    for key in "abc":
        store.put(key, key)
    assert store.values() == ("b", "c")
    assert len(store) == 2


def test_a_replaced_value_keeps_its_age():
    store = MemoryStore(2)
    store.put("a", 1)
    store.put("b", 2)
    store.put("a", 3)
    store.put("c", 4)
    assert store.values() == (2, 4)


def test_put_if_absent_never_replaces():
    store = MemoryStore(2)
    assert store.put_if_absent("a", 1)
    assert not store.put_if_absent("a", 2)
    assert store.get("a") == 1


def test_put_if_absent_deletes_the_oldest_entry_too():
    store = MemoryStore(1)
    store.put("a", 1)
    assert store.put_if_absent("b", 2)
    assert store.values() == (2,)


def test_update_of_a_missing_key_does_nothing():
    store = MemoryStore(2)
    assert store.update("a", lambda value: value) is None
    assert len(store) == 0


def test_clear_removes_all_entries():
    store = MemoryStore(2)
    store.put("a", 1)
    store.clear()
    assert store.values() == ()


@pytest.mark.parametrize("capacity", [0, -1])
def test_a_capacity_below_one_is_rejected(capacity):
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        MemoryStore(capacity)


def test_only_one_of_many_threads_puts_a_key():
    """So a replayed jti is rejected (RFC 7523 §3)."""
    for _ in range(20):
        store = MemoryStore(10)
        won = []
        run_together(8, lambda store=store, won=won: won.append(store.put_if_absent("jti", object())))
        assert won.count(True) == 1


def test_no_update_is_lost():
    store = MemoryStore(10)
    store.put("n", 0)
    run_together(8, lambda: [store.update("n", lambda value: value + 1) for _ in range(500)])
    assert store.get("n") == 4000


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers())), st.integers(1, 4))
def test_it_is_a_bounded_dictionary_in_insertion_order(entries, capacity):
    store, model = MemoryStore(capacity), {}
    for key, value in entries:
        store.put(key, value)
        model[key] = value
        while len(model) > capacity:
            del model[next(iter(model))]
    assert store.values() == tuple(model.values())


def counted(account=None, **options):
    return CountedStore(account or Memory().account(), lambda key, value: len(key) + value, **options)


def test_a_counted_store_counts_what_it_stores():
    account = Memory().account()
    store = counted(account)

    def used():
        return account.used["tenants"]

    store.put("ab", 10)
    assert (store.get("ab"), len(store), used()) == (10, 1, 12)
    assert not store.put_if_absent("ab", 99)
    assert used() == 12
    assert store.put_if_absent("c", 20)
    assert used() == 33
    store.put("ab", 11)
    assert (store.values(), used()) == ((11, 20), 34)
    assert store.update("c", lambda value: value + 5) == 25
    assert (store.update("d", lambda value: value), used()) == (None, 39)
    store.keep(lambda key, value: key == "c" and value == 25)
    assert (store.values(), used()) == ((25,), 26)
    assert (store.delete("c"), store.delete("c"), used()) == (25, None, 0)
    store.put("e", 1)
    store.clear()
    assert (len(store), used()) == (0, 0)


def test_a_counted_store_refuses_and_forgets_nothing():
    account = Memory().account()
    store = counted(account, name="clients", most=2)
    store.put("a", 1)
    store.put("b", 1)
    with pytest.raises(StorageFull, match="at most 2 clients; delete one"):
        store.put("c", 1)
    with pytest.raises(StorageFull, match="at most 2 clients"):
        store.put_if_absent("c", 1)
    store.put("a", 2)
    assert (store.values(), account.used["tenants"]) == ((2, 1), 5)


def test_what_does_not_fit_into_the_memory_is_not_stored():
    account = Memory(MIB).account()
    store = counted(account)
    store.put("a", MIB - 100)
    for put in (store.put, store.put_if_absent):
        with pytest.raises(MemoryFull):
            put("b", 200)
    assert (store.get("b"), account.used["tenants"]) == (None, MIB - 99)


def test_only_one_of_many_threads_puts_a_key_into_a_counted_store():
    for _ in range(20):
        account, won = Memory().account(), []
        store = counted(account)
        run_together(8, lambda store=store, won=won: won.append(store.put_if_absent("jti", 5)))
        assert (won.count(True), account.used["tenants"]) == (1, 8)
