"""Loads the harness into pytest; everything is in harness/plugin.py."""

pytest_plugins = ["harness.plugin"]
