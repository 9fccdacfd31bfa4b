"""A worker whose library writes to stdout; says one line, and then more for as long as it lives."""

from __future__ import annotations

import os
import time

from harness.model.workers import keep_stdout, say

if __name__ == "__main__":
    keep_stdout()
    os.write(1, b"NCCL version 2.29.3\n")
    for second in range(60):
        say({"second": second, "process": os.getpid()})
        time.sleep(1)
