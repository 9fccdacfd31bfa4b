"""Training, merging, asking, and what is recorded of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from harness.model.base import base_identity, resolve_base
from harness.model.given import given_weights
from harness.model.partial import Keep, answer_all
from harness.model.recordings import Recording, read_recording, write_recording
from harness.model.served import is_address, look_up
from harness.model.train import Recipe
from harness.pipeline.history import History
from harness.pipeline.stages import RECORDS, records_of
from harness.store import Artifact, digest_file, write_atomic

TRAINING_VERSION = 2
GENERATION_VERSION = 2
BASELINES = ("v3", "v4")
MODELS = (*BASELINES, "v5")
C_ROLE = "component_c"
ANSWERS = "answers.jsonl"


class Models(History, ABC):
    """A base model becomes V3, V4 and V5; models that are given are only asked."""

    @abstractmethod
    def training_data(self, model: str) -> Artifact:
        """What `model` is trained on."""

    def composition(self, model: str) -> dict[str, Counter[str]]:
        """The training examples of a model made here, by category and component, as its card and report show them."""
        counts: dict[str, Counter[str]] = {}
        for record in records_of(self.training_data(model)):
            part = str((record.metadata.model_extra or {}).get("component", "?"))
            counts.setdefault(record.metadata.category, Counter())[part] += 1
        return dict(sorted(counts.items()))

    def recipe(self, model: str) -> Recipe:
        """How `model` is trained."""
        return self.profile.train

    def base(self) -> Path:
        """The folder (or hub id) of the base model, prepared if it is the embedded one."""
        return Path(resolve_base(self.profile.base, self.store.root / "base"))

    def start(self, model: str) -> tuple[Path, Any]:
        """The weights that `model`'s training starts from, and what identifies them in a key."""
        return self.base(), base_identity(self.profile.base)

    def adapter(self, model: str) -> Artifact:
        """`model`'s LoRA adapter, trained on its data. Resumes where a killed run stopped."""
        data, (weights, identity) = self.training_data(model), self.start(model)
        inputs = {
            "data": digest_file(data.path / RECORDS),
            "base": identity,
            "recipe": self.recipe(model).model_dump(exclude={"workers"}),
            "version": TRAINING_VERSION,
            "torch": version("torch"),
        }

        def build(folder: Path) -> None:
            from harness.model.train import Example, train

            examples = [Example(turns=record.turns) for record in records_of(data)]
            progress = self.progress(f"training {model.upper()}")
            train(
                examples,
                weights,
                folder / "adapter",
                self.recipe(model),
                on_step=lambda s: progress(s.step, s.total, s.said),
                launcher=self.launcher,
            )

        return self.store.get("adapter", inputs, build)

    def merged(self, model: str) -> Artifact:
        """`model`'s weights with the adapter merged in: what generates, and so what is measured."""
        adapter = self.adapter(model)

        def build(folder: Path) -> None:
            from harness.model.merge import merge

            merge(self.start(model)[0], adapter.path / "adapter", folder / "model")

        return self.store.get("merged", {"adapter": adapter.key, "version": TRAINING_VERSION}, build)

    def forget_weights(self, model: str) -> None:
        """Drop merged weights, gigabytes of a large base; the adapter, which stays, can make them again."""
        self.store.drop(self.merged(model))

    def weights(self, model: str) -> tuple[Path, dict[str, Any]]:
        """Where `model` generates from, and what identifies it in a key."""
        if model in self.given:
            return given_weights(self.given[model], self.profile.base, self.store)
        merged = self.merged(model)
        return merged.path / "model", {"merged": merged.key}

    def identity(self, model: str) -> dict[str, Any]:
        """What identifies `model` in a key: its weights, or what its server tells of them."""
        said = self.given.get(model, "")
        return look_up(said).key if is_address(said) else self.weights(model)[1]

    @property
    def decoding(self) -> dict[str, Any]:
        """What decides a model's answers, beside its weights and what it is asked."""
        said = self.profile.benchmark
        return {
            "temperature": said.temperature,
            "max_new_tokens": said.max_new_tokens,
            "sampling_seed": self.profile.data.seed,
            "version": GENERATION_VERSION,
        }

    def generate(
        self,
        model: str,
        prompts: Sequence[str],
        samples: Sequence[int],
        label: str,
        keep: Keep = lambda index, answers: None,
        known: Mapping[int, list[str]] | None = None,
    ) -> list[list[str]]:
        """A model's greedy answer to each prompt, and so many `samples` of it (one number a prompt).

        `keep` is called with each prompt's index and answers as soon as they are there; what is `known` is not.
        """
        from harness.model import generate, served

        progress, done = self.progress(label), count(1 + len(known or {}))

        def arrived(index: int, answers: list[str]) -> None:
            keep(index, answers)
            progress(next(done), len(prompts))

        said = self.given.get(model, "")
        ask = (
            partial(served.generate, look_up(said))
            if is_address(said)
            else partial(generate.generate, self.weights(model)[0], executor=self.cluster)
        )
        return ask(
            prompts,
            samples,
            max_new_tokens=self.profile.benchmark.max_new_tokens,
            temperature=self.profile.benchmark.temperature,
            seed=self.profile.data.seed,
            known=known,
            on_answers=arrived,
        )

    def answered(
        self, stage: str, model: str, asked: Mapping[str, int], label: str, inputs: Mapping[str, Any]
    ) -> Artifact:
        """`model`'s answers to texts, each greedy and with so many samples, kept prompt by prompt as they come."""
        key = {**self.identity(model), **inputs, **self.decoding}

        def build(folder: Path) -> None:
            def ask(known: Mapping[int, list[str]], keep: Keep) -> object:
                return self.generate(model, list(asked), list(asked.values()), label, keep, known)

            answers = answer_all(folder / "checkpoints" / "answers.jsonl", len(asked), ask)
            rows = [(p, k, text) for p, found in zip(asked, answers) for k, text in enumerate(found)]
            write_recording(folder / ANSWERS, {**self._provenance(model), **key}, rows)

        return self.store.get(stage, key, build)

    @property
    def _records_anew(self) -> bool:
        """Whether this run's answers replace the project's: only those of whole data to the whole own suite do."""
        whole = self.profile.data.share == 1.0 and self.profile.benchmark.per_family is None
        return self.from_scratch and self.profile.recordings is not None and whole and self.outside is None

    def _recording(self, model: str) -> Recording | None:
        """What `model` is recorded to have answered; None where it has to be trained and asked instead.

        Raises RecordingError when another base was recorded, or other decoding or another writer than the profile's.
        """
        folder = self.profile.recordings
        if folder is None or self.from_scratch or model not in (*BASELINES, C_ROLE):
            return None
        path = self.root / folder / f"{model}.jsonl"
        if not path.exists():
            return None
        found, benchmark = read_recording(path), self.profile.benchmark
        if model == C_ROLE:
            found.require(base=self.profile.base, name=self.profile.data.c_writer)
        else:
            decoding = {"temperature": benchmark.temperature, "max_new_tokens": benchmark.max_new_tokens}
            found.require(base=self.profile.base, **decoding)
        return found

    def _keep_recording(self, answers: Path, name: str) -> None:
        assert self.profile.recordings is not None
        target = self.root / self.profile.recordings / f"{name}.jsonl"
        write_atomic(target, answers.read_bytes())

    def _provenance(self, model: str) -> dict[str, Any]:
        if model in self.given:
            return {"name": model}
        adapter = self.adapter(model)
        weights = digest_file(adapter.path / "adapter" / "adapter_model.safetensors")
        return {"name": model, "weights": weights, "trained": adapter.manifest["inputs"]}
