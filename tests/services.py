"""Services for tests: an application that is called in this process, or `rulec serve` in one of its own."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from starlette.types import ASGIApp

from rulec.judgement.answers import Judge
from rulec.service.answering import answering_for
from rulec.service.app import Service
from rulec.service.http import bound
from rulec.service.keeping import Keeper
from rulec.service.limits import Keys, Limits
from rulec.service.loading import Origin
from rulec.service.watch import Watch, opened

ROOT = Path(__file__).parents[1]
REMISES = ROOT / "examples" / "remises" / "remises.regles"
ENGLISH = REMISES.with_name("discounts.rules")
URL = "http://127.0.0.1"
EVERY = 0.02  # seconds between two looks at the files
KEPT_WAITING = 30.0  # seconds that a test waits for a service on a busy machine


@dataclass
class Local:
    """An application in this process."""

    app: ASGIApp
    watch: Watch
    service: Service

    def call(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """The answer to a request."""

        async def asked() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
                return await client.request(method, path, **given)

        return asyncio.run(asked())

    def post(self, path: str, body: object, **headers: str) -> httpx2.Response:
        """The answer to JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, json=body, headers=named)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """What stands at a path."""
        return self.call("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def local(
    *paths: Path, keys: Sequence[str] = (), limits: Limits | None = None, judge: Judge | None = None,
    keeper: Keeper | None = None, beside: Watch | None = None, **named: Path,
) -> Local:  # fmt: skip
    """The rules of these files, each under its name or the one given."""
    watch = watch_over(*paths, **named)
    service = Service(watch, answering_for(limits or Limits(), judge, keeper, beside), Keys(keys))
    return Local(service.app(), watch, service)


def watch_over(*paths: Path, **named: Path) -> Watch:
    """The sets of these files."""
    origins = [Origin(path.stem, path) for path in paths] + [Origin(name, path) for name, path in named.items()]
    return opened(origins, "fr")


@contextmanager
def answering(service: Local) -> Iterator[int]:
    """The service on a port, in a thread."""
    service.watch.every = EVERY
    listening = bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(service.app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def call(port: int, method: str, path: str, body: object = None) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=KEPT_WAITING)
    connection.request(method, path, json.dumps(body), {"content-type": "application/json"})
    answer = connection.getresponse()
    told = answer.status, json.loads(answer.read())
    connection.close()
    return told


@contextmanager
def serving(
    *args: str | Path, folder: Path = ROOT, log: Sequence[str] = ("--log", "none"), **environment: str
) -> Iterator[tuple[str, list[str]]]:
    """`rulec serve` with these arguments: its address, and what it writes; it never shows a traceback."""
    log = () if "--log" in args else log
    command = [sys.executable, "-m", "rulec", "serve", *map(str, args), *log, "--http", "0"]
    known = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "fr_FR.UTF-8", **environment}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=folder, env=known, text=True, encoding="utf-8")
    assert process.stderr is not None
    said = [process.stderr.readline()]
    found = re.search(r"http://\S+", said[0])
    try:
        assert found, said[0] + process.stderr.read()
        yield found[0], said
    finally:
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=30)[1].splitlines()
        assert "Traceback" not in "\n".join(said), said
