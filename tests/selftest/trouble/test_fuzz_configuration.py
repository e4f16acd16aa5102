"""Any content of a `serve --config` file is served, or gives one message with the file and the reason."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server import Tenants
from oauth_gauntlet_server.config.config_file import ConfigFileError, load
from tests.selftest.trouble.damaged_documents import damaged, dates, examples, is_one_line_about, json_values, mutated, toml

DOCUMENT = {
    "server": {"host": "127.0.0.1", "port": 0, "auto_create": True, "control_hosts": ["auth"]},
    "tenant": [
        {
            "name": "shop",
            "strict": True,
            "access_token_lifetime_s": 60,
            "refresh_token_lifetime_s": "none",
            "rotation": "rotate",
            "claims": {"roles": ["admin"]},
            "claims_by_scope": {"admin": {"roles": ["admin"]}},
            "claims_from_parameters": {"audience": "aud"},
            "client": [{"client_id": "web", "client_secret": "s3cret", "grant_types": ["client_credentials"]}],
            "user": [{"username": "ann", "password": "pw"}],
            "issuer": [
                {
                    "issuer": "https://i.example",
                    "public_keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}],
                }
            ],
            "key": [
                {
                    "key": {
                        "kty": "OKP",
                        "crv": "Ed25519",
                        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
                        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                    }
                }
            ],
            "fault": [{"fault": "oauth_error", "error": "invalid_grant", "when": {"times": 2}}],
        }
    ],
    "port": [{"port": 9001, "fault": {"fault": "tls_certificate", "certificate": "expired"}}],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("configuration") / "gauntlet.toml"


def loaded(path, octets):
    """Return the configuration in the file after creating all of it, or None if the file is rejected."""
    path.write_bytes(octets)
    try:
        configuration = load(path)
    except ConfigFileError as error:
        is_one_line_about(error, path)
        return None
    tenants = Tenants()
    for each in configuration.tenants:
        each.create(tenants)
        assert each.describe()
    for each in configuration.ports:
        assert each.describe()
    return configuration


@examples(150)
@given(document=mutated(DOCUMENT, st.one_of(json_values, dates)))
def test_a_document_with_one_change(path, document):
    if isinstance(document, dict):
        loaded(path, toml(document))


@examples(100)
@given(octets=damaged(toml(DOCUMENT)))
def test_a_damaged_file(path, octets):
    loaded(path, octets)


def test_the_unchanged_document_is_valid(path):
    assert loaded(path, toml(DOCUMENT)).tenants[0].name == "shop"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"a = " + b"[" * 5000 + b"]" * 5000, "nested"),
        (b"a = " + b"9" * 5000, "digits"),
        (b"port = 2021-02-30", "date"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_what_tomllib_itself_cannot_read(path, octets, words):
    path.write_bytes(octets)
    with pytest.raises(ConfigFileError, match=words):
        load(path)


def test_an_endless_device_is_rejected():
    with pytest.raises(ConfigFileError, match="larger than 4 MiB"):
        load(Path("/dev/zero"))


def test_an_error_after_a_long_list_is_found(path):
    hosts = "\n".join(f'  "host{number}",' for number in range(20_000))
    path.write_text(f"[server]\ncontrol_hosts = [\n{hosts}\n]\nprot = 1\n")
    with pytest.raises(ConfigFileError, match=r"line 20004: server\.prot"):
        load(path)
