"""Models that somebody else made are found, merged where need be, and identified by their bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harness.model.base import BaseModelError
from harness.model.given import ADAPTER, given_weights
from harness.model.merge import merge
from harness.model.train import Example, Recipe, train
from harness.store import Store, digest_tree


@pytest.fixture(scope="module")
def adapter(tiny: Path, examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter of the tiny model."""
    folder = tmp_path_factory.mktemp("given") / "adapter"
    train(examples, tiny, folder, Recipe(epochs=1, warmup=1, lora_r=4, lora_alpha=4, workers=1))
    return folder


def changed(adapter: Path, copy: Path, **settings: object) -> Path:
    """A copy of an adapter that says something else of itself."""
    shutil.copytree(adapter, copy)
    config = json.loads((copy / ADAPTER).read_text())
    (copy / ADAPTER).write_text(json.dumps({**config, **settings}))
    return copy


def test_an_adapter_is_merged_into_the_base_it_names(tiny: Path, adapter: Path, tmp_path: Path) -> None:
    """The same weights come out as from a merge by hand, once: the second call reads them."""
    store = Store(tmp_path / "cache")
    folder, key = given_weights(str(adapter), "no/such-base", store)
    merge(tiny, adapter, tmp_path / "by hand")
    assert digest_tree(folder) == digest_tree(tmp_path / "by hand")
    assert key == {"adapter": digest_tree(adapter), "base": digest_tree(tiny)}
    assert given_weights(str(adapter), "no/such-base", Store(tmp_path / "cache", may_build=())) == (
        folder,
        key,
    )


def test_the_profile_has_the_base_where_the_named_one_is_gone(
    tiny: Path, adapter: Path, tmp_path: Path
) -> None:
    """An adapter from another machine names a folder that is not here: the profile's base is taken."""
    moved = changed(adapter, tmp_path / "moved", base_model_name_or_path="/elsewhere/model")
    _, key = given_weights(str(moved), str(tiny), Store(tmp_path / "cache"))
    assert key["base"] == digest_tree(tiny)


def test_a_base_on_the_hub_is_fetched(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, adapter: Path, tmp_path: Path
) -> None:
    """An adapter that names a hub id is merged into that model, never into the profile's own."""
    from_hub = changed(adapter, tmp_path / "from hub", base_model_name_or_path="someone/base")
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda said: {"someone/base": str(tiny)}[said])
    folder, key = given_weights(str(from_hub), "embedded", Store(tmp_path / "cache"))
    assert key["base"] == digest_tree(tiny)
    merge(tiny, adapter, tmp_path / "by hand")
    assert digest_tree(folder) == digest_tree(tmp_path / "by hand")


def test_a_whole_model_is_taken_as_it_is(tiny: Path, tmp_path: Path) -> None:
    """A merged model's folder is not copied; its key follows its bytes, not its name."""
    copy = shutil.copytree(tiny, tmp_path / "copy")
    store = Store(tmp_path / "cache")
    assert given_weights(str(copy), "embedded", store) == (copy, {"model": digest_tree(tiny)})
    assert not store.root.exists()


def test_a_hub_id_is_fetched_at_a_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What identifies it is the commit of the snapshot, so a branch that moves is another model."""
    snapshot = tmp_path / "snapshots" / "c0ffee"
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda said: str(snapshot))
    found = given_weights("someone/a-model", "embedded", Store(tmp_path))
    assert found == (snapshot, {"hub": "someone/a-model", "commit": "c0ffee"})


def test_what_is_no_model_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broken adapter, an empty folder, a mistyped path and a hub without it are errors that say what to give."""
    store = Store(tmp_path / "cache")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / ADAPTER).write_text("{")
    with pytest.raises(BaseModelError, match="names no base model"):
        given_weights(str(tmp_path / "broken"), "embedded", store)
    with pytest.raises(BaseModelError, match=r"no config\.json"):
        given_weights(str(tmp_path), "embedded", store)
    with pytest.raises(BaseModelError, match="no folder"):
        given_weights("./nowhere/at/all", "embedded", store)

    def offline(said: str) -> str:
        raise OSError("the network is down")

    monkeypatch.setattr("huggingface_hub.snapshot_download", offline)
    with pytest.raises(BaseModelError, match=r"network is down.*give a folder"):
        given_weights("someone/a-model", "embedded", store)
