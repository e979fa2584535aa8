"""Run ``camaudit`` commands of samples quickly: one process has imported it, a fork runs each.

1. ``serve`` listens on a Unix socket; a client sends its arguments, folder and environment, and its
   three standard streams as file descriptors, and gets the exit code back.
2. ``CLIENT`` is the program that stands as ``camaudit`` on the samples' PATH.
"""

from __future__ import annotations

import array
import importlib
import json
import os
import socket
import sys
import traceback
from pathlib import Path

#: A message is a JSON object of this size at most: arguments, folder, environment.
MOST = 1 << 16

CLIENT = """\
import array, json, os, socket, sys
with socket.socket(socket.AF_UNIX) as link:
    link.connect(os.environ["SAMPLE_SERVER"])
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    streams = array.array("i", [0, 1, 2])
    link.sendmsg([asked], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    answer = link.recv(16)
sys.exit(int(answer or b"70"))
"""


def serve(place: str) -> None:
    """Answer until this process is stopped."""
    for name in ("assess", "classify", "demo", "devices", "ingest", "judge", "packs", "register"):
        importlib.import_module(f"camaudit.cli.{name}")
    for name in ("lab", "permission", "report", "scan"):
        importlib.import_module(f"camaudit.cli.{name}")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()
        while True:
            link, _ = listener.accept()
            child = os.fork()
            if not child:
                _answer(link)
            link.close()
            os.waitpid(child, 0)


def _answer(link: socket.socket) -> None:
    """Run one command in this forked process, and end it."""
    from camaudit.cli.main import main

    room = array.array("i")
    message, ancillary, _, _ = link.recvmsg(MOST, socket.CMSG_LEN(3 * room.itemsize))
    room.frombytes(ancillary[0][2])
    arguments, folder, environment = json.loads(message)
    for stream, descriptor in enumerate(room):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    # The old object remembers whether what was there before could be rewound.
    sys.stdin = os.fdopen(0, closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    try:
        main(arguments)
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 0
    except Exception:  # noqa: BLE001 -- a sample shows what went wrong
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    link.sendall(str(code).encode())
    os._exit(0)


if __name__ == "__main__":
    Path(sys.argv[1]).unlink(missing_ok=True)
    serve(sys.argv[1])
