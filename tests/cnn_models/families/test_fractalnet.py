"""FractalNet: counts by hand, joins, drop-path, and columns that predict alone."""

import pytest
import torch
from torch import Tensor, fx, nn

import cnn_models
from cnn_models.families.fractalnet import FILTERS, NARROW, FractalBlock, FractalNet, join


def convolutions(columns: int, filters: tuple[int, ...], inputs: int) -> list[tuple[int, int]]:
    """(inputs, outputs) of each 3×3 convolution; C of the 2^C - 1 of a block read its input."""
    layers = []
    for outputs in filters:
        layers += [(inputs, outputs)] * columns + [(outputs, outputs)] * (2**columns - 1 - columns)
        inputs = outputs
    return layers


def parameters(columns: int, filters: tuple[int, ...], classes: int, inputs: int = 3) -> int:
    """Weights, biases, scales and shifts of all convolutions, and the linear layer."""
    nodes = sum(9 * i * o + o + 2 * o for i, o in convolutions(columns, filters, inputs))
    return nodes + filters[-1] * classes + classes


def multiply_adds(columns: int, filters: tuple[int, ...], classes: int, side: int, inputs: int = 3):
    nodes = 2**columns - 1  # convolutions of a block
    total = 0
    for number, (i, o) in enumerate(convolutions(columns, filters, inputs)):
        total += 9 * i * o * (side // 2 ** (number // nodes)) ** 2
    return total + filters[-1] * classes


@pytest.mark.parametrize("columns", range(1, 7))
def test_the_narrow_networks_have_the_counts_of_their_filters_for_100_classes(columns):
    spec = cnn_models.spec(f"fractalnet_c{columns}_cifar")
    assert spec.num_classes == 100
    assert spec.exact_params == parameters(columns, NARROW, 100)
    assert spec.exact_macs == multiply_adds(columns, NARROW, 100, 32)


def test_the_narrow_networks_for_10_classes_have_90_units_fewer():
    with torch.device("meta"):
        network = cnn_models.build("fractalnet_c1_cifar", num_classes=10)
    assert sum(p.numel() for p in network.parameters()) == 258_660 - 90 * (128 + 1)


def test_the_filters_of_the_20_layers_do_not_give_the_38_6_million_of_table_1():
    spec = cnn_models.spec("fractalnet20_cifar")
    assert spec.exact_params == parameters(3, FILTERS, 10) == 33_734_922
    assert spec.exact_macs == multiply_adds(3, FILTERS, 10, 32)
    assert spec.exact_params - 7 * sum(FILTERS) == 33_724_618  # without biases


def test_1_by_1_convolutions_in_front_of_the_blocks_would_give_38_6_million():
    changes = ((3, 64), (64, 128), (128, 256), (256, 512))
    weights = sum(7 * 9 * f * f for f in FILTERS) + sum(i * o for i, o in changes)
    assert weights == 38_621_376


def test_fractalnet34_is_the_middle_of_resnet34_replaced():
    filters = (128, 256, 512, 1024)
    stem = 7 * 7 * 3 * 64 + 2 * 64
    spec = cnn_models.spec("fractalnet34")
    assert spec.exact_params == stem + parameters(4, filters, 1000, inputs=64)
    stem_macs = 7 * 7 * 3 * 64 * 112**2
    assert spec.exact_macs == stem_macs + multiply_adds(4, filters, 1000, 56, inputs=64)
    assert sum(9 * i * o for i, o in convolutions(4, filters, 64)) == 162_938_880
    without_pool = stem_macs + multiply_adds(4, filters, 1000, 112, inputs=64)
    assert f"{without_pool / 1e9:.1f}" == "96.3"


def depth(key: str) -> int:
    """Convolutions and linear layers on the longest way through the network."""
    with torch.device("meta"):
        graph = fx.symbolic_trace(cnn_models.build(key).eval()).graph
    longest: dict[fx.Node, int] = {}
    for node in graph.nodes:
        layer = str(node.target)
        counted = layer.endswith(("conv", "fc"))
        longest[node] = max((longest[n] for n in node.all_input_nodes), default=0) + counted
    return max(longest.values())


def test_the_names_say_how_deep_the_networks_are():
    narrow = [depth(f"fractalnet_c{columns}_cifar") - 1 for columns in (1, 2, 3, 4)]
    assert narrow == [5, 10, 20, 40]  # the paper counts the convolutions of these
    assert depth("fractalnet20_cifar") == 21
    assert depth("fractalnet34") == 34


class Times(nn.Module):
    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


def arithmetic_block() -> FractalBlock:
    """Three columns that multiply by 2; by 3 and 5; by 7, 11, 13 and 17."""
    block = FractalBlock(1, 1, columns=3, dropout=0.0, pool=False)
    factors = ((2,), (3, 5), (7, 11, 13, 17))
    block.columns = nn.ModuleList(nn.Sequential(*map(Times, column)) for column in factors)
    return block


def test_columns_meet_in_one_join_wherever_they_are_equally_far():
    half = (3 + 7 * 11) / 2
    answer = arithmetic_block()(torch.ones(1, 1, 2, 2))
    torch.testing.assert_close(answer, torch.full((1, 1, 2, 2), (2 + half * 5 + half * 221) / 3))


@pytest.mark.parametrize(("column", "product"), [(1, 2), (2, 15), (3, 17017)])
def test_a_column_alone_is_a_chain(column, product):
    answer = arithmetic_block()(torch.ones(1, 1, 2, 2), column=column)
    assert answer.unique().tolist() == [product]


def test_each_column_is_pooled_before_the_last_join():
    torch.manual_seed(0)
    block = FractalBlock(2, 3, columns=2, dropout=0.0).eval()
    x = torch.randn(1, 2, 4, 4)
    shallow, deep = (column(x) for column in block.columns)
    pool = nn.MaxPool2d(2)
    torch.testing.assert_close(block(x), (pool(shallow) + pool(deep)) / 2)
    assert not torch.equal(pool(shallow) + pool(deep), pool(shallow + deep))


def draws(count: int, drop: float, times: int) -> Tensor:
    """The means (times, count) that a join of `count` unit vectors gives."""
    inputs = list(torch.eye(count))
    return torch.stack([join(inputs, drop) for _ in range(times)])


def test_a_join_is_the_mean_of_what_it_keeps():
    torch.manual_seed(0)
    means = draws(3, 0.5, 200)
    assert torch.allclose(means.sum(1), torch.ones(200))
    assert all(len(mean[mean > 0].unique()) == 1 for mean in means)


def test_a_join_drops_each_input_with_its_probability_and_keeps_at_least_one():
    torch.manual_seed(0)
    kept = (draws(2, 0.15, 4000) > 0).float()
    assert kept.sum(1).min() == 1
    # Both are dropped with 0.15²; then one of them, at random, stays.
    assert kept.mean(0).tolist() == pytest.approx([0.85 + 0.15**2 / 2] * 2, abs=0.02)


def test_a_join_of_one_path_never_drops_it():
    (alone,) = torch.eye(1)
    assert all(torch.equal(join([alone], 0.9), alone) for _ in range(50))


def small(**options: object) -> nn.Module:
    torch.manual_seed(0)
    settings = {"filters": (4, 8), "num_classes": 5, **options}
    return cnn_models.build("fractalnet20_cifar", **settings)


def test_half_of_the_mini_batches_train_one_column_and_half_all_with_local_drops():
    network = small()
    assert isinstance(network, FractalNet)
    drawn = [network.draw_paths() for _ in range(3000)]
    alone = [column for column, _ in drawn if column is not None]
    assert len(alone) / 3000 == pytest.approx(0.5, abs=0.03)
    shares = [alone.count(column) / len(alone) for column in (1, 2, 3)]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)
    assert {drop for column, drop in drawn if column is None} == {0.15}
    assert {drop for column, drop in drawn if column is not None} == {0.0}


