"""Runs checkov several times, each time in a process forked from one that has read it: that takes longer than most runs.

Standard input has the runs as JSON: for each its arguments, and the folder that it works in and prints into. Standard output
gets the codes that they ended with, in their order; a negative one is a signal's.
"""

import json
import os
import sys
import traceback

from checkov.main import Checkov


def main() -> None:
    runs = json.load(sys.stdin)
    codes = [0] * len(runs)
    waiting, running = list(enumerate(runs)), {}
    while waiting or running:
        if waiting and len(running) < (os.cpu_count() or 1):
            index, run = waiting.pop(0)
            running[fork(run)] = index
        else:
            process, status = os.wait()
            codes[running.pop(process)] = os.waitstatus_to_exitcode(status)
    json.dump(codes, sys.stdout)


def fork(run: dict) -> int:
    process = os.fork()
    if process == 0:
        code = 1
        try:
            code = scan(**run)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return process


def scan(arguments: list, folder: str) -> int:
    os.chdir(folder)
    for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, stream.fileno())
        os.close(file)
    sys.argv = ["checkov", *arguments]
    return Checkov(argv=arguments).run() or 0


main()
