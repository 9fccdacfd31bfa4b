"""How fast LoRA training is: ratios to other trainers and to the machine's own matrix products, in one run.

    .tox/harness/bin/python benchmarks/speed/training.py [--examples 32] [--repeats 3]

All train the embedded base on the same goldens with adapters of the same rank on all linear layers:

- ours: `harness.model.train.train` with the embedded profile's recipe, as users run it;
- Trainer: transformers.Trainer with PEFT, bf16 weights, our batch size, similar lengths padded together;
- TRL: SFTTrainer with its defaults (left out where TRL is not installed).

Each runs in processes of its own, in turn, `--repeats` times. Rates count prompt and completion tokens, no padding, of
the steps after the first quarter. Peak memory is resident; for ours it is the larger worker's, times the workers.

The bound is the rate of a trainer that does nothing but its matrix products, timed in as many one-thread processes
(`benchmarks/speed/bound.py`).

A laptop without bf16 instructions is imitated by three variables, and rates of single products show that they act:
ONEDNN_MAX_CPU_ISA bounds bf16 products, MKL_ENABLE_INSTRUCTIONS fp32 ones (where torch uses Intel's MKL, on Intel's
processors), ATEN_CPU_CAPABILITY torch's own loops.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.recipes import texts
from benchmarks.speed.runs import ROOT, Child, Job, cells, child, ratio, run, run_together, say
from harness.cores import cores
from harness.dataset.records import END
from harness.model.base import resolve_base
from harness.model.prompt import chat_prompt, completion_ids, prompt_ids
from harness.model.schedule import epoch_batches
from harness.model.train import Example, Recipe, Step, train
from harness.model.workers import KEEP_MEMORY
from harness.profile import load_profile
from harness.report.table import table

TRL_BATCH = 8
AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
# Emulated bf16 is so slow that the laptop gets only the shortest example, over and over: the first step warms up.
LAPTOP_STEPS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "JOB"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(CHILDREN, *options.child)
    if options.examples <= TRL_BATCH:
        parser.error(f"--examples must be more than {TRL_BATCH}, one batch of TRL's, which only warms up")
    profile = load_profile("embedded")
    recipe = profile.train.model_copy(update={"epochs": 1})
    base = str(resolve_base(profile.base, ROOT / "data" / "cache" / "base"))
    pairs = texts(ROOT / profile.benchmark.suite)[: options.examples]
    job = {"base": base, "recipe": recipe.model_dump(), "pairs": pairs}
    against_others(job, options.repeats)
    laptop(job, options.repeats)
    return None


def against_others(job: Job, repeats: int) -> None:
    """Our trainer against the others and the bound."""
    trainers = ["ours", "trainer", *(["trl"] if find_spec("trl") and find_spec("datasets") else [])]
    if "trl" not in trainers:
        print("TRL is left out: it is not installed (pip install 'trl>=1.16')")
    rates: dict[str, list[float]] = {name: [] for name in (*trainers, "bound")}
    peaks: dict[str, list[float]] = {name: [] for name in trainers}
    flops: list[float] = []
    for repeat in range(repeats):
        for name in trainers:
            found = run(__file__, name, job)
            rates[name].append(found["rate"])
            peaks[name].append(found["peak"])
            say(repeat, name, found["rate"])
        found = bound_of(job)
        rates["bound"].append(found["rate"])
        flops.append(found["flops"])
        say(repeat, "bound", found["rate"])
    titles = {"ours": "ours", "trainer": "transformers.Trainer + PEFT", "trl": "TRL SFTTrainer, its defaults"}
    columns = ["", "tokens/s", "of the repeats", "ours is", "peak memory"]
    lines: list[list[str]] = [
        [titles[name], *cells(rates, name, "ours"), f"{median(peaks[name]):.0f} MiB"] for name in trainers
    ]
    lines.append([f"matrix products, {median(flops) / 1e9:.0f} GFLOP/s", *cells(rates, "bound", "ours"), ""])
    print("\n" + table(f"Training, {len(job['pairs'])} examples, {cores()} cores", columns, lines))
    print(f"share of the bound reached: {ratio(rates, 'ours', 'bound'):.0%}\n", flush=True)


def laptop(job: Job, repeats: int) -> None:
    """Our trainer in bf16 and in fp32 where a processor has only AVX2."""
    shortest = min(job["pairs"], key=lambda pair: sum(map(len, pair)))
    few = {**job, "pairs": [shortest] * job["recipe"]["batch_size"] * LAPTOP_STEPS}
    as_it_is, limited = run(__file__, "precisions", job), run(__file__, "precisions", job, AVX2)
    rates: dict[str, list[float]] = {"bfloat16": [], "float32": []}
    for repeat in range(repeats):
        for dtype, found in rates.items():
            recipe = {**job["recipe"], "dtype": dtype}
            found.append(run(__file__, "ours", {**few, "recipe": recipe}, AVX2)["rate"])
            say(repeat, f"AVX2, {dtype}", found[-1])
    columns = ["", "tokens/s", "of the repeats", "fp32 is", "a product on one core", "as the machine is"]
    lines = [
        [dtype, *cells(rates, dtype, "float32"), *(f"{p[dtype]:.0f} GFLOP/s" for p in (limited, as_it_is))]
        for dtype in rates
    ]
    print("\n" + table("A laptop with AVX2 only", columns, lines))
    print(f"the dtype that training chooses there by itself: {limited['chosen']}")


def bound_of(job: Job) -> dict[str, float]:
    """Tokens/s and FLOP/s of the products in as many processes at once as our trainer has."""
    count = min(2, cores())
    jobs = [{**job, "rank": rank, "count": count} for rank in range(count)]
    found = run_together(__file__, "products", jobs, KEEP_MEMORY)
    return {key: sum(part[key] for part in found) for key in found[0]}


def ours(job: Job) -> dict[str, float]:
    recipe = Recipe.model_validate(job["recipe"])
    lengths = [prompt + completion for prompt, completion in tokens(job)]
    batches = iter(epoch_batches(lengths, recipe.batch_size, recipe.seed, 0))
    trace: list[tuple[int, float]] = []

    def on_step(step: Step) -> None:
        done = trace[-1][0] if trace else 0
        trace.append((done + sum(lengths[i] for i in next(batches)), time.perf_counter()))

    examples = [Example(turns=(pair,)) for pair in job["pairs"]]
    train(examples, job["base"], Path(job["folder"]) / "adapter", recipe, on_step)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"rate": steady(trace), "peak": min(2, cores()) * largest / 1024}


def trainer(job: Job) -> dict[str, float]:
    import torch
    import transformers
    from peft import get_peft_model

    recipe = Recipe.model_validate(job["recipe"])
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["base"])
    model = transformers.AutoModelForCausalLM.from_pretrained(job["base"], dtype=torch.bfloat16)
    rows = []
    for request, answer in job["pairs"]:
        prompt, completion = prompt_ids(tokenizer, request), completion_ids(tokenizer, answer)
        rows.append({"input_ids": prompt + completion, "labels": [-100] * len(prompt) + completion})
    arguments = transformers.TrainingArguments(
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.lr,
        train_sampling_strategy="group_by_length",
        **common(job),
    )
    return traced(
        transformers.Trainer(
            model=get_peft_model(model, lora(recipe)),
            args=arguments,
            train_dataset=rows,
            data_collator=transformers.DataCollatorForSeq2Seq(tokenizer),
        )
    )


def trl(job: Job) -> dict[str, float]:
    library, datasets = import_module("trl"), import_module("datasets")
    rows = [{"prompt": chat_prompt(request), "completion": answer + END} for request, answer in job["pairs"]]
    return traced(
        library.SFTTrainer(
            model=job["base"],
            args=library.SFTConfig(**common(job)),
            train_dataset=datasets.Dataset.from_list(rows),
            peft_config=lora(Recipe.model_validate(job["recipe"])),
        )
    )


def common(job: Job) -> dict[str, Any]:
    """Training arguments that only say what is measured, and where."""
    return {
        "output_dir": job["folder"],
        "num_train_epochs": 1,
        "use_cpu": True,
        "include_num_input_tokens_seen": "non_padding",
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
    }


def lora(recipe: Recipe) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=recipe.lora_r, lora_alpha=recipe.lora_alpha, target_modules="all-linear", task_type="CAUSAL_LM"
    )


def traced(trainer: Any) -> dict[str, float]:
    """Train, and find the rate of the steady steps and the peak of this process in MiB."""
    from transformers import TrainerCallback

    trace: list[tuple[int, float]] = []

    class Trace(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            trace.append((int(state.num_input_tokens_seen), time.perf_counter()))

    trainer.add_callback(Trace())
    trainer.train()
    return {"rate": steady(trace), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def steady(trace: Sequence[tuple[int, float]]) -> float:
    """Tokens/s after the first quarter of the steps, from (tokens so far, seconds) at the end of each."""
    (before, start), (after, end) = trace[max(1, len(trace) // 4) - 1], trace[-1]
    return (after - before) / (end - start)


def products(job: Job) -> dict[str, float]:
    from benchmarks.speed import bound

    return bound.products(
        job["base"], Recipe.model_validate(job["recipe"]), tokens(job), job["rank"], job["count"]
    )


def precisions(job: Job) -> dict[str, Any]:
    from benchmarks.speed import bound

    return bound.precisions(job["base"])


def tokens(job: Job) -> list[tuple[int, int]]:
    """Prompt and completion tokens of each example."""
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(job["base"])
    return [(len(prompt_ids(tokenizer, a)), len(completion_ids(tokenizer, b))) for a, b in job["pairs"]]


CHILDREN: dict[str, Child] = {
    "ours": ours,
    "trainer": trainer,
    "trl": trl,
    "products": products,
    "precisions": precisions,
}


if __name__ == "__main__":
    main()
