"""Components A to D, and the V5 training set that they make up."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.a7.candidates import AnthropicCandidates
from harness.a7.conversation import Transport
from harness.a7.errors import KEY
from harness.a7.writer import AnthropicA7, connect
from harness.dataset import components, history, policies
from harness.dataset.assemble import assemble
from harness.dataset.component_c import C_TARGETS, CandidateWriter, component_c
from harness.dataset.leakage import Nearest, nearest
from harness.dataset.records import write_records
from harness.dataset.requests import asked
from harness.dataset.trace import mine
from harness.families.spec import Spec
from harness.model.recordings import write_recording
from harness.pipeline.models import ANSWERS, BASELINES, C_ROLE, Models
from harness.pipeline.stages import DATA_SOURCES, RECORDS, records_of
from harness.store import Artifact, digest_file, write_atomic
from harness.testbench.a7 import OfflineA7, Writer
from harness.testbench.strictness import Strictness, strictness

JUDGE_SOURCES = ("families", "rtl", "simulate", "benchmark")


class Components(Models):
    """V5's data, of which component C needs a model and a testbench writer."""

    def component_a(self) -> Artifact:
        v4 = self.v4_data()

        def build(folder: Path) -> None:
            chosen = components.component_a(records_of(v4), self.profile.data.share)
            write_records(folder / RECORDS, chosen)

        return self.store.get("component_a", {"v4": v4.key, **self._code("dataset")}, build)

    def component_b(self) -> Artifact:
        """V3's floor; verdicts.json says which of its records the judge finds right."""
        v3, data = self.v3_data(), self.profile.data
        inputs = {
            "v3": v3.key,
            "verified": data.b_verified,
            "more_v3_fsms": data.more_v3_fsms,
            **self._data_inputs(data.v3_file),
        }

        def build(folder: Path) -> None:
            chosen = components.component_b(records_of(v3))
            if data.more_v3_fsms:
                more = self.progress("more V3 FSMs")
                chosen += policies.more_v3_fsms(self.guard, data.share, self._texts, data.seed, more)
            right = components.verified(chosen, self.progress("component B judged"))
            (folder / "verdicts.json").write_text(
                json.dumps({"right": sum(right), "of": len(right)}), "utf-8"
            )
            if data.b_verified:
                chosen = [record for record, good in zip(chosen, right, strict=True) if good]
            write_records(folder / RECORDS, chosen)

        return self.store.get("component_b", inputs, build)

    @cached_property
    def a7(self) -> Writer:
        """Who writes component C's testbenches. API replies are kept in the store and never paid for twice."""
        chosen = self.profile.data.a7
        if chosen == "offline" or (chosen == "auto" and not os.environ.get(KEY)):
            return OfflineA7()
        return AnthropicA7(self.profile.api, self.store.root / "a7_replies", client=self._api)

    @cached_property
    def _acted(self) -> list[str]:
        """A sentence on each thing that the API's client did about rate limits."""
        return []

    @cached_property
    def _api(self) -> Transport:
        """One client for both writers, and so one budget and one store of replies."""

        def act(sentence: str) -> None:
            self._acted.append(sentence)
            self.store.say(sentence)

        return connect(self.profile.api, self.store.root / "a7_replies", self.progress("API"), act)

    def component_c(self) -> Artifact:
        """FSMs written by a model and accepted by A7; tally.json counts the attempts."""
        data = self.profile.data
        write, writer_name, writer_key = self._candidate_writer()

        def build(folder: Path) -> None:
            answers: list[tuple[str, int, str]] = []

            def remember(specs: Sequence[Spec], prompts: Sequence[str]) -> Sequence[str]:
                found = write(specs, prompts)
                answers.extend((prompt, 0, text) for prompt, text in zip(prompts, found, strict=True))
                return found

            made = component_c(
                remember,
                self.a7,
                self.guard,
                writer_name=writer_name,
                share=data.share,
                texts=self._fsm_texts,
                seed=data.seed,
                progress=self.progress("component C accepted"),
                say=self.store.say,
            )
            write_records(folder / RECORDS, made.records)
            (folder / "tally.json").write_text(
                json.dumps({k: {**asdict(t), "rate": t.rate} for k, t in made.tally.items()}, indent=1),
                "utf-8",
            )
            write_atomic(folder / "policies.json", json.dumps([*self._acted, *made.policies], indent=1))
            made_by = self._provenance(data.c_writer) if "merged" in writer_key else {}
            write_recording(folder / ANSWERS, {"model": writer_name, **writer_key, **made_by}, answers)

        inputs = {
            "writer": writer_key,
            "a7": self.a7.key,
            "fsm_versions": data.fsm_versions,
            **self._data_inputs(None),
        }
        artifact = self.store.get("component_c", inputs, build)
        if self._records_anew and data.c_writer in BASELINES:
            self._keep_recording(artifact.path / ANSWERS, C_ROLE)
        return artifact

    def component_d(self) -> Artifact:
        data = self.profile.data

        def build(folder: Path) -> None:
            mined = mine(data.trace, data.mined, self.guard) if data.trace else []
            records = components.component_d(
                self.guard, data.edge_cases, data.holes, mined, texts=self._fsm_texts, seed=data.seed
            )
            write_records(folder / RECORDS, records)

        inputs = {
            "fsm_versions": data.fsm_versions,
            "edge_cases": data.edge_cases,
            "holes": data.holes,
            "mined": data.mined,
            **self._data_inputs(data.trace),
        }
        return self.store.get("component_d", inputs, build)

    def component(self, name: str) -> Artifact:
        """Component `a`, `b`, `c` or `d`."""
        artifact: Artifact = getattr(self, f"component_{name}")()
        return artifact

    def v5_data(self) -> Artifact:
        """The V5 training set: A to D merged, checked, shuffled."""
        parts, data = {name: self.component(name) for name in "abcd"}, self.profile.data

        def build(folder: Path) -> None:
            merged = assemble({name: records_of(part) for name, part in parts.items()}, self.guard)
            if data.reduced:
                merged = policies.reduced(merged, round(policies.REDUCED * data.share))
            write_records(folder / RECORDS, merged)

        inputs: dict[str, Any] = {f"component_{name}": part.key for name, part in parts.items()}
        inputs["reduced"] = data.reduced
        return self.store.get("v5_data", {**inputs, **self._code("dataset")}, build)

    def _candidate_writer(self) -> tuple[CandidateWriter, str, dict[str, Any]]:
        """Who writes component C's candidates: the function, its name for the metadata, and its part of the key."""
        data = self.profile.data
        if data.c_writer == "teacher":
            wrong = data.teacher_wrong

            def teach(specs: Sequence[Spec], prompts: Sequence[str]) -> Sequence[str]:
                return [
                    c.rtl
                    for c in history.with_faults(
                        specs, lambda spec: wrong, f"teacher:{data.seed}:{prompts[0]}"
                    )
                ]

            return teach, "teacher_with_faults", {"teacher_wrong": wrong}
        if data.c_writer == "anthropic":
            claude = AnthropicCandidates(self.profile.api, self._api)
            return claude, claude.name, dict(claude.key)
        recorded = self._recording(C_ROLE)
        if recorded is not None:
            made_by = dict(recorded.made_by)

            def replay(specs: Sequence[Spec], prompts: Sequence[str]) -> Sequence[str]:
                return [found[0] for found in recorded.find(prompts, [0])]

            return replay, str(made_by["model"]), {"recording": digest_file(recorded.path)}
        merged = self.merged(data.c_writer)

        def ask(specs: Sequence[Spec], prompts: Sequence[str]) -> Sequence[str]:
            found = self.generate(data.c_writer, prompts, [0] * len(prompts), "component C candidates")
            return [answers[0] for answers in found]

        return ask, f"{data.c_writer}_model", {"merged": merged.key, **self.decoding}

    def neighbours(self) -> list[Nearest]:
        """The training text nearest to each text of the benchmark."""
        data = self.v5_data()

        def build(folder: Path) -> None:
            found = nearest(self.held_out.tasks, [asked(record) for record in records_of(data)])
            write_atomic(folder / "nearest.json", json.dumps([asdict(pair) for pair in found]))

        inputs = {"v5_data": data.key, "suite": self.held_out.digest, **self._code("dataset")}
        path = self.store.get("neighbours", inputs, build).path / "nearest.json"
        return [Nearest(**pair) for pair in json.loads(path.read_text("utf-8"))]

    def strictness(self) -> list[Strictness]:
        """For a sample of each kind of FSM, what A7's testbench and V4's template kill of its mutants."""
        inputs = {"a7": self.a7.key, **self._code(*DATA_SOURCES)}

        def build(folder: Path) -> None:
            progress = self.progress("testbenches tried on mutants")
            found = strictness(self.a7, C_TARGETS, progress)
            write_atomic(folder / "strictness.json", json.dumps([asdict(one) for one in found]))

        path = self.store.get("strictness", inputs, build).path / "strictness.json"
        return [Strictness(**one) for one in json.loads(path.read_text("utf-8"))]

    def training_data(self, model: str) -> Artifact:
        return {"v3": self.v3_data, "v4": self.v4_data, "v5": self.v5_data}[model]()
