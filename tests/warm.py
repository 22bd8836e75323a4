"""`rulec` in a process of its own, as from a shell, forked from one that has loaded it: Python does not start again.

python tests/warm.py SOCKET                  # the process that is forked, until its standard input ends
python tests/warm.py SOCKET ARGUMENTS …      # rulec with these arguments, in this folder, with these streams
"""

import atexit
import json
import os
import signal
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

SLOW = ("batch", "streaming", "service", "cluster", "testing")  # they load libraries that start threads


@cache
def rulec() -> list[str]:
    """The words before the arguments of a command line; the process that is forked lives as long as this one."""
    import subprocess
    from tempfile import mkdtemp

    path = f"{mkdtemp()}/warm"
    loaded = subprocess.Popen(
        [sys.executable, __file__, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert loaded.stdin is not None
    assert loaded.stdout is not None
    assert loaded.stdout.readline() == b"ready\n"
    loaded.stdout.close()
    atexit.register(loaded.communicate)
    return [sys.executable, "-I", "-S", __file__, path]


def load() -> None:
    """Import what commands do when they need it."""
    import pkgutil
    from importlib import import_module

    import rulec

    for module in pkgutil.walk_packages(rulec.__path__, "rulec."):
        if module.name.split(".")[1] not in SLOW and not module.name.endswith(("__main__", "spark")):
            import_module(module.name)


def serve(listening: socket.socket) -> None:
    """Fork for each who asks, as long as the process that started this one lives."""
    import gc
    import select

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while listening in select.select([listening, sys.stdin], [], [])[0]:
        asking, _ = listening.accept()
        with asking:
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listening.close()
                answer(asking)
    os.killpg(0, signal.SIGKILL)


def answer(asking: socket.socket) -> None:
    """Become the command that is asked for; its status is the answer."""
    _, streams, _, _ = socket.recv_fds(asking, 1, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    with asking.makefile(encoding="utf-8") as lines:
        asked = json.loads(lines.readline())
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["rulec", *asked["arguments"]]
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)
    asking.sendall(bytes([status()]))
    os._exit(0)


def status() -> int:
    """Run the command line to its end."""
    from rulec.cli import main

    try:
        return main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def ask(path: str, arguments: list[str]) -> int:
    """The status of a command; 137 where it was killed."""
    asked: dict[str, Any] = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(path)
        socket.send_fds(asking, [b"."], [0, 1, 2])
        asking.sendall(json.dumps(asked).encode() + b"\n")
        answered = asking.recv(1)
    return answered[0] if answered else 137


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
    load()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        os.setpgid(0, 0)
        print("ready", flush=True)
        serve(listening)
