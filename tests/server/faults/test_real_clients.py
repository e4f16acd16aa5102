"""What real clients report for a fault on the wire: curl, Python's requests and Node's fetch."""

import subprocess

import pytest
import requests

pytestmark = pytest.mark.slow

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}

NODE = """
const [url, ms, form] = process.argv.slice(1);
fetch(url, {method: "POST", body: new URLSearchParams(form), signal: AbortSignal.timeout(Number(ms))})
  .then(async (answer) => { JSON.parse(await answer.text()); console.log(answer.status); })
  .catch((error) => console.log(error.cause?.code ?? error.name));
"""

# curl's exit codes
CURL_OK, CURL_EMPTY, CURL_RESET, CURL_PARTIAL, CURL_TIMEOUT = 0, 52, 56, 18, 28

# preset: curl's exit code, the error (or the status) of requests, the error (or the status) of Node's fetch
REPORTS = {
    "early-hints": (CURL_OK, "JSONDecodeError", "200"),  # http.client takes 103 for the final response
    "http-1.0": (CURL_OK, "200", "200"),
    "no-reason": (CURL_OK, "200", "200"),
    "folded-header": (CURL_OK, "200", "200"),
    "huge-header": (CURL_OK, "ConnectionError", "UND_ERR_HEADERS_OVERFLOW"),
    "many-headers": (CURL_OK, "ConnectionError", "200"),
    "gzip": (CURL_OK, "200", "200"),
    "gzip-in-name-only": (61, "ContentDecodingError", "Z_DATA_ERROR"),
    "brotli": (CURL_OK, None, "200"),  # requests decodes it only if a Brotli library is installed
    "chunked": (CURL_OK, "200", "200"),
    "chunked-cut": (CURL_PARTIAL, "ChunkedEncodingError", None),  # Node's parser accepts a body without the last chunk
    "until-close": (CURL_OK, "200", "200"),
    "closed": (CURL_EMPTY, "ConnectionError", "UND_ERR_SOCKET"),
    "answer-lost": (CURL_EMPTY, "ConnectionError", "UND_ERR_SOCKET"),
    "reset": (CURL_RESET, "ConnectionError", "ECONNRESET"),
    "cut-short": (CURL_PARTIAL, "ChunkedEncodingError", "UND_ERR_SOCKET"),
    "reset-in-body": (CURL_RESET, "ChunkedEncodingError", "ECONNRESET"),
    "half-close": (CURL_OK, "200", "200"),
    "garbage": (1, "ConnectionError", "HPE_INVALID_CONSTANT"),
    "second-response": (CURL_OK, "200", "200"),
    "slow": (CURL_TIMEOUT, "ReadTimeout", "TimeoutError"),
    "slow-body": (CURL_TIMEOUT, "ConnectionError", "TimeoutError"),
    "silent": (CURL_TIMEOUT, "ReadTimeout", "TimeoutError"),
    "redirect-loop": (CURL_OK, "TooManyRedirects", "TypeError"),
}

# The client's time limit where no answer comes before it; elsewhere 60 s only guard against hanging.
TIME_LIMITS_S = {"slow": 2.0, "slow-body": 2.0, "silent": 2.0}


@pytest.mark.parametrize("preset", REPORTS)
def test_real_clients_report_a_fault(server, preset):
    by_curl, by_requests, by_node = REPORTS[preset]
    tenant = server.tenant(strict=False)
    url, limit_s = f"{tenant.issuer}/faults/{preset}/token", TIME_LIMITS_S.get(preset, 60.0)

    form = "&".join(f"{name}={value}" for name, value in FORM.items())
    curl = ["curl", "-sS", "--compressed", "-m", str(limit_s), "-o", "/dev/null", url, "-d", form]
    assert subprocess.run(curl, capture_output=True, timeout=120, check=False).returncode == by_curl

    seen = requests_error(url, limit_s)
    assert by_requests is None or seen == by_requests

    node = ["node", "-e", NODE, url, str(int(limit_s * 1000)), form]
    seen = subprocess.run(node, capture_output=True, timeout=120, check=True, text=True).stdout.strip()
    assert by_node is None or seen == by_node

    assert tenant.journal.wait_for(3, timeout_s=60)


def requests_error(url, limit_s):
    try:
        answer = requests.post(url, FORM, timeout=limit_s)
        answer.json()
    except requests.RequestException as error:
        return type(error).__name__
    return str(answer.status_code)


def test_an_endless_body_ends_with_the_time_limit_of_the_client(server):
    tenant = server.tenant(strict=False)
    url = f"{tenant.issuer}/faults/endless/token"
    bounded = ["curl", "-sS", "-m", "0.5", "-o", "/dev/null", url, "-d", "grant_type=client_credentials"]
    assert subprocess.run(bounded, capture_output=True, timeout=120, check=False).returncode == CURL_TIMEOUT
    with requests.post(url, FORM, timeout=60, stream=True) as answer:
        assert len(answer.raw.read(3_000_000)) == 3_000_000
