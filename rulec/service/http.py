"""An application in, a server on a port out, until it is stopped."""

import socket

import uvicorn
from starlette.types import ASGIApp

from rulec.service.limits import Limits

BACKLOG = 1024  # connections that wait to be taken


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError where it cannot."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server((address[0], port), family=family, backlog=BACKLOG)


def url_of(listening: socket.socket) -> str:
    """Its address, as a browser writes it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: ASGIApp, listening: socket.socket, limits: Limits) -> None:
    """Answer until the process is told to stop; what is being answered then is answered first."""
    config = uvicorn.Config(
        app, lifespan="on", ws="none", access_log=False, log_config=None, server_header=False,
        timeout_graceful_shutdown=limits.seconds, backlog=BACKLOG,
    )  # fmt: skip
    uvicorn.Server(config).run([listening])
