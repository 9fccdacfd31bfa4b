"""V3's and V4's training sets."""

from __future__ import annotations

import json
from pathlib import Path

from harness.dataset import history
from harness.dataset.assemble import clean
from harness.dataset.records import read_records, write_records
from harness.families.catalogue import CATEGORIES
from harness.pipeline.stages import RECORDS, Stages
from harness.store import Artifact


class History(Stages):
    """What earlier versions were trained on, regenerated or the user's own."""

    def v3_data(self) -> Artifact:
        """V3's training set, regenerated, or the user's file."""
        given = self.profile.data.v3_file

        def build(folder: Path) -> None:
            if given is not None:
                records = clean(read_records(given, CATEGORIES), self.guard)
            else:
                data = self.profile.data
                records = history.build_v3(
                    self.guard, data.share, self._texts, data.seed, self.progress("V3 data")
                )
            write_records(folder / RECORDS, records)

        return self.store.get("v3_data", self._data_inputs(given), build)

    def v4_data(self) -> Artifact:
        """V4's training set, regenerated with its template testbenches, or the user's file."""
        given = self.profile.data.v4_file

        def build(folder: Path) -> None:
            if given is not None:
                records = clean(read_records(given, CATEGORIES), self.guard)
            else:
                data = self.profile.data
                records, tally = history.build_v4(
                    self.guard, data.share, self._texts, data.seed, self.progress("V4 data")
                )
                (folder / "kept.json").write_text(json.dumps(tally, indent=1), "utf-8")
            write_records(folder / RECORDS, records)

        return self.store.get("v4_data", self._data_inputs(given), build)
