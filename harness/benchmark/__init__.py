"""The benchmark: suites of held-out specs, scores from verdicts, and what the scores can tell."""
