"""A7's two writers side by side: what their testbenches of the same FSMs accept and reject.

    .tox/harness/bin/python benchmarks/writers.py [--replies benchmarks/recordings/a7] [--model claude-interactive]

The API's side is replayed from a folder of stored replies, without key or network; --ask asks the API for what the
folder lacks, and needs a key. Both are put through admission: goldens in all styles, stubs, and the mutants of the
golden; the score is the share of live mutants killed.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

from harness.a7.ledger import Ledger
from harness.a7.replay import Replay
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7
from harness.families.catalogue import FSM, draw
from harness.families.spec import Spec
from harness.report.table import table
from harness.testbench.a7 import Attempt, OfflineA7, Writer
from harness.testbench.admission import Subject, admit

RECORDED = Path(__file__).parent / "recordings" / "a7"
RECORDED_MODEL = "claude-interactive"
COLUMNS = ["category", "writer", "replies", "live mutants", "score", "admitted", "lines"]


def sample(specs: int) -> list[Spec]:
    """So many FSMs of each kind, always the same."""
    return [spec for category in FSM for spec in islice(draw(category, "writers"), specs)]


def row(spec: Spec, writer: str, attempt: Attempt) -> list[object]:
    """What admission says of one testbench, or why there is none."""
    if attempt.testbench is None:
        return [spec.category, writer, attempt.turns, "-", "-", attempt.reason, "-"]
    found = admit(Subject.of_spec(spec), attempt.testbench)
    admitted = "yes" if found.admitted else f"no: {'; '.join(found.faults) or 'score'}"
    lines = len(attempt.testbench.splitlines())
    return [spec.category, writer, attempt.turns, found.live, f"{found.score:.1%}", admitted, lines]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replies", type=Path, default=RECORDED, metavar="FOLDER")
    parser.add_argument("--model", default=RECORDED_MODEL, help="whose replies, as the requests name it")
    parser.add_argument("--specs", type=int, default=1, help="FSMs of each kind")
    parser.add_argument("--ask", action="store_true", help="ask the API for replies that are not stored")
    options = parser.parse_args()
    settings = ApiSettings(model=options.model)
    client = None if options.ask else Replay(Ledger(options.replies))
    writers: list[Writer] = [OfflineA7(), AnthropicA7(settings, options.replies, client=client)]
    specs = sample(options.specs)
    rows = []
    for writer in writers:
        for spec, attempt in zip(specs, writer.write_all(specs, [""] * len(specs)), strict=True):
            rows.append(row(spec, writer.name, attempt))
            print(*rows[-1], flush=True)
    print(table("", COLUMNS, sorted(rows, key=lambda line: FSM.index(str(line[0])))))


if __name__ == "__main__":
    main()
