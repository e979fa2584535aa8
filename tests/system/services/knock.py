"""Ask a host until it answers: a connection, or with bytes on standard input a datagram."""

import socket
import sys
import time
from contextlib import suppress

within_s, host, port, to = sys.argv[1:]
datagram = sys.stdin.buffer.read()
until = time.monotonic() + float(within_s)


def answers() -> bool:
    """Ask once."""
    if not datagram:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.5)
        asking.sendto(datagram, (to, int(port)))
        while time.monotonic() < until:
            if asking.recvfrom(65535)[1][0] == host:
                return True
    return False


while time.monotonic() < until:
    with suppress(OSError):
        if answers():
            sys.exit(0)
    time.sleep(0.1)
sys.exit(f"{host} does not answer at port {port}")