def test_global_drop_path_keeps_one_column_through_the_whole_network():
    network = small(global_share=1.0, dropout=0.0)
    assert isinstance(network, FractalNet)
    x = torch.randn(4, 3, 8, 8)
    answers = []
    for column in (1, 2, 3):
        network.use_column(column)
        answers.append(network(x))
    network.use_column(None)
    seen = set()
    for _ in range(20):
        answer = network(x)
        seen |= {i for i, alone in enumerate(answers) if torch.equal(answer, alone)}
        assert any(torch.equal(answer, alone) for alone in answers)
    assert seen == {0, 1, 2}


def test_in_evaluation_nothing_is_dropped():
    network, still = small().eval(), small(drop_path=0.0, global_share=0.0, dropout=0.0).eval()
    still.load_state_dict(network.state_dict())
    x = torch.randn(2, 3, 8, 8)
    assert torch.equal(network(x), network(x))
    assert torch.equal(network(x), still(x))


def test_training_draws_from_the_seed():
    network, x = small(), torch.randn(2, 3, 8, 8)
    runs = []
    for _ in range(2):
        torch.manual_seed(7)
        runs.append([network(x) for _ in range(6)])
    assert all(torch.equal(a, b) for a, b in zip(*runs, strict=True))
    assert not all(torch.equal(a, runs[0][0]) for a in runs[0])


