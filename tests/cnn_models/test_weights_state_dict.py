"""Reading a file: any damage is one clear error, and never something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from cnn_models.weights import CorruptWeights, load_state_dict
from cnn_models.weights.state_dict import filled
from tests.cnn_models import tiny

STATE = tiny.owner_state_dict(tiny.trained())
FILES = {
    "zip.pth": tiny.pth(STATE),
    "old.pth": tiny.pth(STATE, legacy=True),
    "a.safetensors": tiny.safetensors(STATE),
}


@pytest.mark.parametrize("name", FILES)
def test_whole_file_gives_its_tensors(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    read = load_state_dict(path)
    assert read.keys() == STATE.keys()
    assert all(torch.equal(read[key], STATE[key]) for key in STATE)
    assert read["features.1.num_batches_tracked"].dtype == torch.int64


@pytest.mark.parametrize("eighths", range(8))
@pytest.mark.parametrize("name", FILES)
def test_cut_file_is_refused(tmp_path: Path, name: str, eighths: int) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name][: len(FILES[name]) * eighths // 8])
    with pytest.raises(CorruptWeights, match=name):
        load_state_dict(path)


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", bytes(100), b"PK\x03\x04"])
@pytest.mark.parametrize("name", FILES)
def test_other_content_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorruptWeights, match=name):
        load_state_dict(path)


@pytest.mark.parametrize("content", [[1, 2], {"epoch": 3}, torch.zeros(2)], ids=type)
def test_pickle_of_something_else_is_refused(tmp_path: Path, content: object) -> None:
    path = tmp_path / "checkpoint.pth"
    torch.save(content, path)
    with pytest.raises(CorruptWeights, match="something else than tensors by name"):
        load_state_dict(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorruptWeights, match="No such file"):
        load_state_dict(tmp_path / "absent.safetensors")


class _Scaled(tiny.Tiny):
    """Tiny with a buffer that its state dict leaves out."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scale", torch.tensor([2.0]), persistent=False)


def test_buffers_outside_the_state_dict_are_real() -> None:
    state = tiny.trained().state_dict()
    model = filled(_Scaled, state, "tiny")
    assert model.get_buffer("scale").item() == 2.0
    assert not any(tensor.is_meta for tensor in [*model.parameters(), *model.buffers()])
    assert torch.equal(model.get_parameter("classifier.bias"), state["classifier.bias"])


def test_weights_are_taken_and_not_initialised_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("initialised")

    state = torch.nn.Linear(2, 3).state_dict()
    monkeypatch.setattr(torch.nn.init, "kaiming_uniform_", lambda t, **_: t.is_meta or refuse())
    model = filled(lambda: torch.nn.Linear(2, 3), state, "linear")
    assert model.get_parameter("weight").data_ptr() == state["weight"].data_ptr()
