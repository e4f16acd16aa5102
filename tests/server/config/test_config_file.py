"""Configuration files: read, rejected with line and key, and served."""

import json
import os
import signal
import subprocess
import sys

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from oauth_gauntlet_server import RegisteredClient, RotationPolicy, Tenants, faults
from oauth_gauntlet_server.config.config_file import ConfigFileError, load
from oauth_gauntlet_server.config.configuration import Configuration

WHOLE = """\
[server]
host = "127.0.0.1"
port = 0
control_hosts = ["auth"]

[[tenant]]
name = "shop"
strict = true
access_token_lifetime_s = 60
refresh_token_lifetime_s = "none"
rotation = "rotate"
claims = { roles = ["admin"] }

[[tenant.client]]
client_id = "web"
client_secret = "s3cret"
grant_types = ["client_credentials", "password"]

[[tenant.user]]
username = "ann"
password = "pw"

[[tenant.issuer]]
issuer = "https://i.example"
public_keys = [{ kty = "OKP", crv = "Ed25519", x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }]
subjects = ["ann"]

[[tenant.fault]]
fault = "oauth_error"
error = "invalid_grant"
when = { times = 2 }

[[tenant]]
name = "lax"
strict = false
access_token_lifetime_s = "none"
"""


@pytest.fixture
def write(tmp_path):
    def to_file(text):
        path = tmp_path / "gauntlet.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def test_a_complete_file_is_read(write):
    configuration = load(write(WHOLE))
    assert (configuration.host, configuration.port, configuration.auto_create) == ("127.0.0.1", 0, False)
    assert configuration.control_hosts == ("auth",)
    shop, lax = (each.create(Tenants()) for each in configuration.tenants)
    assert shop.settings.rotation is RotationPolicy.ROTATE
    assert (shop.settings.access_token_lifetime_s, shop.settings.refresh_token_lifetime_s) == (60, None)
    assert shop.settings.claims == {"roles": ["admin"]}
    assert shop.clients.get("web") == RegisteredClient(
        client_id="web", client_secret="s3cret", grant_types=frozenset({"client_credentials", "password"})
    )
    assert shop.users.get("ann").password == "pw"
    assert shop.issuers.get("https://i.example").subjects == frozenset({"ann"})
    (armed,) = shop.armed.list()
    assert armed.fault == faults.oauth_error("invalid_grant")
    assert armed.trigger.times == 2
    assert (lax.settings.strict, lax.settings.access_token_lifetime_s) == (False, None)


def test_an_empty_file_gives_the_defaults(write):
    assert load(write("")) == Configuration(auto_create=True)


