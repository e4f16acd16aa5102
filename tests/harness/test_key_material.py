import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from oauth_gauntlet import key_material


def test_concurrent_threads_get_the_same_key(monkeypatch):
    monkeypatch.setattr(key_material, "_generated", cache(key_material._generated.__wrapped__))
    start = threading.Barrier(8)

    def ask(_):
        start.wait(timeout=60)
        return key_material.private_key("rsa-other")

    with ThreadPoolExecutor(8) as pool:
        assert len({id(key) for key in pool.map(ask, range(8))}) == 1


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="unknown kind of key: 'dsa'"):
        key_material.private_key("dsa")
