"""A launcher like torchrun: its worker has a session of its own and ends when the launcher is asked to end.

Where it is told to fail it says, as torchrun does, much after the cause.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

if __name__ == "__main__":
    if os.environ.get("FAILS"):
        print("ZeroDivisionError: the cause", file=sys.stderr)
        print(
            "E1129 torch/distributed/elastic/multiprocessing/api.py:986] failed", "\n" * 4000, file=sys.stderr
        )
        sys.exit(1)
    worker = subprocess.Popen([sys.executable, *sys.argv[1:]], start_new_session=True)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.kill())
    worker.wait()
