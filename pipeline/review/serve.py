"""Run the pages on this machine alone until the reader is done."""

import secrets
import socket
from collections.abc import Callable

import uvicorn

from pipeline.errors import CasefactsError
from pipeline.review.app import Clock, make_app
from pipeline.review.guard import Guard
from pipeline.review.index import Index

LOOPBACK = "127.0.0.1"


def serve(index: Index, *, port: int, clock: Clock, opened: Callable[[str, str], None]) -> None:
    """Serve an index until interrupted; a *port* of 0 is any free one.

    *opened* is called once the page can be loaded, with an address that opens it any number of times and one that does so
    once: the latter may be given to a browser as an argument, which other users of the machine can read.
    """
    with _bound(port) as listening:
        port = listening.getsockname()[1]
        token, code = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        guarded = Guard(make_app(index, clock=clock), port=port, token=token, code=code)
        config = uvicorn.Config(guarded, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none")
        listening.listen()
        opened(f"http://{LOOPBACK}:{port}/?token={token}", f"http://{LOOPBACK}:{port}/?code={code}")
        uvicorn.Server(config).run(sockets=[listening])


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError as error:
        listening.close()
        raise CasefactsError(f"port {port} of this machine cannot be had ({error.strerror}); name another by --port") from error
    return listening
