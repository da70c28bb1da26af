"""`python -m tests.loopback specs/openai.yaml --port 0`: prints the base URL and serves."""

from __future__ import annotations

import argparse
import sys

from tests.loopback.server import LoopbackServer


def main() -> None:
    """Serves until standard input ends or an interrupt comes."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.loopback", description=__doc__
    )
    parser.add_argument("document", help="an OpenAPI 3.x document")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()
    with LoopbackServer(arguments.document, port=arguments.port) as server:
        print(server.url, flush=True)
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return


main()
