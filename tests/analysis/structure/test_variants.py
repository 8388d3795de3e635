"""The tables of configurations against those that the papers print."""

from collections.abc import Callable

import pytest

import cnn_models
from analysis.structure.graph import Graph
from analysis.structure.variants import Configurations, configurations

Traced = Callable[[str], Graph]


@pytest.fixture
def table_of(traced: Traced) -> Callable[..., Configurations]:
    return lambda *keys: configurations({key: traced(key) for key in keys})


def column(table: Configurations, number: int = 0) -> list[str]:
    return [cell.text if cell else "" for cell in table.columns[number].cells]


# Table 1 of the VGG paper: convolutions of the five stages in columns A to E.
VGG = {
    "vgg11": ("1", "1", "2", "2", "2"),
    "vgg13": ("2", "2", "2", "2", "2"),
    "vgg16_c": ("2", "2", "3 with 1×1", "3 with 1×1", "3 with 1×1"),
    "vgg16": ("2", "2", "3", "3", "3"),
    "vgg19": ("2", "2", "4", "4", "4"),
}


@pytest.mark.parametrize("key", VGG)
def test_columns_of_vgg(table_of: Callable[..., Configurations], key: str) -> None:
    expected = []
    for channels, layers in zip((64, 128, 256, 512, 512), VGG[key], strict=True):
        held = [f"conv3-{channels}"] * int(layers[0])
        if "1×1" in layers:
            held[-1] = f"conv1-{channels}"
        expected += [", ".join(held), "maxpool"]
    expected.append("FC-4096, FC-4096, FC-1000")
    assert column(table_of(key)) == expected


def test_vgg_stands_in_the_six_columns_of_its_paper(
    table_of: Callable[..., Configurations],
) -> None:
    table = table_of(*(key for key in cnn_models.names("vgg")))
    assert [held.keys[0] for held in table.columns] == [
        "vgg11", "vgg11_lrn", "vgg13", "vgg16_c", "vgg16", "vgg19",
    ]  # fmt: skip
    assert table.columns[0].keys == ("vgg11", "vgg11_bn")
    assert [held.depth for held in table.columns] == [11, 11, 13, 16, 16, 19]
    assert column(table, 1)[0] == "conv3-64, LRN"


def block(width: int, deep: bool) -> str:
    if deep:
        return f"[1×1, {width}; 3×3, {width}; 1×1, {4 * width}]"
    return f"[3×3, {width}; 3×3, {width}]"


# Table 1 of the ResNet paper.
RESNET = {
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
    "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3),
}


@pytest.mark.parametrize("key", RESNET)
def test_columns_of_resnet(table_of: Callable[..., Configurations], key: str) -> None:
    table, deep = table_of(key), key in ("resnet50", "resnet101", "resnet152")
    stages = [
        f"{block(width, deep)} × {times}"
        for width, times in zip((64, 128, 256, 512), RESNET[key], strict=True)
    ]
    head = ["7×7, 64, stride 2", "3×3 max pool, stride 2"]
    assert column(table) == [*head, *stages, "global average pool, FC-1000"]
    assert table.rows[2:6] == ("conv2_x", "conv3_x", "conv4_x", "conv5_x")
    sizes = [cell.size for cell in table.columns[0].cells if cell]
    assert sizes == [(112, 112), (56, 56), (56, 56), (28, 28), (14, 14), (7, 7), ()]


def test_what_the_papers_table_leaves_out_shares_a_column(
    table_of: Callable[..., Configurations],
) -> None:
    table = table_of("plain18", "resnet18", "resnet50", "resnet50_v1_5")
    assert [held.keys for held in table.columns] == [
        ("plain18", "resnet18"),
        ("resnet50", "resnet50_v1_5"),
    ]


# Table 1 of the DenseNet paper.
DENSENET = {
    "densenet121": (6, 12, 24, 16),
    "densenet169": (6, 12, 32, 32),
    "densenet201": (6, 12, 48, 32),
    "densenet264": (6, 12, 64, 48),
}


@pytest.mark.parametrize("key", DENSENET)
def test_columns_of_densenet(table_of: Callable[..., Configurations], key: str) -> None:
    table, channels, expected = table_of(key), 64, ["7×7, 64, stride 2", "3×3 max pool, stride 2"]
    for number, layers in enumerate(DENSENET[key]):
        if number:
            channels //= 2
            expected += [f"1×1, {channels}", "2×2 average pool, stride 2"]
        expected.append(f"[1×1, 128; 3×3, 32] × {layers}")
        channels += 32 * layers
    assert column(table) == [*expected, "global average pool, FC-1000"]
    assert table.rows[2:5] == ("Dense Block (1)", "Transition Layer (1)", "")


@pytest.mark.parametrize(
    ("key", "row", "text"),  # as the paper of each draws its block
    [
        ("se_resnet50", "conv2_x", "[1×1, 64; 3×3, 64; 1×1, 256; SE [16, 256]] × 3"),
        ("resnext50_32x4d", "conv2_x", "[1×1, 128; 3×3, 128, 32 groups; 1×1, 256] × 3"),
        ("mobilenet_v1", "stage4", "[3×3 depthwise; 1×1, 512] × 6"),
        (
            "mobilenet_v2",
            "stage2",
            "[1×1, 96; 3×3 depthwise; 1×1, 24] × 1, [1×1, 144; 3×3 depthwise; 1×1, 24] × 1",
        ),
        ("squeezenet1_0", "fire2", "1×1, 16, 1×1, 64 | 3×3, 64"),
        ("cifar_densenet40_k12", "Dense Block (1)", "[3×3, 12] × 12"),
        (
            "googlenet",
            "inception3a",
            "1×1, 64 | 1×1, 96 → 3×3, 128 | 1×1, 16 → 5×5, 32 | 3×3 max pool → 1×1, 32",
        ),
        (
            "fractalnet_c3_cifar",
            "block1",
            "3×3, 16 + (3×3, 16 + 3×3, 16 → 3×3, 16) × 2",
        ),
    ],
)
def test_blocks_as_papers_write_them(
    table_of: Callable[..., Configurations], key: str, row: str, text: str
) -> None:
    table = table_of(key)
    assert column(table)[table.rows.index(row)] == text


def test_layers_of_crossing_branches_are_counted(table_of: Callable[..., Configurations]) -> None:
    table = table_of("nasnet_a_mobile")
    counted = column(table)[table.rows.index("last normal cell")]
    # five blocks: two separable 5×5 and three separable 3×3, each applied twice
    assert "4 × 5×5 depthwise" in counted
    assert "6 × 3×3 depthwise" in counted


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_network_has_its_column(table_of: Callable[..., Configurations], key: str) -> None:
    table = table_of(key)
    assert table.columns[0].keys == (key,)
    assert all(cell and cell.blocks for cell in table.columns[0].cells)
    assert any("FC-" in text or "×" in text for text in column(table))


def test_cells_of_searched_networks_of_unlike_length_stand_in_one_row(
    table_of: Callable[..., Configurations],
) -> None:
    table = table_of("nasnet_a_large", "nasnet_a_mobile")
    assert table.rows.count("normal cells") == 3
    assert all(cell is not None for column in table.columns for cell in column.cells)
