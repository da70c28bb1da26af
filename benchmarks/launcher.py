"""Runs a command and prints its wall seconds, CPU seconds, peak memory and exit code as JSON.

A process of its own, started bare, because Linux counts the memory of the parent at the moment of
the fork into the child's peak: this parent is smaller than anything that it starts.
"""

import json
import os
import sys
import time


def main() -> None:
    """Expects the file for the result and the command; its output is the command's own."""
    result, *command = sys.argv[1:]
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    with open(result, "w", encoding="utf-8") as file:
        json.dump(
            {
                "seconds": seconds,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak": usage.ru_maxrss * unit,
                "code": os.waitstatus_to_exitcode(status),
            },
            file,
        )


main()
