"""A model that somebody else trained: where its weights are, ready to generate, and what identifies them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.model.base import BaseModelError, base_identity, is_path, resolve_base
from harness.model.served import is_address
from harness.store import Store, digest_tree

ADAPTER = "adapter_config.json"


def given_weights(said: str, base: str, store: Store) -> tuple[Path, dict[str, Any]]:
    """The folder to generate from, and its part of a key, for a PEFT adapter's folder, a merged model's, or a hub id.

    An adapter is merged into the base that it names; a profile's `base` stands in for a folder that is not here.
    Raises BaseModelError for what is none of these (a model on a server has no weights here), and for a hub that
    does not have it.
    """
    if is_address(said):
        raise BaseModelError(
            "a model on a server shows no weights, and they are needed here; give a folder or a hub id"
        )
    folder = Path(said).expanduser()
    if (folder / ADAPTER).is_file():
        return _merged(folder, base, store)
    where = resolve_base(said, store.root / "base")
    if isinstance(where, Path):
        return where, {"model": digest_tree(where)}
    return _fetched(where)


def _merged(adapter: Path, base: str, store: Store) -> tuple[Path, dict[str, Any]]:
    try:
        named = str(json.loads((adapter / ADAPTER).read_text("utf-8"))["base_model_name_or_path"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaseModelError(f"{adapter / ADAPTER}: names no base model ({error}); save it anew") from error
    if (Path(named).expanduser() / "config.json").is_file():
        trained_on = named
    elif is_path(named) or named == base:
        trained_on = base
    else:
        trained_on = str(_fetched(named)[0])
    key = {"adapter": digest_tree(adapter), "base": base_identity(trained_on)}

    def build(folder: Path) -> None:
        from harness.model.merge import merge

        merge(resolve_base(trained_on, store.root / "base"), adapter, folder / "model")

    return store.get("merged", key, build).path / "model", key


def _fetched(hub_id: str) -> tuple[Path, dict[str, Any]]:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(hub_id))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise BaseModelError(
            f"the hub does not give {hub_id!r} ({str(error).splitlines()[0]}); give a folder, or check id and network"
        ) from error
    # The hub's cache calls a snapshot's folder by its commit.
    return folder, {"hub": hub_id, "commit": folder.name}
