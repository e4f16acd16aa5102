import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server import MemoryFull, MemoryUse, Tenants
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.tenancy.memory import MIB, Memory, fair_share

LIMIT = 4 * MIB


def record(tenant, octets=1000, number=1):
    request = RecordedRequest(method="POST", target="/", http_version="1.1", headers=(), body=b"", raw=b"x" * (octets // 2))
    for _ in range(number):
        tenant.journal.record(endpoint="token", request=request, response=None)


@pytest.fixture
def tenants():
    return Tenants(memory=LIMIT)


@given(st.lists(st.integers(0, 1000)), st.integers(-10, 20_000))
def test_a_fair_share_takes_from_the_largest_only(sizes, together):
    share = fair_share(sizes, together)
    kept = [min(size, share) for size in sizes]
    assert sum(kept) <= max(together, 0)
    # Nobody could keep one more octet.
    cut = [size for size in sizes if size > share]
    assert not cut or sum(kept) + len(cut) > together


def test_octets_are_counted_by_kind_and_account():
    memory = Memory(LIMIT)
    one, other = memory.account(), memory.account()
    one.add("journals", 10)
    one.add("refresh_tokens", 20)
    other.add("access_tokens", 30)
    other.add("tenants", 40)
    one.remove("journals", 4)
    assert memory.use() == MemoryUse(
        limit=LIMIT,
        used=96,
        journals=6,
        access_tokens=30,
        refresh_tokens=20,
        tenants=40,
        dropped_exchanges=0,
        dropped_access_tokens=0,
        dropped_refresh_tokens=0,
    )
    assert memory.use().to_json()["refresh_tokens"] == 20
    one.close()
    one.close()
    one.add("journals", 10)
    one.remove("journals", 10)
    assert (memory.use().used, memory.use().journals) == (70, 0)


def test_a_memory_has_a_mebibyte_at_least():
    with pytest.raises(ValueError, match="at least 1 MiB"):
        Memory(MIB - 1)


def test_the_largest_journals_lose_their_oldest_exchanges(tenants, caplog):
    small, large = tenants.create("small", journal_capacity=100_000), tenants.create("large", journal_capacity=100_000)
    record(small, number=20)
    record(large, octets=10_000, number=2000)
    use = tenants.memory_use()
    assert LIMIT // 2 < use.used <= LIMIT
    assert (small.journal.dropped, len(small.journal.exchanges())) == (0, 20)
    assert large.journal.dropped == use.dropped_exchanges > 1000
    assert large.journal.exchanges()[-1].sequence == 2000
    assert large.journal.count() == 2000
    assert "the memory of 4 MiB is full: the oldest exchanges of the largest journals are dropped" in caplog.text
    assert len(caplog.records) == 1


def test_access_tokens_never_push_out_a_refresh_token(tenants, caplog):
    tenant = tenants.create("t")
    refresh = tenant.mint_refresh_token("c")
    access = [tenant.mint_access_token("c") for _ in range(20_000)]
    assert tenant.active(refresh)
    kept = [tenant.active(token) is not None for token in access]
    assert kept == sorted(kept), "the oldest are dropped"
    use = tenants.memory_use()
    assert use.dropped_access_tokens == tenant.tokens.dropped == kept.count(False) > 0
    assert use.used <= LIMIT
    assert use.dropped_refresh_tokens == 0
    assert "the memory of 4 MiB is full: expired access tokens, and the oldest" in caplog.text


def test_a_tenant_with_few_tokens_loses_none(tenants):
    small, large = tenants.create("small"), tenants.create("large")
    few = [small.mint_access_token("c") for _ in range(20)]
    for _ in range(20_000):
        large.mint_access_token("c")
    assert all(small.active(token) for token in few)


def test_what_has_expired_goes_first(tenants):
    tenant = tenants.create("t")
    first = [tenant.mint_access_token("c", expires_in=None) for _ in range(1000)]
    for _ in range(2000):
        tenant.mint_access_token("c", expires_in=-1)
        tenant.mint_refresh_token("c", expires_in=-1)
    tenant.seen_assertions.put("old", tenant.clock.now() - 3600)
    tenant.seen_assertions.put("new", tenant.clock.now() + 3600)
    while not tenant.tokens.dropped:
        tenant.mint_access_token("c", expires_in=-1)
    assert all(tenant.active(token) for token in first)
    assert tenants.memory_use().dropped_refresh_tokens == 2000
    assert (tenant.seen_assertions.get("old"), len(tenant.seen_assertions)) == (None, 1)


def test_refresh_tokens_that_are_still_good_are_never_dropped(tenants):
    tenant, other = tenants.create("t"), tenants.create("other")
    dead = [tenant.mint_refresh_token("c") for _ in range(100)]
    for number, token in enumerate(dead):
        tenant.spend(token) if number % 2 else tenant.revoke(token)
    held = []
    with pytest.raises(MemoryFull, match=r"MiB of refresh tokens.* start the server with more"):
        held.extend(tenant.mint_refresh_token("c") for _ in range(100_000))
    assert len(held) > 4000
    assert all(tenant.active(token) for token in held)
    assert all(tenant.tokens.get(token) is None for token in dead)
    # Of the ended sessions nothing is left to remember.
    assert len(tenant._ended_families) == 0
    # Other tenants are refused too, until there is room again; an exchange is recorded all the same.
    with pytest.raises(MemoryFull):
        other.mint_access_token("c")
    record(other, number=3)
    assert other.journal.exchanges()[-1].sequence == 3
    assert tenants.memory_use().used <= LIMIT + 5000
    tenants.delete("t")
    assert other.active(other.mint_access_token("c"))


def test_journals_keep_half_of_the_memory_where_tokens_want_all(tenants):
    tenant = tenants.create("t", journal_capacity=100_000)
    record(tenant, octets=10_000, number=180)
    for _ in range(20_000):
        tenant.mint_access_token("c")
    assert tenant.journal.dropped == 0
    assert LIMIT // 2 > tenants.memory_use().journals > LIMIT // 3


def test_after_a_search_in_vain_the_next_one_waits():
    now = [0.0]
    memory = Memory(LIMIT, monotonic=lambda: now[0])
    account = memory.account()
    searches = []
    account.drop_expired = lambda: searches.append(now[0])
    account.add("tenants", LIMIT)
    for instant in (1.0, 1.5, 2.5):
        now[0] = instant
        with pytest.raises(MemoryFull):
            account.add("tenants", 1)
    assert searches == [1.0, 2.5]
    account.remove("tenants", 100)
    account.add("tenants", 100)


def test_what_is_added_always_may_exceed_the_limit():
    account = Memory(MIB).account()
    account.add("tenants", 2 * MIB, always=True)
    assert account.used["tenants"] == 2 * MIB


def test_many_threads_count_right(tenants):
    chosen = [tenants.create(f"t{number}", journal_capacity=50) for number in range(4)]

    def work(tenant):
        for _ in range(1500):
            record(tenant, octets=3000)
            tenant.mint_access_token("c")
            tenant.revoke(tenant.mint_refresh_token("c", expires_in=-1))

    threads = [threading.Thread(target=work, args=(tenant,)) for tenant in chosen * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    use = tenants.memory_use()
    assert use.used <= LIMIT
    assert use.dropped_access_tokens > 0
    for tenant in chosen:
        tenant.journal.clear()
        tenant.tokens.clear()
        tenant._ended_families.clear()
    use = tenants.memory_use()
    assert (use.journals, use.access_tokens, use.refresh_tokens) == (0, 0, 0)
    assert use.used == use.tenants == sum(tenant.account.used["tenants"] for tenant in chosen)
