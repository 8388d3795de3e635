"""Train the small networks that ship with the project.

    python -m analysis.experiments.ship --all
    python -m analysis.experiments.ship lenet5_modern-digits cifar_resnet20-shapes

For each it writes assets/weights/{key}-{dataset}.safetensors and, beside it, a card (.json) that
says how it was made and how well it does on images that it has not seen.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import logging
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import nn

import cnn_models
from analysis.experiments import datasets, digits, shapes, shortcut_check
from analysis.experiments.data import Data
from analysis.experiments.training import Epoch, TrainingConfig, accuracy, fit
from cnn_models.spec import Preprocessing

WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"
INK = Preprocessing(resize=32, crop=32, interpolation="bilinear", mean=(0.0,), std=(1.0,))
HALF, QUARTER = (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)
SMALL = Preprocessing(resize=32, crop=32, interpolation="bilinear", mean=HALF, std=QUARTER)
FULL = Preprocessing(resize=64, crop=64, interpolation="bilinear", mean=HALF, std=QUARTER)
SHORTCUT = "shapes_shortcut"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """Which network learns what, and how; `train` and `test` are numbers of images.

    `options` are those of the network while it learns, of which its weights do not depend in
    number or name. `half` keeps the weights in float16, which halves the file.
    """

    key: str
    dataset: str
    preprocessing: Preprocessing
    config: TrainingConfig
    train: int
    test: int
    options: Mapping[str, Any] = field(default_factory=dict)
    half: bool = False

    @property
    def name(self) -> str:
        return f"{self.key}-{self.dataset}"

    def data(self) -> Data:
        if self.dataset == "digits":
            return digits.digits(self.config.seed)
        draw = datasets.shortcut if self.dataset == SHORTCUT else datasets.shapes
        return draw(self.preprocessing, self.train, self.test, self.config.seed)


DIGITS = TrainingConfig(
    epochs=100, batch_size=64, learning_rate=0.05, warmup=2, label_smoothing=0.05
)
SHAPES = TrainingConfig(
    epochs=5, batch_size=32, learning_rate=0.05, label_smoothing=0.05, mixed_precision=True
)
RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("lenet5_modern", "digits", INK, DIGITS, 1198, 599),
        Recipe("cifar_plain20", "shapes", SMALL, SHAPES, 30_000, 3_000),
        Recipe("cifar_resnet20", "shapes", SMALL, SHAPES, 30_000, 3_000),
        Recipe("cifar_se_resnet20", "shapes", SMALL, SHAPES, 30_000, 3_000),
        Recipe("mobilenet_v1_x0_25", "shapes", FULL, replace(SHAPES, epochs=8), 30_000, 3_000),
        Recipe("cifar_resnet20", SHORTCUT, SMALL, replace(SHAPES, epochs=3), 8_000, 2_000),
        Recipe(  # the paper drops more, and trains for hundreds of epochs
            "fractalnet_c2_cifar",
            "shapes",
            SMALL,
            replace(SHAPES, learning_rate=0.02),
            30_000,
            3_000,
            options={"dropout": 0.0, "drop_path": 0.1, "global_share": 0.25},
            half=True,
        ),
    )
}
CLASSES = {"digits": digits.CLASSES, "shapes": shapes.CLASSES, SHORTCUT: shapes.CLASSES}


def ship(recipe: Recipe, folder: Path = WEIGHTS) -> dict[str, object]:
    """Train one network, write its weights and its card to `folder` and return the card."""
    data = recipe.data()
    torch.manual_seed(recipe.config.seed)
    classes = len(CLASSES[recipe.dataset])
    model = cnn_models.build(recipe.key, num_classes=classes, **recipe.options)
    started = time.perf_counter()
    fit(model, data, recipe.config, _reporter(recipe))
    seconds = round(time.perf_counter() - started, 1)
    if recipe.half:
        model.half().float()  # so that what is judged is what is kept
    digest = _write_weights(model, folder / f"{recipe.name}.safetensors", recipe.half)
    card = {
        **_facts(recipe),
        "accuracy": {"test": round(accuracy(model, data.test, data.prepare), 4), "n": recipe.test},
        **_shortcut_taken(model, recipe),
        "parameters": sum(p.numel() for p in model.parameters()),
        "seconds": seconds,
        "sha256": digest,
    }
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{recipe.name}.json").write_text(text, encoding="utf-8")
    return card


def _shortcut_taken(model: nn.Module, recipe: Recipe) -> dict[str, object]:
    if recipe.dataset != SHORTCUT:
        return {}
    taken = shortcut_check.measured(model, recipe.preprocessing, recipe.test, recipe.config.seed)
    return {"shortcut": {name: round(share, 4) for name, share in taken._asdict().items()}}


def _reporter(recipe: Recipe) -> Callable[[Epoch], None]:
    def report(line: Epoch) -> None:
        _LOG.info(
            f"{recipe.name}: epoch {line.epoch}/{recipe.config.epochs}, "
            f"loss {line.train_loss:.3f}, training error {line.train_error:.1%}, "
            f"test error {line.test_error:.1%}, {line.seconds:.0f} s"
        )

    return report


def _write_weights(model: nn.Module, path: Path, half: bool) -> str:
    """Write the state dict as safetensors and return the file's SHA-256 in hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    if half:
        state = {n: v.half() if v.is_floating_point() else v for n, v in state.items()}
    content = save(state)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _facts(recipe: Recipe) -> dict[str, object]:
    """Say what of the card is known before training."""
    preprocessing = recipe.preprocessing
    return {
        "key": recipe.key,
        "dataset": recipe.dataset,
        "classes": CLASSES[recipe.dataset],
        "input": (len(preprocessing.mean), preprocessing.crop, preprocessing.crop),
        "preprocessing": {
            "resize": preprocessing.resize,
            "crop": preprocessing.crop,
            "interpolation": preprocessing.interpolation,
            "mean": preprocessing.mean,
            "std": preprocessing.std,
        },
        "seed": recipe.config.seed,
        "epochs": recipe.config.epochs,
        **({"options": dict(recipe.options)} if recipe.options else {}),
        "data": _data_sentence(recipe),
        "command": f"python -m analysis.experiments.ship {recipe.name}",
        "machine": machine(recipe.config.mixed_precision),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "licence": "the licence of this project",
    }


