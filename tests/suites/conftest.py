"""The fixtures in each layout: one sound problem, and one for each fault that the audit looks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
GATE = "module top_module(input a, input b, output y); assign y = {}; endmodule\n"
MUTANTS = [GATE.format("a & ~b"), GATE.format("a | ~b"), GATE.format("a ^ b"), GATE.format("a +")]
"""Of the suite's own mutants the first is none, two are wrong, and the last does not compile."""


@pytest.fixture(scope="session")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Where each layout's fixture lies. CorrectBench's is made of VerilogEval's: the same problems in lines."""
    source, folder = FIXTURES / "verilog_eval", tmp_path_factory.mktemp("correctbench")
    rows = []
    for prompt in sorted(source.glob("*_prompt.txt")):
        key = prompt.name.removesuffix("_prompt.txt")
        golden, test = ((source / f"{key}_{part}.sv").read_text() for part in ("ref", "test"))
        bench = f"{golden}{test}".replace("RefModule", "reference_module").replace("TopModule", "top_module")
        golden = golden.replace("RefModule", "top_module")
        said = {
            "task_id": key,
            "task_number": 1,
            "description": prompt.read_text(),
            "header": "module top_module",
        }
        rows.append({**said, "module_code": golden, "testbench": bench})
    (folder / "HDLBits_data.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    mutants = {"task_id": "Prob001_gate", "mutants": MUTANTS}
    (folder / "HDLBits_data_mutants.jsonl").write_text(f"{json.dumps(mutants)}\n")
    return {"verilog-eval": source, "rtllm": FIXTURES / "rtllm", "correctbench": folder}
