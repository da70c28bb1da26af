"""`chatwright`, and `python -m chatwright`."""

import gc
import os
import sys

from chatwright.cli import main


def run() -> None:
    """Run the program, and end the process with its exit code.

    Nearly all that a compiler makes lives until it is done: looking through it for cycles, again
    and again, would take a sixth of its time, and taking it apart piece by piece at the end a
    twentieth.
    """
    gc.disable()
    try:
        main(prog_name="chatwright")
    except SystemExit as end:
        if isinstance(end.code, int) and _all_is_said():
            os._exit(end.code)
        raise


def _all_is_said() -> bool:
    """Whether what was printed could be handed over."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    run()