def _data_sentence(recipe: Recipe) -> str:
    if recipe.dataset == "digits":
        return (
            f"scikit-learn's 1797 handwritten digits (UCI, CC BY 4.0): {recipe.train} learned "
            f"from, with random pose and pen, and a held-out third of {recipe.test} to be judged "
            "by, stratified by class."
        )
    tagged = " with a tag of their class's colour in a corner" if recipe.dataset == SHORTCUT else ""
    return (
        f"Shapes of this project{tagged}, seed {recipe.config.seed}: "
        f"images 0 to {recipe.train - 1} of the train split, mirrored at random; "
        f"judged by images 0 to {recipe.test - 1} of the test split."
    )


def machine(mixed: bool = False) -> str:
    """Say which processor, how many threads and which torch made a result."""
    threads = torch.get_num_threads()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {threads} thread{'s' if threads > 1 else ''}, "
        f"torch {torch.__version__}{', mixed precision (bfloat16)' if mixed else ''}"
    )


def _processor() -> str:
    """Name the processor, as Linux does where there is Linux."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; `--help` describes it."""
    parser = argparse.ArgumentParser(prog="python -m analysis.experiments.ship")
    parser.add_argument("name", nargs="*", help=f"any of {', '.join(RECIPES)}")
    parser.add_argument("--all", action="store_true", help="every network in turn")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
    choice = parser.parse_args(arguments)
    names = tuple(RECIPES) if choice.all else tuple(choice.name)
    unknown = [name for name in names if name not in RECIPES]
    if unknown or not names:
        parser.error(f"nothing to train: {unknown or 'no name'}; take --all or {list(RECIPES)}")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(choice.threads)
    for name in names:
        card = ship(RECIPES[name])
        _LOG.info(f"{name}: {card['accuracy']}, {card['seconds']} s")


if __name__ == "__main__":
    main()
