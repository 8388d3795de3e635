"""From a file to a network: read without running code, loaded strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_models.weights.errors import CorruptWeights

if TYPE_CHECKING:
    from torch import Tensor, nn


def load_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors by name from a .pth or .safetensors file, on the CPU, floating ones in float32.

    A .pth file is a pickle; it is read with `weights_only=True`, so that no code in it runs.

    Raises:
        CorruptWeights: if the file is damaged, holds something else, or wants to run code.
    """
    try:
        content = _read(path)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can make the two readers raise nearly anything
        line = (str(error) or type(error).__name__).splitlines()[0]
        raise CorruptWeights(f"{path} cannot be read as weights: {line}", path=path) from error
    if not isinstance(content, Mapping) or not all(_is_tensor(t) for t in content.values()):
        raise CorruptWeights(f"{path} holds something else than tensors by name.", path=path)
    return {name: t.float() if t.is_floating_point() else t for name, t in content.items()}


def _read(path: Path) -> object:
    if path.suffix == ".safetensors":
        from safetensors.torch import load

        # Bytes, as load_file maps the file, and a mapped file must not change under the network.
        return load(path.read_bytes())
    import torch

    return torch.load(path, map_location="cpu", weights_only=True)


def _is_tensor(value: object) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def filled(build: Callable[[], nn.Module], state: Mapping[str, Tensor], origin: str) -> nn.Module:
    """Build a network in eval mode with exactly the tensors of `state`, without initialising it.

    Args:
        build: makes the network on the current default device.
        state: our names to tensors.
        origin: where they are from, for the message.

    Raises:
        CorruptWeights: if a name or a shape differs from the network's.
    """
    import torch

    with torch.device("meta"):
        model = build()
    try:
        model.load_state_dict(state, strict=True, assign=True)
        if any(buffer.is_meta for buffer in model.buffers()):  # not part of a state dict
            model = build()
            model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise CorruptWeights(f"{origin} does not fit: {error}") from error
    return model.eval()
