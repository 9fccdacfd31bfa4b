"""Formal equivalence of two Verilog modules: proved for all time on their circuits, confirmed in simulation."""