def test_any_column_predicts_alone_and_can_be_traced():
    network = small().eval()
    assert isinstance(network, FractalNet)
    x = torch.randn(2, 3, 8, 8)
    answers = [network(x)]
    for column in (1, 2, 3):
        network.use_column(column)
        traced = fx.symbolic_trace(network)
        layers = [n for n in traced.graph.nodes if str(n.target).endswith("conv")]
        assert len(layers) == 2 * 2 ** (column - 1)
        assert torch.equal(traced(x), network(x))
        answers.append(network(x))
    assert len({tuple(answer.flatten().tolist()) for answer in answers}) == 4
    network.use_column(None)
    assert torch.equal(network(x), answers[0])


def test_the_column_is_an_option_too():
    alone, all_of_them = small(column=2).eval(), small().eval()
    assert isinstance(all_of_them, FractalNet)
    all_of_them.use_column(2)
    x = torch.randn(1, 3, 8, 8)
    assert torch.equal(alone(x), all_of_them(x))


@pytest.mark.parametrize("column", [0, 4, -1])
def test_a_column_that_is_not_there_is_refused(column):
    network = small()
    assert isinstance(network, FractalNet)
    with pytest.raises(ValueError, match=f"column is {column}; it is 1 to 3, or None for all"):
        network.use_column(column)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("columns", 0),
        ("filters", (16, 0)),
        ("dropout", 1.0),
        ("drop_path", 1.0),
        ("global_share", 1.5),
        ("column", 4),
    ],
)
def test_a_value_out_of_range_is_refused(option, value):
    with torch.device("meta"), pytest.raises(ValueError, match=f"^{option} is "):
        cnn_models.build("fractalnet20_cifar", **{option: value})


def test_dropout_grows_from_block_to_block_as_the_paper_says():
    with torch.device("meta"):
        network = cnn_models.build("fractalnet20_cifar")
    rates = {n.split(".")[1]: m.p for n, m in network.named_modules() if isinstance(m, nn.Dropout)}
    assert list(rates) == ["block2", "block3", "block4", "block5"]  # 0% in the first block
    assert list(rates.values()) == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_columns_and_blocks_are_options():
    network = small(columns=2, filters=(4, 6, 8)).eval()
    assert sum(isinstance(m, nn.Conv2d) for m in network.modules()) == 3 * 3
    assert network(torch.randn(1, 3, 20, 9)).shape == (1, 5)
    with pytest.raises(ValueError, match="at least 8 pixels"):
        network(torch.randn(1, 3, 7, 20))


def test_weights_start_with_the_variance_of_their_inputs():
    torch.manual_seed(0)
    network = cnn_models.build("fractalnet20_cifar")
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            inputs = layer.weight[0].numel()
            assert layer.weight.var().item() * inputs == pytest.approx(1, rel=0.08)
            assert layer.weight.abs().max().item() <= (3 / inputs) ** 0.5
            assert layer.bias is not None
            assert not layer.bias.any()
