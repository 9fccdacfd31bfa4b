"""Verilog as text: taken out of answers, screened, renamed and mutated."""
