"""Testbenches: V4's weak templates, A7's strict ones, how they are run, and whether one may verify data."""
