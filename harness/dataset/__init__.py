"""Training data: records, the V3 and V4 sets regenerated, components A to D, and the V5 set."""
