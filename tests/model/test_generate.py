"""Decoding: batches change nothing, streams are each sample's own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from harness.model import grouped
from harness.model.decode import decode, draw, highest, uniforms
from harness.model.generate import equal_batches, generate
from harness.model.grouped import GROUPED
from harness.model.prompt import prompt_ids

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
SAMPLES = [0, 2, 0, 1, 2, 0]
TEXTS = ["a", "a longer request", "bc", "something that is longer still, by far", "d", "efgh"]


@pytest.fixture(scope="module", params=[GROUPED, "sdpa"])
def model(request: pytest.FixtureRequest, tiny: Path) -> Any:
    """The tiny model in fp32, with the attention of a CPU and with that of a GPU."""
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(
        tiny, dtype=torch.float32, attn_implementation=request.param
    )
    return model.eval()


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buffers that have to grow several times in a short answer."""
    monkeypatch.setattr(grouped, "ROOM", 8)


@pytest.fixture(scope="module")
def prompts(tiny: Path) -> list[list[int]]:
    """Prompt ids of uneven length."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    return [prompt_ids(tokenizer, text) for text in TEXTS]


def _answers(model: Any, prompts: list[list[int]], streams: torch.Tensor, **how: Any) -> list[list[int]]:
    with torch.inference_mode():
        found = dict(decode(model, prompts, streams, **how))
    return [found[row] for row in range(len(found))]


def _greedy(model: Any, prompts: list[list[int]], end: int) -> list[list[int]]:
    return _answers(model, prompts, torch.zeros(len(prompts), 24), temperature=1.0, end=end)


def test_a_batch_answers_like_one_by_one(model: Any, prompts: list[list[int]]) -> None:
    """Greedy answers of a padded batch, whose rows end at different times, equal those of each alone."""
    free = _greedy(model, prompts, end=1)
    end = free[0][3]  # one that the first row reaches early, others later or never
    together = _greedy(model, prompts, end)
    assert together == [_greedy(model, [prompt], end)[0] for prompt in prompts]
    assert len({len(answer) for answer in together}) > 1
    assert all(end not in answer for answer in together)


def test_greedy_decoding_is_that_of_transformers(model: Any, tiny: Path, prompts: list[list[int]]) -> None:
    """Each answer equals what transformers' own generate makes of the prompt, with its own cache and attention."""
    from transformers import AutoModelForCausalLM

    plain: Any = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32, attn_implementation="eager")
    for prompt, answer in zip(prompts, _greedy(model, prompts, end=1), strict=True):
        ids = torch.tensor([prompt])
        with torch.inference_mode():
            theirs = (
                plain.eval()
                .generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=24, do_sample=False)[
                    0, len(prompt) :
                ]
                .tolist()
            )
        assert answer == (theirs[: theirs.index(1)] if 1 in theirs else theirs)


def test_samples_do_not_depend_on_the_batch(model: Any, prompts: list[list[int]]) -> None:
    """The answers to a prompt are the same alone and among others, differ, and the first is the greedy one."""
    streams = torch.stack([uniforms(5, text, sample, 24) for text in TEXTS for sample in range(3)])
    how = {"temperature": 1.0, "end": 1}
    model = copy.deepcopy(
        model
    ).double()  # a number may fall on the edge of two tokens, where rounding decides
    together = _answers(model, prompts, streams, **how)
    for index, prompt in enumerate(prompts):
        rows = slice(3 * index, 3 * index + 3)
        assert together[rows] == _answers(model, [prompt], streams[rows], **how)
    assert together[::3] == _greedy(model, prompts, end=1)
    assert len({tuple(answer) for answer in together}) == len(together)


def test_sampling_follows_the_distribution() -> None:
    """Over evenly spread numbers each token comes as often as its probability says, at any temperature."""
    logits = torch.tensor([0.5, 0.2, 0.3, 0.0]).log()
    grid = (torch.arange(1000, dtype=torch.float64) + 0.5) / 1000
    for temperature in (0.5, 1.0, 2.0):
        wanted = (logits / temperature).softmax(-1)
        counts = draw(logits.expand(1000, 4), temperature, grid).bincount(minlength=4) / 1000
        torch.testing.assert_close(counts, wanted, atol=2e-3, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_first_of_the_highest_logits_is_taken(dtype: torch.dtype) -> None:
    """As torch's argmax has it, also where bf16 makes many equal, and for no rows at all."""
    logits = torch.randn(20, 3000, generator=torch.Generator().manual_seed(0)).to(dtype)
    logits[:, 7] = logits[:, 2000] = logits.max()
    assert highest(logits).tolist() == logits.argmax(-1).tolist() == [7] * 20
    assert highest(logits[:0]).tolist() == []


def test_random_numbers_are_each_samples_own() -> None:
    """Seed, prompt and sample each change the stream; a longer stream begins like a shorter one."""
    streams = [uniforms(*key, 8) for key in ((0, "a", 0), (1, "a", 0), (0, "b", 0), (0, "a", 1))]
    assert len({tuple(stream.tolist()) for stream in streams}) == 4
    assert torch.equal(uniforms(0, "a", 0, 20)[:8], streams[0])


@given(st.integers(1, 300), st.integers(1, 70))
def test_batches_are_equal_and_even(count: int, most: int) -> None:
    """Every item once, in order; no batch over the limit, sizes nearly equal, an even number if possible."""
    batches = equal_batches(range(count), most)
    assert [item for batch in batches for item in batch] == list(range(count))
    sizes = {len(batch) for batch in batches}
    assert max(sizes) <= most
    assert max(sizes) - min(sizes) <= 1
    assert len(batches) % 2 == 0 or sizes == {1}


def test_processes_deliver_every_prompt_once(tiny: Path, model: Any, prompts: list[list[int]]) -> None:
    """Two processes answer each prompt as often as asked, in the asked order, greedily first, as one would."""
    from transformers import AutoTokenizer

    seen: list[int] = []
    answers = generate(
        tiny, TEXTS, SAMPLES, max_new_tokens=24, workers=2, on_answers=lambda index, _: seen.append(index)
    )
    assert sorted(seen) == list(range(len(TEXTS)))
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    assert [first for first, *_ in answers] == [
        tokenizer.decode(ids) for ids in _greedy(model, prompts, end=1)
    ]
    assert [len(drawn) for _, *drawn in answers] == SAMPLES
