"""Wide ResNet: its grid by hand, its block, dropout, and the wide bottlenecks."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import nn

import cnn_models
from cnn_models.families.resnet import Bottleneck
from cnn_models.families.wide_resnet import WideBlock, WideBottleneck, WideResNet

GRID = [key for key in cnn_models.names("wide_resnet") if key.startswith("cifar_")]


def by_hand(depth: int, k: int) -> tuple[int, int]:
    """Parameters and multiply-adds of Table 1, layer by layer."""
    inputs, weights = 16, 3 * 16 * 9
    params, macs = weights, weights * 32 * 32
    for width, side in ((16 * k, 32), (32 * k, 16), (64 * k, 8)):
        for _ in range((depth - 4) // 6):
            weights = inputs * width * 9 + width * width * 9
            weights += inputs * width if inputs != width else 0  # the projection
            params += 2 * inputs + 2 * width + weights
            macs += weights * side * side
            inputs = width
    return params + 2 * inputs + 10 * inputs + 10, macs + 10 * inputs


@pytest.mark.parametrize("key", GRID)
def test_the_grid_by_hand(key):
    spec = cnn_models.spec(key)
    _, _, depth, k = key.split("_")
    assert (spec.exact_params, spec.exact_macs) == by_hand(int(depth), int(k))


@pytest.mark.parametrize("key", [key for key in GRID if key not in GRID[-2:]])
def test_the_grid_has_the_sizes_of_table_4(key):
    spec = cnn_models.spec(key)
    (printed,) = [f.value for f in spec.published if f.quantity == "parameters"]
    assert printed == f"{spec.exact_params / 1e6:.1f}M"


def test_the_two_networks_that_only_table_6_has():
    # WRN-16-4 has 3 stages of 2 blocks, of 64, 128 and 256 channels. The convolutions:
    #   in front                            3·16·9                              =       432
    #   first stage    16·64·9   + 3·64·64·9   + 16·64    (the projection)      =   120,832
    #   second         64·128·9  + 3·128·128·9 + 64·128                         =   524,288
    #   third          128·256·9 + 3·256·256·9 + 128·256                        = 2,097,152
    # A batch normalisation, 2 a channel, stands before each 3×3 and at the end; the linear layer
    # has 256·10 + 10.
    convolutions = 432 + 120_832 + 524_288 + 2_097_152
    norms = 2 * (16 + 3 * 64 + 64 + 3 * 128 + 128 + 3 * 256 + 256)
    assert cnn_models.spec("cifar_wrn_16_4").exact_params == convolutions + norms + 2_570
    # WRN-52-1: 3 stages of 8 blocks of 16, 32 and 64 channels; no projection in the first.
    convolutions = (
        432 + 16 * 16 * 9 * 16
        + 16 * 32 * 9 + 15 * 32 * 32 * 9 + 16 * 32
        + 32 * 64 * 9 + 15 * 64 * 64 * 9 + 32 * 64
    )  # fmt: skip
    norms = 2 * (17 * 16 + 16 * 32 + 16 * 64)
    assert cnn_models.spec("cifar_wrn_52_1").exact_params == convolutions + norms + 650


@pytest.mark.parametrize("key", GRID)
def test_the_name_counts_the_convolutions(key):
    with torch.device("meta"):
        network = cnn_models.build(key)
    found = sum(isinstance(m, nn.Conv2d) for m in network.modules())
    _, _, depth, k = key.split("_")
    said = f"it has {found} convolutions, not {depth}."
    assert (found == int(depth)) == (k != "1")
    assert (said in " ".join(cnn_models.spec(key).departures)) == (k == "1")


def test_the_groups_have_the_shapes_of_table_1():
    with torch.device("meta"):
        network, x = WideResNet(depth=16, width=4), torch.empty(1, 3, 32, 32)
    shapes = []
    for name in ("conv1", "layer1", "layer2", "layer3"):
        x = network.get_submodule(name)(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes == [(16, 32, 32), (64, 32, 32), (128, 16, 16), (256, 8, 8)]


def test_a_block_that_has_learnt_nothing_hands_on_its_input_as_it_is():
    block, x = WideBlock(8, 8, 1).eval(), torch.randn(2, 8, 5, 5)
    nn.init.zeros_(block.conv2.weight)
    assert torch.equal(block(x), x)


def test_a_projection_takes_what_the_first_relu_lets_through():
    block, x = WideBlock(4, 8, 2).eval(), torch.randn(2, 4, 6, 6)
    nn.init.zeros_(block.conv2.weight)
    assert block.projection is not None
    activated = F.relu(block.bn1(x))
    expected = F.conv2d(activated, block.projection.weight, stride=2)
    torch.testing.assert_close(block(x), expected)


def test_a_thin_first_stage_needs_no_projection():
    with torch.device("meta"):
        thin, wide = WideResNet(depth=10, width=1), WideResNet(depth=10, width=2)
    assert "layer1.0.projection.weight" not in thin.state_dict()
    assert "layer1.0.projection.weight" in wide.state_dict()


def test_dropout_stands_between_the_convolutions_of_every_block():
    torch.manual_seed(0)
    block = WideBlock(4, 4, 1, dropout=0.5)
    seen = {}
    block.conv2.register_forward_pre_hook(lambda _, inputs: seen.update(x=inputs[0]))
    block.relu2.register_forward_hook(lambda *args: seen.update(y=args[2]))
    block.train()(torch.randn(8, 4, 16, 16))
    passed = seen["y"] > 0
    assert torch.isin(seen["x"][passed] / seen["y"][passed], torch.tensor([0.0, 2.0])).all()
    block.eval()(torch.randn(8, 4, 16, 16))
    assert torch.equal(seen["x"], seen["y"])


def test_dropout_is_an_option_without_parameters():
    with torch.device("meta"):
        plain = cnn_models.build("cifar_wrn_28_10")
        dropping = cnn_models.build("cifar_wrn_28_10", dropout=0.3)
    assert plain.state_dict().keys() == dropping.state_dict().keys()
    assert not any(isinstance(m, nn.Dropout) for m in plain.modules())
    assert [m.p for m in dropping.modules() if isinstance(m, nn.Dropout)] == [0.3] * 12


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": 27}, r"depth is 27; it is 6n \+ 4, such as 10, 16, 22 layers\."),
        ({"depth": 4}, "depth is 4;"),
        ({"depth": -2}, "depth is -2;"),
        ({"width": 0}, r"width is 0; it is at least 1\."),
        ({"dropout": 1.0}, "dropout is 1.0; it is at least 0 and less than 1"),
        ({"dropout": -0.1}, "at least 0 and less than 1"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with torch.device("meta"), pytest.raises(ValueError, match=message):
        cnn_models.build("cifar_wrn_16_4", **options)


def test_convolutions_start_with_hes_variance_over_the_outputs():
    torch.manual_seed(0)
    network = cnn_models.build("cifar_wrn_16_4")
    weight = network.get_parameter("layer3.1.conv1.weight")
    assert weight.std().item() == pytest.approx((2 / (9 * 256)) ** 0.5, rel=0.02)
    assert network.get_parameter("fc.weight").std().item() == pytest.approx(0.01, rel=0.05)


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("depth", [50, 101])
def test_a_width_of_one_is_resnet_with_the_stride_on_the_3x3(depth):
    with torch.device("meta"):
        thin = cnn_models.build(f"wide_resnet{depth}_2", width=1)
        resnet = cnn_models.build(f"resnet{depth}_v1_5")
    shapes = {name: tensor.shape for name, tensor in resnet.state_dict().items()}
    assert {name: tensor.shape for name, tensor in thin.state_dict().items()} == shapes


@pytest.mark.parametrize(("depth", "blocks"), [(50, (3, 4, 6, 3)), (101, (3, 4, 23, 3))])
def test_what_doubling_the_inner_width_adds(depth, blocks):
    # A bottleneck of inner width w has (in + out) w + 9 w² weights and two norms of 2 w: going
    # from w to 2 w adds (in + out) w + 27 w² + 4 w.
    extra, inputs = 0, 64
    for count, w in zip(blocks, (64, 128, 256, 512), strict=True):
        for _ in range(count):
            extra += (inputs + 4 * w) * w + 27 * w * w + 4 * w
            inputs = 4 * w
    thin = cnn_models.spec(f"resnet{depth}").exact_params
    assert cnn_models.spec(f"wide_resnet{depth}_2").exact_params == thin + extra


def test_wide_bottlenecks_have_the_stride_on_the_3x3():
    with torch.device("meta"):
        network = cnn_models.build("wide_resnet50_2")
    for number, inner in enumerate((128, 256, 512, 1024), start=1):
        block = network.get_submodule(f"layer{number}.0")
        assert isinstance(block, WideBottleneck)
        assert isinstance(block, Bottleneck)
        assert block.conv2.weight.shape == (inner, inner, 3, 3)
        assert block.conv1.stride == (1, 1)
        assert block.conv2.stride == ((2, 2) if number > 1 else (1, 1))


@pytest.mark.parametrize("width", [0, -1])
def test_a_width_of_nothing_is_refused(width):
    with torch.device("meta"), pytest.raises(ValueError, match=f"width is {width}; it is at least"):
        cnn_models.build("wide_resnet50_2", width=width)


def test_the_paper_prints_the_parameters_of_wrn_50_2():
    spec = cnn_models.spec("wide_resnet50_2")
    (printed,) = [f.value for f in spec.published if f.quantity == "parameters"]
    assert printed == f"{spec.exact_params / 1e6:.1f}M"
    said = " ".join(spec.departures)
    assert all(f.value in said for f in spec.published if f.quantity == "top-5 error")
