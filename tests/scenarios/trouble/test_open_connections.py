"""Open connections: at the server, and in the system's table on the client's side."""

import socket
import sys
import time

import pytest

from oauth_gauntlet_scenarios.trouble.open_connections import open_connections, unclosed
from oauth_gauntlet_server import connection_fault

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:C002 0100007F:1F90 08 00000000:00000000 00:00000000 00000000     0        0 3
   3: 0100007F:C003 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0
   4: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 4
   5: 0100007F:C004 0100007F:1F91 01 00000000:00000000 00:00000000 00000000     0        0 5
   6: 0000000000000000FFFF00000100007F:C005 0000000000000000FFFF00000100007F:1F90 08 0:0 00:0 0 0 0 6
"""


def test_the_table_counts_what_the_client_has_not_closed():
    assert unclosed(TABLE.splitlines(), 0x1F90) == 3
    assert unclosed(TABLE.splitlines(), 0x1F92) == 0
    assert unclosed([], 0x1F90) == 0


def settled(port, count):
    while open_connections(port) != count:
        time.sleep(0.01)
    return count


def test_a_connection_is_open_until_the_client_closes_it(server):
    with server.open_port() as port:
        assert open_connections(port) == 0
        with socket.create_connection(("127.0.0.1", port.number)):
            assert settled(port, 1) == 1
        assert settled(port, 0) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the client's side of a connection")
def test_a_connection_that_only_the_server_has_closed_is_open(server):
    with (
        server.open_port(connection_fault("accept_and_close")) as port,
        socket.create_connection(("127.0.0.1", port.number)) as own,
    ):
        port.wait_for(1, ended=True)
        assert own.recv(1) == b""
        assert open_connections(port) == 1
