"""Measure whether a server can run for weeks: memory and speed over 100,000 requests, one in ten with a fault.

python benchmarks/memory.py [--requests 100000]
"""

from __future__ import annotations

import argparse
import http.client
import os
import threading
import time
from pathlib import Path

from oauth_gauntlet_server import MockServer, faults

FORM = "grant_type=password&username=u&password=p&client_id=c&client_secret=s"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Send the requests, and print a line of the table after each tenth of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=100_000)
    total = parser.parse_args().requests
    print("| requests | resident MiB | requests per second | threads | descriptors |")
    print("| --- | --- | --- | --- | --- |")
    with MockServer() as server:
        tenant = server.tenant(strict=False)
        tenant.arm(faults.http_status(503), every=20)
        tenant.arm(faults.fault("truncate", octets=5), every=20)
        host = server.base_url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        started = time.perf_counter()
        for number in range(1, total + 1):
            try:
                connection.request("POST", f"/{tenant.name}/token", FORM, HEADERS)
                connection.getresponse().read()
            except (http.client.HTTPException, OSError):
                connection.close()
            if number % (total // 10) == 0:
                rate = total / 10 / (time.perf_counter() - started)
                started = time.perf_counter()
                descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only the number counts
                print(f"| {number} | {resident_mib():.1f} | {rate:.0f} | {threading.active_count()} | {descriptors} |")


def resident_mib() -> float:
    """Return the resident memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KIB / 1024


if __name__ == "__main__":
    main()
