import pandas as pd
import pytest

from analysis.structure import accuracy, catalogue, landscape
from analysis.structure.landscape import ACCURACY, ALL, IMAGENET, PARAMS, SMALL, TOP5


def test_every_network_has_one_size_of_image() -> None:
    parts = [landscape.table(size, PARAMS) for size in (IMAGENET, SMALL)]
    keys = [key for part in parts for key in part.index]
    assert sorted(keys) == sorted(landscape.table(ALL, PARAMS).index)
    assert len(set(keys)) == len(keys) == 136
    assert "lenet5" in parts[1].index
    assert "efficientnet_b4" in parts[0].index


def test_counts_are_those_of_the_catalogue_and_accuracies_those_of_the_owner() -> None:
    row = landscape.table(IMAGENET, ACCURACY).loc["vgg16"]
    assert (row["multiply-adds"], row["parameters"]) == (15_470_264_320, 138_357_544)
    assert (row["accuracy"], row["source"]) == (71.592, "torchvision IMAGENET1K_V1")
    assert row["family name"] == "VGG"


@pytest.mark.parametrize("size", landscape.SIZES)
def test_only_what_compares_is_offered(size: str) -> None:
    for height in landscape.heights(size):
        for basis in landscape.bases(size, height) or [accuracy.PAPER]:
            rows = landscape.table(size, height, basis)
            if height != PARAMS:
                told = rows.loc[rows["accuracy"].notna()]
                assert len(told)
                assert told["protocol"].str.len().min() > 0
                assert told["source"].str.len().min() > 0


@pytest.mark.parametrize(("size", "height"), [(ALL, ACCURACY), (SMALL, TOP5), (IMAGENET, "luck")])
def test_what_does_not_compare_is_refused(size: str, height: str) -> None:
    with pytest.raises(ValueError, match="params"):
        landscape.table(size, height)


def test_filters_keep_families_and_years() -> None:
    rows = landscape.table(IMAGENET, PARAMS)
    kept = landscape.shown(rows, ["vgg", "alexnet"], 2013)
    assert list(kept.index) == ["alexnet", "zfnet", "zfnet_wide"]
    assert landscape.shown(rows, [], 2022).equals(rows)


def test_networks_without_accuracy_are_left_out_and_counted() -> None:
    rows = landscape.table(IMAGENET, ACCURACY)
    kept = landscape.shown(rows, ["vgg"], 2013)
    assert kept.empty
    kept = landscape.shown(rows, ["vgg"], 2014)
    assert len(kept) == 8  # A, B, D and E, each with and without batch norm
    said = landscape.left_out(rows, kept, ["vgg"])
    assert said == "8 of 10 networks are shown: 2 have no accuracy of this kind."
    assert not landscape.left_out(kept, kept)


def test_an_empty_chart_says_what_would_help() -> None:
    def said(*families: str, until: int = 2022) -> str:
        return landscape.nothing(IMAGENET, ACCURACY, accuracy.PUBLIC, families, until)

    assert "Choose another size" in said("lenet")
    assert said("fractalnet").endswith("Choose the parameters as height.")
    assert "first came in 2014" in said("vgg", until=2012)
    papers = landscape.nothing(IMAGENET, TOP5, accuracy.PAPER, ["after_2017"], 2012)
    assert "first came in 2019" in papers


def test_another_way_of_measuring_is_named_where_it_has_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_papers(_key: str, _quantity: str, basis: str) -> dict[str, object]:
        return {"accuracy": 70.0 if basis == accuracy.PAPER else float("nan")}

    monkeypatch.setattr(landscape, "_figure", only_papers)
    said = landscape.nothing(IMAGENET, ACCURACY, accuracy.PUBLIC, ["vgg"], 2022)
    assert said.endswith('Choose the parameters as height, or accuracies of "The papers".')


def test_a_size_that_differs_is_said() -> None:
    rows = landscape.shown(landscape.table(IMAGENET, ACCURACY))
    # torchvision's page: EfficientNet-B2 at 288, where the paper has 260
    assert landscape.measured_elsewhere(rows) == ["EfficientNet-B2"]
    assert "EfficientNet-B2 was measured at another size" in " ".join(
        landscape.protocols(rows, accuracy.PUBLIC)
    )


def test_training_is_told_from_the_network() -> None:
    rows = landscape.shown(landscape.table(IMAGENET, ACCURACY))
    said = landscape.recipes(rows)
    assert "MobileNet v1 by 5.5" in said  # 76.088 by timm, 70.6 in Table 6 of the paper
    assert "VGG" not in said


def test_other_protocols_are_counted() -> None:
    rows = landscape.shown(landscape.table(IMAGENET, ACCURACY, accuracy.PAPER), ["vgg", "alexnet"])
    # AlexNet, ZFNet, its wide version, SPPNet and six of VGG; one tower's single crop is not
    assert "10 of them, drawn as diamonds" in " ".join(landscape.protocols(rows, accuracy.PAPER))


def test_a_missing_catalogue_says_what_writes_it(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(catalogue, "ASSET", tmp_path / "catalogue.csv")
    with pytest.raises(FileNotFoundError, match="make catalogue"):
        catalogue.shipped()


def test_the_catalogue_that_ships_has_the_columns_of_the_one_that_is_counted() -> None:
    assert isinstance(catalogue.shipped(), pd.DataFrame)
    assert catalogue.shipped()["parameters"].dtype == "int64"


def test_accuracies_of_many_crops_are_set_apart() -> None:
    rows = landscape.shown(landscape.table(landscape.IMAGENET, landscape.ACCURACY, "paper"))
    alike = landscape.comparable(rows)
    assert all(alike["one crop"])
    assert 0 < len(alike) < len(rows)
    assert landscape.not_comparable(rows).endswith(f"left out: {len(rows) - len(alike)}.")
    many = rows.loc[~rows["one crop"]]
    assert len(landscape.comparable(many)) == len(many)
    assert landscape.not_comparable(alike) == ""
