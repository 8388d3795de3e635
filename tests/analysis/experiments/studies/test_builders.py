"""The networks that the studies add to the lab, against the catalogue and sums by hand."""

import cnn_models
from analysis.experiments import lab


def _parameters(name: str, **options: int | float) -> int:
    return sum(values.numel() for values in lab.build(name, 10, options).parameters())


def test_gates_and_dense_layers_are_those_of_the_catalogue() -> None:
    assert _parameters("gated", depth=20) == cnn_models.spec("cifar_se_resnet20").exact_params
    dense = cnn_models.spec("cifar_densenet40_k12").exact_params
    assert _parameters("dense", growth=12, layers=12) == dense


def test_a_fractal_of_one_column_is_three_convolutions() -> None:
    convs = sum(9 * i * o + o + 2 * o for i, o in ((3, 16), (16, 32), (32, 64)))
    paths = {"drop_path": 0.1, "global_share": 0.5}
    assert _parameters("fractal", columns=1, **paths) == convs + 64 * 10 + 10
