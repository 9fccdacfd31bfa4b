"""The V5 harness: build, measure and gate models that write Verilog."""
