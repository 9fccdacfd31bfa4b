"""The command: its answers, its exit status, and what it says when the question is at fault."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app

GOLDEN = """module toggle(input clk, input rst, input en, output reg q);
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= ~q;
endmodule
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "golden.v").write_text(GOLDEN)
    (tmp_path / "right.v").write_text(GOLDEN.replace("~q", "q ^ 1'b1"))
    (tmp_path / "wrong.v").write_text(GOLDEN.replace("if (en) ", ""))
    (tmp_path / "two.v").write_text(GOLDEN + GOLDEN.replace("toggle", "other"))
    (tmp_path / "binary.v").write_bytes(b"\xff\xfe\x00module")
    return tmp_path


def run(files: Path, golden: str, candidate: str, *more: str) -> tuple[int, str]:
    arguments = ["judge", "--golden", str(files / golden), "--candidate", str(files / candidate), *more]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_a_right_candidate_exits_0_and_a_wrong_one_1(files: Path) -> None:
    """The exit status is the verdict; the text shows the waveform, how it was driven and what was reached."""
    code, said = run(files, "golden.v", "right.v")
    assert (code, said.split("\n")[0]) == (0, "pass")
    code, said = run(files, "golden.v", "wrong.v")
    assert code == 1
    for part in (
        "mismatch: step",
        "expected q",
        "clock clk, reset rst (active high, by its use)",
        "2 states",
    ):
        assert part in said
    assert run(files, "golden.v", "binary.v")[0] == 1


def test_a_candidate_may_be_a_chat_answer(files: Path) -> None:
    """The code in an answer's fences or prose is judged as the gate would; a source with an error stays as it is."""
    for source, code in (("right.v", 0), ("wrong.v", 1)):
        answer = f"Here it is:\n\n```verilog\n{(files / source).read_text()}```\n\nThe module toggles q.\n"
        (files / "answer.md").write_text(answer)
        assert run(files, "golden.v", "answer.md")[0] == code
    (files / "bare.v").write_text("Here it is:\n" + (files / "right.v").read_text())
    assert run(files, "golden.v", "bare.v")[0] == 0
    (files / "broken.v").write_text("// Line 1.\n" + (files / "right.v").read_text().replace(";", "", 1))
    assert run(files, "golden.v", "broken.v")[1].startswith("compile_error: syntax: line 2")


def test_json_holds_the_whole_judgement(files: Path) -> None:
    """One object with outcome, mismatch, coverage and interface."""
    code, said = run(files, "golden.v", "wrong.v", "--json")
    found = json.loads(said)
    assert (code, found["outcome"], found["interface"]["clock"]) == (1, "mismatch", "clk")
    assert found["mismatch"]["window"] and found["coverage"]["states"] == 2


@pytest.mark.parametrize(
    ("golden", "more", "said"),
    [
        ("two.v", [], "found other, toggle: name it"),
        ("binary.v", [], "does not parse"),
        ("golden.v", ["--clock", "none"], "no 1-bit input 'none'"),
        ("none.v", [], "does not exist"),
    ],
)
def test_a_question_at_fault_exits_2(files: Path, golden: str, more: list[str], said: str) -> None:
    """A golden that cannot be driven, a wrong name and a missing file are told from a wrong candidate."""
    code, output = run(files, golden, "right.v", *more)
    assert code == 2
    assert said in " ".join(output.replace("│", " ").split())


BENCH = """module tb;
  reg clk = 0, rst = 1, en = 0; wire q; reg want = 0; integer i, errors = 0;
  toggle dut(clk, rst, en, q);
  initial begin
    for (i = 0; i < 40; i = i + 1) begin
      rst = i < 2 || i % 7 == 0; en = i[0] ^ i[2];
      #1 if (i > 0 && q !== want) errors = errors + 1;
      clk = 1; want = rst ? 0 : en ? ~want : want;
      #1 if (q !== want) errors = errors + 1;
      clk = 0;
      #1 if (q !== want) errors = errors + 1;
    end
    if (errors == 0) $display("TEST PASSED"); else $display("TEST FAILED");
    $finish;
  end
endmodule
"""


def test_testbenches_are_admitted_or_not(files: Path) -> None:
    """A strict testbench is admitted; one that never looks is not, and the survivors are shown as diffs."""
    (files / "strict.v").write_text(BENCH)
    (files / "blind.v").write_text(BENCH.replace("q !== want", "q === 1'bx"))
    golden = ["--golden", str(files / "golden.v"), "--testbench"]
    (files / "strict.md").write_text(f"A testbench:\n```verilog\n{BENCH}```\nIt is strict.\n")
    for strict in ("strict.v", "strict.md"):
        good = CliRunner().invoke(app, ["admit", *golden, str(files / strict)])
        assert (good.exit_code, good.output.split("\n")[0]) == (0, "admitted"), good.output
    bad = CliRunner().invoke(app, ["admit", *golden, str(files / "blind.v")])
    assert (bad.exit_code, bad.output.split("\n")[0]) == (1, "not admitted")
    assert "fault: accepts a stub with constant outputs (0)" in bad.output
    assert "-  always @(posedge clk) if (rst) q <= 0;" in bad.output
    (files / "own.v").write_text(BENCH + (files / "golden.v").read_text())
    own = CliRunner().invoke(app, ["admit", *golden, str(files / "own.v")])
    assert own.exit_code == 2 and "itself: leave the design out of it" in own.output
    found = json.loads(CliRunner().invoke(app, ["admit", *golden, str(files / "blind.v"), "--json"]).output)
    assert not found["admitted"]
    assert len(found["survivors"]) == found["live"] - found["killed"] > 0


def test_a_suite_is_audited(tmp_path: Path) -> None:
    """Unsound testbenches of an outside suite are named and the answer is no; a wrong folder is the caller's fault."""
    fixture = Path(__file__).parent / "suites" / "fixtures" / "verilog_eval"
    found = CliRunner().invoke(app, ["audit", "--suite", f"verilog-eval:{fixture}"])
    assert found.exit_code == 1
    assert "3 of 4 are unsound" in found.output
    wrong = CliRunner().invoke(app, ["audit", "--suite", f"verilog-eval:{tmp_path}"])
    assert (wrong.exit_code, str(tmp_path) in wrong.output.replace("\n", "")) == (2, True)


def test_a_testbench_that_was_not_asked_is_no_yes(tmp_path: Path) -> None:
    """A reference that nothing can be made from is a fault of the question, and an unsound testbench is still a no."""
    rtllm = Path(__file__).parent / "suites" / "fixtures" / "rtllm"
    pad = tmp_path / "pad"
    shutil.copytree(next(rtllm.rglob("silent")), pad)
    (pad / "verified_silent.v").write_text("module silent(inout a, output y); assign y = a; endmodule")
    bench = 'module test; wire a, y; silent dut(a, y); initial $display("Your Design Passed"); endmodule'
    (pad / "testbench.v").write_text(bench)
    found = CliRunner().invoke(app, ["audit", "--suite", f"rtllm:{tmp_path}", "--json"])
    assert found.exit_code == 2
    assert [one["sound"] for one in json.loads(found.output)] == [None]
    shutil.copytree(next(rtllm.rglob("inverted")), tmp_path / "inverted")
    assert CliRunner().invoke(app, ["audit", "--suite", f"rtllm:{tmp_path}"]).exit_code == 1


def test_a_module_can_be_named(files: Path) -> None:
    """--top chooses among several modules of the golden."""
    assert run(files, "two.v", "right.v", "--top", "toggle")[0] == 0