REFUSED = {
    "unknown table": ("[sever]\nport = 1\n", 1, "sever: unknown member 'sever'", "did you mean server?"),
    "unknown key": ("[server]\n\nprot = 1\n", 3, "server.prot: unknown member", "did you mean port?"),
    "wrong type": ("[server]\nport = '80'\n", 2, "server.port: got '80'", "expected a whole number between 0 and 65535"),
    "out of range": ("[server]\nport = 70000\n", 2, "server.port: got 70000", "between 0 and 65535"),
    "no name": ("\n[[tenant]]\nstrict = true\n", 2, "tenant[1]: the member 'name' is missing", "expected a string"),
    "same name": (
        "[[tenant]]\nname='a'\n[[tenant]]\nname='a'\n",
        4,
        "tenant[2].name: a tenant 'a' already exists",
        "another name",
    ),
    "tenant no list": ("[tenant]\nname = 'a'\n", 1, "tenant: got", "expected a list"),
    "setting": ("[[tenant]]\nname='a'\nstict=true\n", 3, "tenant[1].stict: unknown member 'stict'", "did you mean strict?"),
    "rotation": ("[[tenant]]\nname='a'\nrotation='rotat'\n", 3, "tenant[1].rotation: got 'rotat'", "did you mean rotate"),
    "lifetime": (
        "[[tenant]]\nname='a'\naccess_token_lifetime_s='never'\n",
        3,
        "tenant[1].access_token_lifetime_s: got 'never'",
        "expected a whole number between 0 and 10000000000 or 'none'",
    ),
    "lifetime out of range": (
        "[[tenant]]\nname='a'\naccess_token_lifetime_s=-1\n",
        3,
        "tenant[1].access_token_lifetime_s: got -1",
        "expected a whole number between 0 and 10000000000 or 'none'",
    ),
    "skew": (
        "[[tenant]]\nname='a'\nclock_skew_s='none'\n",
        3,
        "tenant[1].clock_skew_s: got 'none'",
        "expected a whole number between 0 and 10000000000",
    ),
    "no effect": (
        "[[tenant]]\nname='a'\nrefresh_token_grants=[]\nrefresh_token_lifetime_s=60\n",
        4,
        "tenant[1].refresh_token_lifetime_s: no effect, because no request issues a refresh token",
        "a grant in refresh_token_grants, or a rotation",
    ),
    "no effect of a member": (
        "[[tenant]]\nname='a'\ntoken_response_members={ token_type='bot' }\n",
        3,
        "tenant[1].token_response_members.token_type: got 'token_type'",
        "expected a string, but not access_token or token_type",
    ),
    "client key": (
        "[[tenant]]\nname='a'\n[[tenant.client]]\nclient_id='c'\nclient_secert='s'\n",
        5,
        "tenant[1].client[1].client_secert: unknown member",
        "did you mean client_secret",
    ),
    "grant": (
        "[[tenant]]\nname='a'\n[[tenant.client]]\nclient_id='c'\ngrant_types=['implicit']\n",
        5,
        "tenant[1].client[1].grant_types[1]: got 'implicit'",
        "expected one of client_credentials",
    ),
    "key": (
        "[[tenant]]\nname='a'\n[[tenant.issuer]]\nissuer='i'\npublic_keys=['nonsense']\n",
        5,
        "tenant[1].issuer[1].public_keys[1]: not the PEM",
        "expected a public key as PEM or JWK",
    ),
    "signing key": (
        "[[tenant]]\nname='a'\n[[tenant.key]]\nkey='nonsense'\n",
        4,
        "tenant[1].key[1].key: it is not the PEM of a key",
        "expected a private RSA, P-256 or Ed25519 key",
    ),
    "public signing key": (
        "[[tenant]]\nname='a'\n[[tenant.key]]\nkey={ kty='EC', crv='P-256' }\n",
        4,
        "tenant[1].key[1].key: the JWK is a public key",
        "expected a private RSA, P-256 or Ed25519 key",
    ),
    "key file": (
        "[[tenant]]\nname='a'\n[[tenant.key]]\nfile='missing.pem'\n",
        4,
        "missing.pem: No such file or directory",
        "expected the path of a PEM or JWK file",
    ),
    "key file of no name": (
        '[[tenant]]\nname="a"\n[[tenant.key]]\nfile="a\\u0000"\n',
        4,
        "embedded null",
        "expected the path of a PEM or JWK file",
    ),
    "no key": ("[[tenant]]\nname='a'\n[[tenant.key]]\n", 3, "tenant[1].key[1]: got 0 members", "expected either key or file"),
    "no fault": ("[[tenant]]\nname='a'\n[[tenant.fault]]\nerror='x'\n", 3, "the member 'fault' is missing", "oauth_error"),
    "fault": (
        "[[tenant]]\nname='a'\n[[tenant.fault]]\nfault='oauth_eror'\n",
        4,
        "tenant[1].fault[1].fault: unknown fault 'oauth_eror'",
        "did you mean oauth_error",
    ),
    "parameter": (
        "[[tenant]]\nname='a'\n[[tenant.fault]]\nfault='oauth_error'\nstats=400\n",
        5,
        "tenant[1].fault[1].stats: unknown member 'stats'",
        "did you mean status?",
    ),
    "bounds": (
        "[[tenant]]\nname='a'\n[[tenant.fault]]\nfault='oauth_error'\nstatus=100\n",
        5,
        "tenant[1].fault[1].status: got 100",
        "expected a whole number between 200 and 999",
    ),
    "trigger": (
        "[[tenant]]\nname='a'\n[[tenant.fault]]\nfault='oauth_error'\nwhen={ time=2 }\n",
        5,
        "tenant[1].fault[1].when.time: unknown member 'time'",
        "did you mean times?",
    ),
    "date": ("[[tenant]]\nname='a'\nclaims={ d=2020-01-01 }\n", 3, "tenant[1].claims.d: got 2020-01-01", "JSON"),
    "infinite": ("[[tenant]]\nname='a'\nclaims={ d=inf }\n", 3, "tenant[1].claims.d: got inf", "finite"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_error_names_line_and_key(write, case):
    text, line, problem, advice = REFUSED[case]
    path = write(text)
    with pytest.raises(ConfigFileError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line {line}: ")
    assert problem in message
    assert advice in message
    assert "\n" not in message


KEY = """\
[server]
keys = "kept"

[[tenant]]
name = "a"
claims_by_scope = { admin = { roles = ["admin"] } }
access_token_typ = "at+jwt"

[[tenant.key]]
file = "shop.pem"

[[tenant.key]]
[tenant.key.key]
kty = "OKP"
crv = "Ed25519"
d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
kid = "mine"

[[tenant.client]]
client_id = "web"
access_token_format = "jwt"

[[tenant.user]]
username = "ann"
password = "pw"
claims = { roles = ["user"] }
"""


@pytest.mark.parametrize(("more", "signs"), [("", "EdDSA"), ('signing_algorithm = "ES256"\n', "ES256")])
def test_the_last_key_of_a_tenant_signs_unless_the_file_says_otherwise(write, tmp_path, more, signs):
    native = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "shop.pem").write_bytes(native.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    configuration = load(write(KEY.replace("[[tenant.key]]", f"{more}[[tenant.key]]", 1)))
    assert configuration.keys == tmp_path / "kept"
    assert configuration.tenants[0].describe() == "tenant a: strict, opaque access tokens, 1 client, 1 user, 2 keys"
    assert "nWGxne" not in repr(configuration)
    tenant = configuration.tenants[0].create(Tenants())
    header = jwt.get_unverified_header(tenant.mint_jwt_access_token("web"))
    assert header == {"typ": "at+jwt", "alg": signs, "kid": "mine" if signs == "EdDSA" else tenant.keys.current("ES256").kid}
    assert tenant.keys.current("ES256").private_key.private_numbers() == native.private_numbers()
    assert tenant.clients.get("web").access_token_format == "jwt"
    assert tenant.users.get("ann").claims == {"roles": ["user"]}
    assert tenant.settings.claims_by_scope == {"admin": {"roles": ["admin"]}}


def test_a_file_that_cannot_be_read_is_an_error(write, tmp_path):
    with pytest.raises(ConfigFileError, match=r"at line 2, column 3"):
        load(write("[server]\na b\n"))
    path = tmp_path / "latin"
    path.write_bytes(b"a = '\xe9'")
    with pytest.raises(ConfigFileError, match=r"not UTF-8 \(octet 5\)"):
        load(path)
    with pytest.raises(ConfigFileError, match="No such file or directory; give the path"):
        load(tmp_path / "missing")


def serve(*arguments, **options):
    command = [sys.executable, "-m", "oauth_gauntlet", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


@pytest.mark.slow
def test_check_prints_what_the_file_describes(write):
    path = write(WHOLE)
    done = serve("--config", str(path), "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{path} is valid: the server listens on 127.0.0.1 port 0",
        "  tenant shop: strict, opaque access tokens, 1 client, 1 user, 1 issuer, 1 fault",
        "  tenant lax: lenient, opaque access tokens",
    ]
    assert "port 81" in serve("--config", str(path), "--check", "--port", "81").stdout


@pytest.mark.slow
def test_check_and_serve_reject_a_wrong_file(write):
    path = write("[server]\nprot = 1\n")
    for flags in (["--check"], []):
        done = serve("--config", str(path), *flags)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"oauth-gauntlet: {path}, line 2: server.prot: unknown member 'prot'")
        assert done.stderr.count("\n") == 1
    assert serve("--check").returncode == 2


@pytest.mark.slow
def test_a_file_is_served(write):
    path = write(WHOLE)
    process = subprocess.Popen(
        [sys.executable, "-m", "oauth_gauntlet", "serve", "--config", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        (shop,) = (line for line in lines if line.startswith("tenant shop: "))
        url = shop.split()[-1]
        curl = ["curl", "-sS", "-u", "web:s3cret", "-d", "grant_type=client_credentials", url]
        answers = [json.loads(subprocess.run(curl, capture_output=True, check=True).stdout) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(60) == 0
    assert shop.startswith("tenant shop: strict, opaque access tokens, 1 client, 1 user, 1 issuer, 1 fault  http://")
    assert url.endswith("/shop/token")
    assert [answer.get("error") for answer in answers] == ["invalid_grant", "invalid_grant", None]
    assert answers[2]["expires_in"] == 60
    printed = "".join(lines) + rest
    assert "/_control/openapi.json" in printed
    assert "any other name" not in printed
    assert "s3cret" not in printed


PORTS = """
[server]
port = 0

[[tenant]]
name = "t"
strict = false

[[port]]
fault = { fault = "accept_and_close" }

[[port]]
tls = "expired"
"""


@pytest.mark.slow
def test_ports_of_a_file_are_opened(write):
    path = write(PORTS)
    assert "a port that the system chooses: accept_and_close" in serve("--config", str(path), "--check").stdout
    process = subprocess.Popen(
        [sys.executable, "-m", "oauth_gauntlet", "serve", "--config", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        urls = [line.split()[1] for line in lines if "a port that the system chooses" in line]
        codes = [subprocess.run(["curl", "-sS", f"{url}/t/jwks"], capture_output=True, check=False).returncode for url in urls]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert codes == [52, 60]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[port]]\nfault = { fault = "refuze" }\n', "refuse"),
        ('[[port]]\ntls = "expird"\n', "expired"),
        ('[[port]]\nport = "80"\n', "line 2"),
    ],
)
def test_an_error_in_a_port_names_the_nearest_value_or_the_line(write, text, words):
    with pytest.raises(ConfigFileError) as caught:
        load(write(text))
    assert words in str(caught.value)
