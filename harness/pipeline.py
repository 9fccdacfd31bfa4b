"""The stages wired together: what each needs, what decides its result, and where its artifact lies.

Every method returns a finished artifact (or what is read from it) and builds what is missing, its inputs first.
Cheap stages are keyed by their code, so that an edit rebuilds them; training and generation are keyed by the
content they are given and a version that is raised when their results change, for they take long.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from harness.a7.errors import KEY
from harness.a7.writer import AnthropicA7
from harness.benchmark.score import Scores, load_scores, score
from harness.benchmark.suite import SPLITS, Suite, load_suite
from harness.dataset import components, history
from harness.dataset.assemble import assemble, clean
from harness.dataset.leakage import Guard
from harness.dataset.records import Record, read_records, write_records
from harness.dataset.trace import mine
from harness.families.catalogue import CATEGORIES
from harness.families.spec import Spec
from harness.model.partial import answer_all
from harness.model.recordings import Recording, read_recording, write_recording
from harness.profile import Profile
from harness.report.progress import Progress
from harness.simulate.cache import VerdictCache
from harness.store import Artifact, Store, canonical, digest, digest_file, digest_tree
from harness.testbench.a7 import OfflineA7, Writer

ROOT = Path(__file__).resolve().parents[1]
TRAINING_VERSION = 2
GENERATION_VERSION = 2
# What decides the bytes of a dataset or the verdicts on a completion, as sources.
DATA_SOURCES = ("families", "wording", "dataset", "rtl", "simulate", "testbench", "benchmark")
JUDGE_SOURCES = ("families", "rtl", "simulate", "benchmark")
BASELINES = ("v3", "v4")
MODELS = (*BASELINES, "v5")
RECORDS, ANSWERS = "records.jsonl", "answers.jsonl"
SAMPLED = next(iter(SPLITS))
C_ROLE = "component_c"


@dataclass
class Pipeline:
    """One profile's stages over one store. `from_scratch` trains V3 and V4 instead of replaying recordings."""

    profile: Profile
    store: Store
    progress: Callable[[str], Progress]
    from_scratch: bool = False
    root: Path = ROOT

    @cached_property
    def suite(self) -> Suite:
        """The benchmark's specs, as many as the profile wants."""
        settings = self.profile.benchmark
        whole = self._whole_suite
        return whole if settings.per_family is None else whole.first(settings.per_family)

    @cached_property
    def _whole_suite(self) -> Suite:
        return load_suite(self.root / self.profile.benchmark.suite)

    @cached_property
    def guard(self) -> Guard:
        """Keeps training away from the whole suite, however little of it is run."""
        return Guard(self._whole_suite)

    # --- data ---------------------------------------------------------------------------------------------

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

    def component_a(self) -> Artifact:
        v4 = self.v4_data()

        def build(folder: Path) -> None:
            chosen = components.component_a(_records(v4), self.profile.data.share)
            write_records(folder / RECORDS, chosen)

        return self.store.get("component_a", {"v4": v4.key, **self._code("dataset")}, build)

    def component_b(self) -> Artifact:
        """V3's floor; verdicts.json says which of its records the judge finds right."""
        v3 = self.v3_data()
        inputs = {
            "v3": v3.key,
            "verified": self.profile.data.b_verified,
            **self._code(*JUDGE_SOURCES, "dataset"),
        }

        def build(folder: Path) -> None:
            chosen = components.component_b(_records(v3))
            right = components.verified(chosen, self.progress("component B judged"))
            (folder / "verdicts.json").write_text(
                json.dumps({"right": sum(right), "of": len(right)}), "utf-8"
            )
            if self.profile.data.b_verified:
                chosen = [record for record, good in zip(chosen, right, strict=True) if good]
            write_records(folder / RECORDS, chosen)

        return self.store.get("component_b", inputs, build)

    @cached_property
    def a7(self) -> Writer:
        """Who writes component C's testbenches. API replies are kept in the store and never paid for twice."""
        chosen = self.profile.data.a7
        if chosen == "offline" or (chosen == "auto" and not os.environ.get(KEY)):
            return OfflineA7()
        return AnthropicA7(self.profile.api, self.store.root / "a7_replies", self.progress("A7 testbenches"))

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

            made = components.component_c(
                remember,
                self.a7,
                self.guard,
                writer_name=writer_name,
                share=data.share,
                texts=lambda category: self.profile.train.epochs * data.c_versions,
                seed=data.seed,
                progress=self.progress("component C accepted"),
            )
            write_records(folder / RECORDS, made.records)
            (folder / "tally.json").write_text(
                json.dumps({k: {**asdict(t), "rate": t.rate} for k, t in made.tally.items()}, indent=1),
                "utf-8",
            )
            made_by = self._provenance(data.c_writer) if "merged" in writer_key else {}
            write_recording(folder / ANSWERS, {"model": writer_name, **writer_key, **made_by}, answers)

        inputs = {
            "writer": writer_key,
            "a7": self.a7.key,
            "c_versions": data.c_versions,
            **self._data_inputs(None),
        }
        artifact = self.store.get("component_c", inputs, build)
        if self._records_anew:
            self._keep_recording(artifact.path / ANSWERS, C_ROLE)
        return artifact

    def component_d(self) -> Artifact:
        data = self.profile.data

        def build(folder: Path) -> None:
            mined = mine(data.trace, data.mined, self.guard) if data.trace else []
            records = components.component_d(
                self.guard, data.edge_cases, data.holes, mined, texts=self._texts, seed=data.seed
            )
            write_records(folder / RECORDS, records)

        inputs = {
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
        parts = {name: self.component(name) for name in "abcd"}

        def build(folder: Path) -> None:
            merged = assemble({name: _records(part) for name, part in parts.items()}, self.guard)
            write_records(folder / RECORDS, merged)

        inputs = {f"component_{name}": part.key for name, part in parts.items()}
        return self.store.get("v5_data", {**inputs, **self._code("dataset")}, build)

    # --- models -------------------------------------------------------------------------------------------

    def base(self) -> Path:
        """The folder (or hub id) of the base model, prepared if it is the embedded one."""
        from harness.model.base import resolve_base

        return Path(resolve_base(self.profile.base, self.store.root / "base"))

    def adapter(self, model: str) -> Artifact:
        """`model`'s LoRA adapter, trained on its data. Resumes where a killed run stopped."""
        data = {"v3": self.v3_data, "v4": self.v4_data, "v5": self.v5_data}[model]()
        inputs = {
            "data": digest_file(data.path / RECORDS),
            "base": self.profile.base,
            "recipe": self.profile.train.model_dump(exclude={"workers"}),
            "version": TRAINING_VERSION,
            "torch": version("torch"),
        }

        def build(folder: Path) -> None:
            from harness.model.train import Example, train

            examples = [Example(turns=record.turns) for record in _records(data)]
            progress = self.progress(f"training {model.upper()}")
            train(
                examples,
                self.base(),
                folder / "adapter",
                self.profile.train,
                on_step=lambda s: progress(
                    s.step, s.total, f"loss {s.loss:.3f}, {s.tokens_per_second:.0f} tokens/s"
                ),
            )

        return self.store.get("adapter", inputs, build)

    def merged(self, model: str) -> Artifact:
        """`model`'s weights with the adapter merged in: what generates, and so what is measured."""
        adapter = self.adapter(model)

        def build(folder: Path) -> None:
            from harness.model.train import merge

            merge(self.base(), adapter.path / "adapter", folder / "model")

        return self.store.get("merged", {"adapter": adapter.key, "version": TRAINING_VERSION}, build)

    def generate(
        self,
        model: str,
        prompts: Sequence[str],
        samples: Sequence[int],
        label: str,
        keep: Callable[[int, list[str]], None] = lambda index, answers: None,
    ) -> list[list[str]]:
        """A trained model's greedy answer to each prompt, and so many `samples` of it (one number a prompt).

        `keep` is called with each prompt's index and answers as soon as they are there.
        """
        from harness.model.generate import generate

        progress, done = self.progress(label), count(1)

        def arrived(index: int, answers: list[str]) -> None:
            keep(index, answers)
            progress(next(done), len(prompts))

        return generate(
            self.merged(model).path / "model",
            prompts,
            samples,
            max_new_tokens=self.profile.benchmark.max_new_tokens,
            temperature=self.profile.benchmark.temperature,
            seed=self.profile.data.seed,
            on_answers=arrived,
        )

    # --- benchmark ----------------------------------------------------------------------------------------

    def completions(self, model: str, split: str) -> dict[str, list[str]]:
        """Each task's answers, the greedy one first; only the first split has samples as well."""
        recorded = self._recording(model)
        if recorded is None:
            artifact = self._generated(model)
            recorded = read_recording(artifact.path / ANSWERS)
            if self._records_anew and model in BASELINES:
                self._keep_recording(artifact.path / ANSWERS, model)
        samples = self.profile.benchmark.samples if split == SAMPLED else 0
        answers = recorded.find([task.texts[split] for task in self.suite.tasks], range(samples + 1))
        return {task.id: found for task, found in zip(self.suite.tasks, answers, strict=True)}

    def _generated(self, model: str) -> Artifact:
        """What a trained model answers to every text of the suite, prompt by prompt as it comes."""
        settings = self.profile.benchmark
        merged = self.merged(model)
        inputs = {
            "merged": merged.key,
            "suite": self.suite.digest,
            "samples": settings.samples,
            "temperature": settings.temperature,
            "max_new_tokens": settings.max_new_tokens,
            "version": GENERATION_VERSION,
        }

        def build(folder: Path) -> None:
            samples = {
                task.texts[split]: settings.samples if split == SAMPLED else 0
                for split in SPLITS
                for task in self.suite.tasks
            }

            def ask(left: Sequence[str], keep: Callable[[int, list[str]], None]) -> list[list[str]]:
                label = f"{model.upper()}'s answers"
                return self.generate(model, left, [samples[prompt] for prompt in left], label, keep)

            answers = answer_all(folder / "checkpoints" / "answers.jsonl", list(samples), ask)
            rows = [(p, k, text) for p, found in zip(samples, answers) for k, text in enumerate(found)]
            write_recording(folder / ANSWERS, {**self._provenance(model), **inputs}, rows)

        return self.store.get("completions", inputs, build)

    def scores(self, model: str, split: str) -> Scores:
        """The judged results of one model on one split of the suite."""
        answers = self.completions(model, split)
        inputs = {
            "model": model,
            "split": split,
            "suite": self.suite.digest,
            "answers": digest(canonical(answers)),
            **self._code(*JUDGE_SOURCES),
        }

        def build(folder: Path) -> None:
            progress = self.progress(f"judging {model.upper()} on {split}")
            cache = VerdictCache(self.store.root / "verdicts.sqlite")
            judged = score(model, split, self.suite, answers, progress, cache)
            judged.save(folder / "scores.json")

        return load_scores(self.store.get("scores", inputs, build).path / "scores.json")

    # --- recordings ---------------------------------------------------------------------------------------

    @property
    def _records_anew(self) -> bool:
        return self.from_scratch and self.profile.recordings is not None and self.profile.data.share == 1.0

    def _recording(self, model: str) -> Recording | None:
        """What `model` is recorded to have answered; None where it has to be trained and asked instead."""
        folder = self.profile.recordings
        if folder is None or self.from_scratch or model not in (*BASELINES, C_ROLE):
            return None
        path = self.root / folder / f"{model}.jsonl"
        return read_recording(path) if path.exists() else None

    def _keep_recording(self, answers: Path, name: str) -> None:
        assert self.profile.recordings is not None
        target = self.root / self.profile.recordings / f"{name}.jsonl"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(answers, target)

    def _candidate_writer(self) -> tuple[components.CandidateWriter, str, dict[str, Any]]:
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

        key = {"merged": merged.key, "version": GENERATION_VERSION}
        return ask, f"{data.c_writer}_model", key

    def _provenance(self, model: str) -> dict[str, Any]:
        adapter = self.adapter(model)
        weights = digest_file(adapter.path / "adapter" / "adapter_model.safetensors")
        return {"name": model, "weights": weights, "trained": adapter.manifest["inputs"]}

    # --- keys ---------------------------------------------------------------------------------------------

    def _texts(self, category: str) -> int:
        return self.profile.train.epochs * self.profile.data.versions.get(category, 1)

    def _data_inputs(self, given: Path | None) -> dict[str, Any]:
        """What decides a data stage: settings, held-out specs, code, and the user's file if there is one."""
        data = self.profile.data
        return {
            "share": data.share,
            "seed": data.seed,
            "epochs": self.profile.train.epochs,
            "versions": data.versions,
            "suite": self._whole_suite.digest,
            "file": None if given is None else digest_file(given) if given.is_file() else str(given),
            **self._code(*DATA_SOURCES),
        }

    def _code(self, *packages: str) -> dict[str, str]:
        return {f"code:{name}": _code_digest(name) for name in packages}


@cache
def _code_digest(package: str) -> str:
    folder = ROOT / "harness" / package
    return digest_tree(folder)[:16]


def _records(artifact: Artifact) -> list[Record]:
    return read_records(artifact.path / RECORDS)
