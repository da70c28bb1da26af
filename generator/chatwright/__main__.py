"""`python -m chatwright`."""

from chatwright.cli import main

main(prog_name="chatwright")
