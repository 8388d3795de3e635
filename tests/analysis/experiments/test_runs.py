"""What a run says of itself, what it refuses, and the command that repeats it."""

import shlex
from pathlib import Path

import pytest
import torch

from analysis.experiments import runs, train
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig, TrainingError

TINY = Run(
    "residual",
    side=8,
    train=40,
    test=20,
    config=TrainingConfig(epochs=1, batch_size=20, learning_rate=0.03, schedule="steps", seed=7),
    options={"depth": 8},
)


def test_the_command_of_a_run_says_the_run() -> None:
    python, flag, module, *arguments = shlex.split(TINY.command())
    assert (python, flag, module) == ("python", "-m", "analysis.experiments.train")
    assert train.parsed(arguments)[0] == TINY
    mixed = Run("cifar_resnet20", config=TrainingConfig(mixed_precision=True, warmup=0.0))
    assert train.parsed(shlex.split(mixed.command())[3:])[0] == mixed


def test_the_seed_decides_the_first_weights_and_nobody_elses_numbers() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    first, again = (runs.network(TINY, 10, 3).state_dict() for _ in range(2))
    assert torch.equal(torch.rand(1), expected)
    assert all(torch.equal(first[name], again[name]) for name in first)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (Run("residual", data="cats"), "no data set called 'cats'; there are shapes"),
        (Run("residual", data="digits", train=5000), r"1,198 images to learn from, not 5,000"),
        (Run("lenet5_modern"), "one channel of ink, and Shapes has three of colour"),
        (Run("residual", test=0), "one to be judged by"),
        (Run("residual", train=100), "batch of 128 cannot be drawn from 100"),
    ],
)
def test_what_the_data_cannot_give_is_said(run: Run, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        runs.check(run)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (Run("residual", options={"depth": 21}), "depth is 21"),
        (Run("residual", options={"deep": 20}), "deep"),
        (Run("resnet999"), "no network called 'resnet999'"),
    ],
)
def test_what_cannot_be_built_is_said(run: Run, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        runs.network(run, 10, 3)


def test_ink_is_repeated_for_a_network_that_takes_colour() -> None:
    data = runs.drawn(Run("residual", data="digits", train=128, test=10))
    images = data.prepare(data.train.images[:4])
    assert images.shape == (4, 3, 32, 32)
    assert torch.equal(images[:, 0], images[:, 2])
    assert data.outputs == 10


def test_the_command_writes_curves_and_weights(tmp_path: Path) -> None:
    arguments = shlex.split(TINY.command())[3:]
    assert train.main([*arguments, "--out", str(tmp_path / "new"), "--threads", "1"]) == 0
    (row,) = (tmp_path / "new" / "history.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert row.startswith("residual,residual,shapes,7,1,")
    assert (tmp_path / "new" / "weights.safetensors").stat().st_size > 4 * 70_000


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    arguments = shlex.split(TINY.command())[3:]
    assert train.main([*arguments, "--out", str(tmp_path / "file" / "x"), "--threads", "1"]) == 1
    assert "cannot be written" in caplog.text
