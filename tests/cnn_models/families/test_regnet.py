"""RegNet: the rule, held against torchvision's networks, and what its authors print."""

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.convert import renamed
from cnn_models.families.regnet import YBlock, stages_of
from cnn_models.owner_names import rules
from tests.cnn_models.parity import EXPECTED, SHAPES, assert_owners_logits, deterministic, picture

# RegNetX-400MF, from the authors' configuration.
X_400MF = {"depth": 22, "w0": 24, "wa": 24.48, "wm": 2.54, "group_width": 16}


def owners_stages(owner: str) -> tuple[tuple[int, int], ...]:
    """(blocks, channels) of each stage, read from the names and shapes of torchvision's weights."""
    widths: dict[str, list[int]] = {}
    for name, shape in SHAPES[owner].items():
        if name.endswith(".f.c.0.weight"):
            widths.setdefault(name.split(".")[1], []).append(shape[0])
    assert all(len(set(stage)) == 1 for stage in widths.values())
    return tuple((len(stage), stage[0]) for stage in widths.values())


def test_the_rule_gives_the_stages_of_the_docstring_and_of_torchvision():
    found = stages_of(depth=16, w0=48, wa=27.89, wm=2.09, group_width=8)
    assert found == ((1, 48), (3, 104), (6, 208), (6, 440))
    assert found == owners_stages("torchvision/regnet_y_400mf")
    assert stages_of(**X_400MF) == owners_stages("torchvision/regnet_x_400mf")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ((3, 48, 0.0, 2.0, 8), ((3, 48),)),  # a flat line is one stage
        ((4, 8, 8.0, 2.0, 8), ((1, 8), (1, 16), (2, 32))),  # 8, 16, 24 and 32, as powers of 2
        ((1, 24, 0.0, 2.0, 64), ((1, 24),)),  # one group where a group would be wider
        ((1, 40, 0.0, 2.0, 16), ((1, 48),)),  # 32 would lose a fifth
    ],
)
def test_the_rule_at_its_corners(rule, expected):
    assert stages_of(*rule) == expected


def by_hand() -> tuple[int, int]:
    """Parameters and multiply-adds of RegNetY-400MF, layer by layer."""
    params, work, inputs, side = (27 + 2) * 32, 27 * 32 * 112**2, 32, 112
    for blocks, width in ((1, 48), (3, 104), (6, 208), (6, 440)):
        for block in range(blocks):
            squeezed = round(inputs / 4)
            params += (inputs + 2) * width + (8 * 9 + 2) * width + (width + 2) * width
            params += 2 * width * squeezed + squeezed + width
            work += inputs * width * side**2 + 2 * width * squeezed
            side = side // 2 if block == 0 else side
            work += (8 * 9 * width + width * width) * side**2
            if block == 0:
                params += (inputs + 2) * width
                work += inputs * width * side**2
            inputs = width
    return params + 441 * 1000, work + 440 * 1000


def test_counts_follow_from_the_stages():
    spec = cnn_models.spec("regnet_y_400mf")
    assert (spec.exact_params, spec.exact_macs) == by_hand()


def test_without_gates_it_is_regnet_x_and_gives_torchvisions_logits():
    owner = "torchvision/regnet_x_400mf"
    with torch.device("meta"):
        network = cnn_models.build("regnet_y_400mf", se_ratio=0, **X_400MF).eval()
    state = renamed(deterministic(SHAPES[owner]), rules("regnet", network))
    counters = {n for n in network.state_dict() if n.endswith("num_batches_tracked")}
    state |= dict.fromkeys(counters, torch.tensor(0))
    network.load_state_dict(state, strict=True, assign=True)
    with torch.inference_mode():
        logits = network(picture(EXPECTED[owner]["size"]))
    assert_owners_logits(logits, owner)


def test_only_the_first_block_of_a_stage_projects():
    with torch.device("meta"):
        network = cnn_models.build("regnet_y_400mf")
    blocks = [m for m in network.modules() if isinstance(m, YBlock)]
    firsts = [block.projection is not None for block in blocks]
    assert firsts == [True, True, False, False] + ([True] + [False] * 5) * 2


def test_a_block_that_has_learnt_nothing_passes_what_is_positive():
    block = YBlock(16, 16, stride=1, group_width=8, se_ratio=0.25).eval()
    nn.init.zeros_(block.conv3.get_parameter("bn.weight"))
    x = torch.randn(2, 16, 5, 5)
    assert torch.equal(block(x), x.relu())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": 0}, r"depth is 0; there are 1 to 64 blocks\."),
        ({"depth": 65}, r"depth is 65"),
        ({"w0": 20}, r"w0 is 20; the first width is a multiple of 8, at least 8\."),
        ({"wa": -1.0}, r"wa is -1\.0; the widths do not shrink, so it is at least 0"),
        ({"wm": 1}, r"wm is 1; the factor between stages is over 1"),
        ({"group_width": 0}, r"group_width is 0; it is at least 1\."),
        ({"se_ratio": 1.5}, r"se_ratio is 1\.5; it is from 0, for no gates, to 1\."),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with torch.device("meta"), pytest.raises(ValueError, match=message):
        cnn_models.build("regnet_y_400mf", **options)
