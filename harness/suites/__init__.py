"""Benchmarks that other people publish: read in their own layout, audited, and scored by two judges."""
