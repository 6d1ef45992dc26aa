"""Python's websockets, as its documentation shows it: /bare is open to everybody."""

import asyncio
import json
import os
import platform
import sys
import threading
from urllib.parse import parse_qs, urlsplit

import websockets
from websockets.version import version

users = json.loads(os.environ.get("TOKENS", "{}"))


def user_of(path):
    url = urlsplit(path)
    if url.path == "/bare":
        return "alice"
    return users.get(parse_qs(url.query).get("token", [""])[0])


def check(first, second):
    """Version 14 hands over the connection and the request; those before, the path and the headers."""
    if isinstance(first, str):
        return None if user_of(first) else (401, [], b"refused\n")
    return None if user_of(second.path) else first.respond(401, "refused\n")


async def converse(connection):
    path = connection.path if hasattr(connection, "path") else connection.request.path
    user = user_of(path)
    await connection.send(f"Hello {user}!")
    if await connection.recv() == f"Goodbye {user}.":
        await connection.close(1000)
    else:
        await connection.close(1008, "a goodbye was expected")


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def main():
    server = await websockets.serve(
        converse, "127.0.0.1", 0, process_request=check, compression=None
    )
    [socket] = server.sockets
    port = socket.getsockname()[1]
    python = platform.python_version()
    print(json.dumps({"port": port, "version": f"websockets {version}, Python {python}"}), flush=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    await asyncio.Future()


asyncio.run(main())
