"""The source on the page is the text in the file, at the lines that are named."""

from pathlib import Path

import torch
from torch import nn

import cnn_models
from analysis.structure.source import block_source
from tests.networks import one_of_each_paper

ROOT = Path(__file__).parents[3]


@one_of_each_paper
def test_parts_are_the_lines_of_the_file(key):
    parts = block_source(cnn_models.spec(key))
    assert parts
    assert len({part.name for part in parts}) == len(parts)
    for part in parts:
        lines = (ROOT / part.file).read_text(encoding="utf-8").splitlines(keepends=True)
        assert part.text == "".join(lines[part.line - 1 : part.last_line])
        assert f" {part.name}(" in part.text


def test_the_network_comes_first_then_its_blocks():
    names = [part.name for part in block_source(cnn_models.spec("resnet18"))]
    assert names == ["ResNet", "BasicBlock", "PlainBlock"]
    assert "Inception" in [part.name for part in block_source(cnn_models.spec("googlenet"))]


def test_a_model_says_the_same_as_its_spec():
    with torch.device("meta"):
        model = cnn_models.build("mobilenet_v1")
    assert block_source(model) == block_source(cnn_models.spec("mobilenet_v1"))


def test_torch_s_own_classes_have_no_part():
    assert block_source(nn.Sequential(nn.ReLU())) == ()
