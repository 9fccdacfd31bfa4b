"""What is in production: one at a time, never a half, and always a way back."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.release import production as module
from harness.release.production import (
    PLACE,
    POINTER,
    Facts,
    Production,
    ProductionError,
    install,
    production,
    rollback,
    weights_digest,
)

ROOT = Path(__file__).parents[2]
DEPLOY_OR_BACK = """
import sys
from pathlib import Path
from tests.release.test_production import model
from harness.release.production import ProductionError, install, rollback
root = Path(sys.argv[1])
for number in range(12):
    install(root, model(f"{sys.argv[2]}-{number}"))
    if number % 3 == 2:
        rollback(root)
"""


def model(name: str) -> Callable[[Path], Facts]:
    """Makes the merged folder of a model whose weights are its name."""

    def fill(folder: Path) -> Facts:
        (folder / "merged").mkdir()
        (folder / "merged" / "model.safetensors").write_text(name)
        weights = weights_digest(folder / "merged")
        return Facts(name=name, weights=weights, suite="s", criteria="c", max_new_tokens=512, temperature=0.4)

    return fill


def weights(root: Path) -> str:
    return (root / production(root).behavioral_model / "model.safetensors").read_text()


def test_deploy_and_roll_back(tmp_path: Path) -> None:
    """Each rollback undoes one deployment, also after others; numbers are never used twice and history tells all."""
    for name in ("a", "b", "c"):
        install(tmp_path, model(name))
    assert weights(tmp_path) == "c"
    assert [rollback(tmp_path).facts.name, rollback(tmp_path).facts.name] == ["b", "a"]
    assert weights(tmp_path) == "a"
    with pytest.raises(ProductionError, match="nothing was in production before"):
        rollback(tmp_path)
    assert install(tmp_path, model("d")).number == 4
    assert rollback(tmp_path).facts.name == "a"
    steps = [(step.action, step.number) for step in production(tmp_path).history]
    assert steps == [
        *(("deploy", n) for n in (1, 2, 3)),
        ("rollback", 2),
        ("rollback", 1),
        ("deploy", 4),
        ("rollback", 1),
    ]
    assert (tmp_path / PLACE / "0003" / "merged" / "model.safetensors").read_text() == "c"


def test_a_damaged_predecessor_is_skipped(tmp_path: Path) -> None:
    """Going back finds the last one that is whole, says which it is not, and the next time goes on from there."""
    for name in ("a", "b", "c", "d"):
        install(tmp_path, model(name))
    (tmp_path / PLACE / "0003/merged/model.safetensors").write_text("damaged")
    said: list[str] = []
    assert rollback(tmp_path, said.append).facts.name == "b"
    assert [line.split(":")[0] for line in said] == ["skipped"]
    assert "0003/merged: is gone or not what was deployed" in said[0]
    assert rollback(tmp_path).facts.name == "a"
    install(tmp_path, model("e"))
    (tmp_path / PLACE / "0001/merged/model.safetensors").unlink()
    with pytest.raises(
        ProductionError,
        match=r"nothing was in production before that can be used \(.*0001/merged: is gone.*\); deploy",
    ):
        rollback(tmp_path)
    assert weights(tmp_path) == "e"


def test_a_predecessor_on_a_bad_disk_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that cannot be read are no reason to stay with the present ones."""
    for name in ("a", "b", "c"):
        install(tmp_path, model(name))

    def digest_of(folder: Path) -> str:
        if "0002" in folder.parts:
            raise OSError(5, "Input/output error")
        return weights_digest(folder)

    monkeypatch.setattr(module, "weights_digest", digest_of)
    said: list[str] = []
    assert rollback(tmp_path, said.append).facts.name == "a"
    assert "Input/output error" in said[0]


def test_the_pointer_is_plain_toml(tmp_path: Path) -> None:
    """The file can be read without this harness: it has the plan's name, the date, the report and the digests."""
    install(tmp_path, model('odd "name"\n'))
    said = tomllib.loads((tmp_path / PLACE / POINTER).read_text())
    assert said["BEHAVIORAL_MODEL"] == "models/production/0001/merged"
    assert said["gate_report"] == "models/production/0001/report.html"
    assert said["facts"]["name"] == 'odd "name"\n'
    assert Production.model_validate(said).date == said["date"]


def test_nothing_in_production_is_said(tmp_path: Path) -> None:
    """Before the first deployment, and with a pointer that is damaged, the message names the file and the way out."""
    with pytest.raises(ProductionError, match="pytest -m deploy"):
        production(tmp_path)
    with pytest.raises(ProductionError, match="nothing is in production"):
        rollback(tmp_path)
    install(tmp_path, model("a"))
    for content in (b"BEHAVIORAL_MODEL = ", b"\xff", b"number = 1"):
        (tmp_path / PLACE / POINTER).write_bytes(content)
        for use in (production, rollback, lambda root: install(root, model("b"))):
            with pytest.raises(ProductionError, match="cannot be read"):
                use(tmp_path)


def test_changed_weights_are_not_used(tmp_path: Path) -> None:
    """Weights that are not those that were deployed are neither served nor gone back to."""
    install(tmp_path, model("a"))
    install(tmp_path, model("b"))
    (tmp_path / PLACE / "0001" / "merged" / "model.safetensors").write_text("x")
    with pytest.raises(ProductionError, match="not what was deployed"):
        rollback(tmp_path)
    assert weights(tmp_path) == "b"
    (tmp_path / PLACE / "0002" / "merged" / "model.safetensors").unlink()
    with pytest.raises(ProductionError, match="gone or not what was deployed"):
        production(tmp_path)


@pytest.mark.parametrize("step", ["fill", "weights_digest", "write_atomic", "_point"])
def test_a_death_at_any_step_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whichever step of a deployment is the last that happens, the old model stays and the next deployment works."""
    install(tmp_path, model("a"))

    def die(*arguments: object) -> Facts:
        raise KeyboardInterrupt

    def half(folder: Path) -> Facts:
        model("b")(folder)
        return die()

    if step != "fill":
        monkeypatch.setattr(module, step, die)
    with pytest.raises(KeyboardInterrupt):
        install(tmp_path, half if step == "fill" else model("b"))
    monkeypatch.undo()
    assert weights(tmp_path) == "a"
    install(tmp_path, model("c"))
    assert (weights(tmp_path), rollback(tmp_path).facts.name) == ("c", "a")
    assert not list((tmp_path / PLACE).glob("*.partial"))


@pytest.mark.slow
def test_several_at_once(tmp_path: Path) -> None:
    """Four processes that deploy and roll back at the same time leave a whole history with no number twice."""
    install(tmp_path, model("first"))
    said = [sys.executable, "-c", DEPLOY_OR_BACK, str(tmp_path)]
    running = [subprocess.Popen([*said, name], cwd=ROOT, env={"PYTHONPATH": "."}) for name in "abcd"]
    assert [process.wait() for process in running] == [0] * 4
    found = production(tmp_path)
    deployed = [step.number for step in found.history if step.action == "deploy"]
    assert deployed == list(range(1, 50))
    assert len(found.history) == 49 + 16
