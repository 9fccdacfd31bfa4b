"""How much do the tests behind the training data matter? Controlled comparisons, cell by cell."""
