"""What every subject is asked to do: `SUBJECT.py JOB URL [COUNT]`.

Imports nothing beyond what a bare interpreter has loaded until a job needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from importlib import import_module
from typing import Any

CONNECTIONS = 50
WARM = 20


def _sent(*_: object, **__: object) -> Any:
    """Stands for the HTTP library's request function: the measured span ends here."""
    os._exit(0)


def _intercept(transport: str) -> None:
    module, class_, function = {
        "urllib3": ("urllib3.connectionpool", "HTTPConnectionPool", "urlopen"),
        "aiohttp": ("aiohttp", "ClientSession", "_request"),
        "httpx": ("httpx2", "Client", "send"),
        "httpx-async": ("httpx2", "AsyncClient", "send"),
    }[transport]
    setattr(getattr(import_module(module), class_), function, _sent)


def _report(value: float) -> None:
    print(value, flush=True)


def run(
    transport: str,
    *,
    connect: Callable[[str], Any],
    call: Callable[[Any], object],
    stream: Callable[[Any], int] | None = None,
) -> None:
    """Does the job that the command line names with a blocking client."""
    from time import perf_counter, process_time

    job, url, *rest = sys.argv[1:]
    client = connect(url)
    match job:
        case "first":
            _intercept(transport)
            call(client)
        case "call":
            for _ in range(WARM):
                call(client)
            count = int(rest[0])
            started = process_time()
            for _ in range(count):
                call(client)
            _report((process_time() - started) / count)
        case "construct":
            count = int(rest[0])
            started = process_time()
            for _ in range(count):
                connect(url)
            _report((process_time() - started) / count)
        case "stream" if stream is not None:
            stream(client)
            started = perf_counter()
            events = stream(client) + stream(client)
            _report(events / (perf_counter() - started))
        case _:
            raise SystemExit(f"no job {job}")


def run_async(
    transport: str,
    *,
    connect: Callable[[str], Any],
    call: Callable[[Any], Coroutine[Any, Any, object]],
    stream: Callable[[Any], Coroutine[Any, Any, int]] | None = None,
    close: Callable[[Any], Awaitable[object]],
) -> None:
    """Does the job that the command line names with an asyncio client."""
    from asyncio import gather
    from asyncio import run as run_loop
    from time import perf_counter, process_time

    async def main() -> None:
        job, url, *rest = sys.argv[1:]
        client = connect(url)
        match job:
            case "first":
                _intercept(transport)
                await call(client)
            case "call":
                for _ in range(WARM):
                    await call(client)
                count = int(rest[0])
                started = process_time()
                for _ in range(count):
                    await call(client)
                _report((process_time() - started) / count)
            case "construct":
                count = int(rest[0])
                started = process_time()
                for _ in range(count):
                    connect(url)
                _report((process_time() - started) / count)
            case "stream" if stream is not None:
                await stream(client)
                started = perf_counter()
                events = await stream(client) + await stream(client)
                _report(events / (perf_counter() - started))
            case "concurrent":
                share = int(rest[0]) // CONNECTIONS

                async def worker(calls: int) -> None:
                    for _ in range(calls):
                        await call(client)

                await gather(*(worker(2) for _ in range(CONNECTIONS)))
                started = perf_counter()
                await gather(*(worker(share) for _ in range(CONNECTIONS)))
                _report(share * CONNECTIONS / (perf_counter() - started))
            case _:
                raise SystemExit(f"no job {job}")
        await close(client)

    run_loop(main())
