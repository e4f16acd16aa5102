"""Kept keys: the files, and a real verifier with a cache before and after a restart of the server."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import jwt
import pytest
import requests

from oauth_gauntlet_server import MockServer, Tenants
from oauth_gauntlet_server.jose.key_folder import KeyFileError, KeyFolder
from oauth_gauntlet_server.jose.key_ring import KeyRing
from tests.server.serving.processes import serving


def test_keys_and_their_order_are_kept(tmp_path):
    folder = KeyFolder(tmp_path / "new" / "keys")
    before = KeyRing(folder.keeper_of("shop"))
    kids = [before.rotate("ES256").kid, before.rotate("EdDSA").kid, before.rotate("ES256").kid]
    after = KeyRing(KeyFolder(folder.path).keeper_of("shop"))
    assert after.current("ES256").kid == kids[2]
    assert [key.as_dict(private=True) for key in after.all("EdDSA")] == [
        key.as_dict(private=True) for key in before.all("EdDSA")
    ]
    assert [key["kid"] for key in after.jwks("ES256")["keys"]] == [kids[2], kids[0], kids[1]]
    after.rotate("ES256", keep_old=False)
    assert len(KeyRing(folder.keeper_of("shop")).published("ES256")) == 1
    assert KeyRing(folder.keeper_of("other")).published("ES256") == ()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_only_the_owner_can_read_the_files(tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    ring = KeyRing(folder.keeper_of("shop"))
    ring.rotate("ES256")
    ring.rotate("ES256")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert [(each.name, each.stat().st_mode & 0o777) for each in folder.path.iterdir()] == [("shop.jwks.json", 0o600)]


def test_names_that_differ_only_in_case_have_files_of_their_own(tmp_path):
    folder = KeyFolder(tmp_path)
    paths = {str(folder.keeper_of(name).path).lower() for name in ("shop", "Shop", "SHOP", "sHop")}
    assert len(paths) == 4


def test_a_tenant_that_never_signs_has_no_file(tmp_path):
    tenants = Tenants(key_keeper=KeyFolder(tmp_path).keeper_of)
    tenants.create("t").mint_access_token("c")
    assert list(tmp_path.iterdir()) == []
    tenants.create("t", replace=True).mint_jwt_access_token("c")
    assert [each.name for each in tmp_path.iterdir()] == ["t.jwks.json"]


def test_a_tenant_that_is_created_again_has_the_same_keys(tmp_path):
    tenants = Tenants(key_keeper=KeyFolder(tmp_path).keeper_of)
    kids = {tenants.create("t", replace=True).keys.current("ES256").kid for _ in range(2)}
    assert len(kids) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no object with a list"),
        (b'{"keys": [1]}', "no object with a list"),
    ],
)
def test_a_damaged_file_is_refused_at_the_start(tmp_path, content, words):
    path = tmp_path / "shop.jwks.json"
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match=words) as caught:
        KeyFolder(tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith("remove it to get new keys")


def test_a_key_that_is_none_is_named(tmp_path):
    good = KeyFolder(tmp_path).keeper_of("shop")
    KeyRing(good).rotate("ES256")
    document = json.loads(good.path.read_text())
    del document["keys"][0]["d"]
    good.path.write_text(json.dumps(document))
    with pytest.raises(KeyFileError, match="key 1: the JWK is a public key"):
        KeyRing(good).current("ES256")


def test_what_cannot_be_written_leaves_the_old_file_and_the_old_key(tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    ring = KeyRing(folder.keeper_of("shop"))
    key = ring.rotate("ES256")
    folder.path.rename(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError, match=r"No such file or directory; the keys cannot be kept"):
        ring.rotate("ES256")
    assert ring.current("ES256") is key
    (tmp_path / "elsewhere").rename(folder.path)
    assert KeyRing(folder.keeper_of("shop")).current("ES256").kid == key.kid


@pytest.mark.parametrize("name", ["file/below", "a\0b"])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match="name a folder that this user can write to"):
        KeyFolder(tmp_path / name)


def test_a_file_that_is_damaged_while_the_server_runs_is_named_in_the_answers(tmp_path):
    with MockServer(tenants=Tenants(auto_create=True, key_keeper=KeyFolder(tmp_path).keeper_of)) as server:
        (tmp_path / "new.jwks.json").write_text("{")
        form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
        answers = [
            requests.post(f"{server.base_url}/new/token", form, timeout=60),
            requests.get(f"{server.base_url}/new/jwks", timeout=60),
            requests.get(f"{server.base_url}/_control/tenants/new/keys", timeout=60),
        ]
    assert [answer.status_code for answer in answers] == [500] * 3
    texts = [answer.json().get("error_description") or answer.json()["detail"] for answer in answers]
    assert [text.partition(": ")[0] for text in texts] == [str(tmp_path / "new.jwks.json")] * 3


@contextmanager
def started(*options):
    """Run ``serve``, and yield its base URL."""
    with serving(*options) as served:
        yield served.started().base_url
        served.stop()


def token_of(base):
    form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
    return requests.post(f"{base}/default/token", form, timeout=60).json()["access_token"]


def verified(client, base, token):
    key = client.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["RS256"], audience=f"{base}/default/resource", issuer=f"{base}/default")


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False])
def test_a_verifier_with_a_cache_survives_a_restart(tmp_path, kept):
    keys = ["--keys", str(tmp_path / "keys")] if kept else []
    with started("--port", "0", *keys) as base:
        # PyJWT reads the set again for an unknown kid, by default 30 seconds after the last time at the earliest.
        client = jwt.PyJWKClient(f"{base}/default/jwks", lifespan=86_400, cooldown_duration=0)
        before = token_of(base)
        assert verified(client, base, before)["client_id"] == "c"
    with started("--port", base.rpartition(":")[2], *keys) as again:
        assert again == base
        after = token_of(base)
        kids = {jwt.get_unverified_header(token)["kid"] for token in (before, after)}
        assert len(kids) == (1 if kept else 2)
        # Without kept keys the kid is unknown to the cache: the verifier reads the new set, and finds the key.
        assert verified(client, base, after)["client_id"] == "c"
        if kept:
            assert verified(jwt.PyJWKClient(f"{base}/default/jwks"), base, before)["client_id"] == "c"
        else:
            with pytest.raises(jwt.PyJWKClientError):
                verified(client, base, before)


@pytest.mark.slow
def test_serve_says_what_is_wrong_with_the_folder(tmp_path):
    (tmp_path / "default.jwks.json").write_text("{")
    command = [sys.executable, "-m", "oauth_gauntlet", "serve", "--port", "0", "--keys", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"oauth-gauntlet: --keys: {tmp_path}/default.jwks.json: not JSON")
    assert done.stderr.count("\n") == 1
