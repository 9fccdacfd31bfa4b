"""Renaming modules by token, and writing sources out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.rtl.rename import RESERVED, NestingError, flatten, legible, parse, rename, syntax_errors


def words(text: str) -> list[str]:
    return text.split()


def test_definitions_instances_and_labels_are_renamed() -> None:
    """All three places where a module's name stands get the prefix."""
    source = "module leaf(input x); endmodule module top(input x); leaf u(.x(x)); endmodule : top"
    assert words(rename(source, "p_")) == words(
        "module p_leaf ( input x ) ; endmodule "
        "module p_top ( input x ) ; p_leaf u ( .x ( x ) ) ; endmodule : p_top"
    )


def test_other_uses_of_the_name_stay() -> None:
    """Signals, instances, strings and comments with a module's name are left alone."""
    source = (
        'module a; wire b; localparam S = "module a"; b a(); endmodule module b; wire a; /* a */ endmodule'
    )
    assert words(rename(source, "p_")) == words(
        'module p_a ; wire b ; localparam S = "module a" ; p_b a ( ) ; endmodule '
        "module p_b ; wire a ; endmodule"
    )


def test_unknown_modules_keep_their_names() -> None:
    """An instance of a module that the source does not define is not ours to rename."""
    assert "p_other" not in rename("module a; other u(); endmodule", "p_")


def test_no_escaped_name_is_left() -> None:
    """A name that needs no escape loses it; any other, such as a system task's or a keyword's, is replaced."""
    source = "module \\a+b (input \\c ); wire \\$finish = c, \\wire = \\$finish ; endmodule"
    found = words(rename(source, "p_"))
    odd, task, keyword = (f"e{n}{RESERVED}" for n in (0, 2, 3))
    assert found == words(f"module p_{odd} ( input c ) ; wire {task} = c , {keyword} = {task} ; endmodule")


def test_lines_are_kept() -> None:
    """A token stands on the line it came from, so the compiler's messages fit the candidate's text."""
    source = "// one\nmodule a;\n\n  (* keep *) wire x; /* two\n three */ wire y;\nendmodule"
    lines = flatten(parse(source)).text.split("\n")
    assert [line.strip() for line in lines] == ["", "module a ;", "", "wire x ;", "wire y ;", "endmodule", ""]


def test_literals_keep_their_digits() -> None:
    """Base and digits stay together, which Verilog requires."""
    text = flatten(parse("module a; wire [7:0] x = 8 'h f_0 + 4'sb1x0z + 'd3 + '1; endmodule")).text
    assert "8 'hf_0 + 4 'sb1x0z + 'd3 + '1" in text


def test_macros_are_written_out() -> None:
    """Constants from `define are replaced, and no directive is left."""
    text = flatten(parse("`define W 8\n`ifdef X\nbad\n`endif\nmodule a; wire [`W-1:0] x; endmodule")).text
    assert "[ 8 - 1 : 0 ]" in text
    assert "`" not in text


def test_deep_nesting_is_refused() -> None:
    """Nesting that could overflow a stack raises before anything recurses."""
    with pytest.raises(NestingError):
        flatten(parse("module a; wire x = " + "(" * 2000 + "1" + ")" * 2000 + "; endmodule"))
    with pytest.raises(NestingError):
        flatten(parse("module a; wire x = " + "+".join("1" * 5000) + "; endmodule"))


def test_syntax_errors_are_refused() -> None:
    """A source that does not parse cannot be renamed, and the message says where it fails."""
    with pytest.raises(ValueError, match="line 2"):
        rename("module a;\nwire = 1; endmodule", "p_")


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True), min_size=1, max_size=4, unique=True))
def test_renaming_is_reversible(names: list[str]) -> None:
    """Taking the prefix away again gives the text without renaming, whatever the modules are called."""
    source = "".join(f"module \\{name} ;\nwire w_{name};\n\\{names[0]} u();\nendmodule\n" for name in names)
    assert rename(source, "p__").replace("p__", "") == flatten(parse(source)).text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a==4'd9?b:c", "a==4'd9 ?b:c"),
        ("a=='sd1_0?b:c", "a=='sd1_0 ?b:c"),
        ("6'b10?", "6'b10?"),
        ("4'd?", "4'd?"),
    ],
)
def test_a_question_mark_after_a_decimal_is_an_operator(said: str, meant: str) -> None:
    """Only where a `?` cannot be a digit of the number is it parted from it, and such a source has no syntax error."""
    assert legible(said) == meant == legible(meant)
    source = "module m(input a, output y); assign y = a == 1'd1?1'd0:1'd1; endmodule"
    assert not syntax_errors(parse(source))
