"""`chatwright`, and `python -m chatwright`."""

import gc

from chatwright.cli import main


def run() -> None:
    """Run the program.

    Nearly all that a compiler makes lives until it is done: looking through it for cycles, again
    and again and once more at the end, would take a sixth of its time.
    """
    gc.disable()
    main(prog_name="chatwright")


if __name__ == "__main__":
    run()
