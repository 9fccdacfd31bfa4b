"""Yosys and ABC in the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.formal.tools import Failed, abc, yosys
from harness.simulate import sandbox
from harness.simulate.sandbox import Limits, run


@pytest.mark.parametrize("guarded", [True, False])
def test_tools_run_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """With and without bubblewrap, Yosys reads and writes there, and what ABC printed last comes back."""
    if not guarded:
        monkeypatch.setattr(sandbox, "bubblewrap_works", lambda: False)
    elif not sandbox.bubblewrap_works():
        pytest.skip("bubblewrap is not usable here")
    (tmp_path / "m.v").write_text("module m(input a, output y); assign y = ~a; endmodule")
    yosys("read_verilog m.v\naigmap\nwrite_aiger m.aig", tmp_path, 20)
    assert "i/o" in abc("read_aiger m.aig; print_stats", tmp_path, 20)


def test_errors_are_told(tmp_path: Path) -> None:
    """What Yosys finds wrong, and that ABC needed more processor time, are in the message."""
    with pytest.raises(Failed, match=r"Yosys: .*missing\.v"):
        yosys("read_verilog missing.v", tmp_path, 20)
    (tmp_path / "m.v").write_text(
        "module m(input [31:0] a, b, output y);"
        "assign y = a * b != b * a[15:0] + ((b * a[31:16]) << 16); endmodule"
    )
    yosys("read_verilog m.v\ntechmap\naigmap\nwrite_aiger m.aig", tmp_path, 20)
    with pytest.raises(Failed, match="ABC: out of time"):
        abc("read_aiger m.aig; iprove", tmp_path, 1)


@pytest.mark.skipif(not sandbox.bubblewrap_works(), reason="bubblewrap is not usable here")
def test_what_is_readable_is_not_writable(tmp_path: Path) -> None:
    """A command sees the folders it is given, cannot change them, and sees nothing beside them."""
    for name in ("inside", "given", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    script = f"cat {tmp_path}/given/file {tmp_path}/other/file; echo x > {tmp_path}/given/new"
    completed = run(["sh", "-c", script], tmp_path / "inside", Limits(), readable=(str(tmp_path / "given"),))
    assert completed.stdout == "given"
    assert [path.name for path in (tmp_path / "given").iterdir()] == ["file"]
