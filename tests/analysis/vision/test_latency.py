"""Measuring real networks; how long they take does not matter here."""

import itertools
from collections.abc import Callable

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import described
from analysis.vision import latency, orders
from analysis.vision.latency import Bench, Busy, TooBig, Trial
from analysis.vision.timing import Plan

PLAN = Plan(warm_up=1, least=2, most=2, budget=1e9)
LENET = Trial("lenet5_modern", 1)


def bench(most: int = 256) -> Bench:
    return Bench(most, clock=itertools.count(0.0, 0.25).__next__, plan=PLAN)


def test_a_measurement_says_what_it_depends_on() -> None:
    (found,) = bench().measure([Trial("lenet5_modern", 4)])
    assert found.spread.seconds == (0.25, 0.25)  # by the test's clock
    assert found.throughput == 16
    assert found.warm_up == 1
    assert found.device
    assert found.note is None
    assert orders.run_of(found).macs == 416_520  # 117,600 + 240,000 + 48,000 + 10,080 + 840


def test_measurements_are_remembered_within_a_bound() -> None:
    full = bench(most=2)
    trials = [Trial("lenet5_modern", batch) for batch in (1, 2, 3)]
    assert full.known(trials[0]) is None
    for trial in trials:
        full.measure([trial])
    assert [full.known(trial) is not None for trial in trials] == [False, True, True]


def test_a_second_measurement_is_told_to_wait_and_the_first_goes_on() -> None:
    shared, refused = bench(), list[str]()

    def meanwhile(_: float) -> None:
        with pytest.raises(Busy) as refusal:
            shared.measure([LENET])
        refused.append(str(refusal.value))

    shared.measure([LENET], meanwhile)
    assert len(refused) == 2
    assert "Wait" in refused[0]
    assert shared.measure([LENET])


def test_the_bench_is_free_again_after_a_failure() -> None:
    shared = bench()

    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared.measure([LENET], stopped)
    assert shared.measure([LENET])
    with pytest.raises(cnn_models.UnknownModel):
        shared.measure([Trial("nope", 1)])
    assert shared.measure([LENET])


class Watched(nn.Module):
    """Notes how it is run."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.layer = nn.Sequential(self.norm, nn.Conv2d(1, 2, 3), nn.Dropout())
        self.seen = list[tuple[bool, bool]]()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.append((self.training, torch.is_inference_mode_enabled()))
        return self.layer(x)


def means(model: Watched) -> list[float]:
    """What the batch norm has learned of its inputs."""
    assert model.norm.running_mean is not None
    return model.norm.running_mean.tolist()


def test_a_network_answers_in_evaluation_mode_and_is_left_as_it_was() -> None:
    models = [Watched(), Watched()]
    models[0].norm.eval()  # a mixture of modes
    before = [[m.training for m in model.modules()] for model in models]
    norms = [means(model) for model in models]
    clock: Callable[[], float] = itertools.count(0.0, 1.0).__next__
    latency.timed(models, [torch.ones(2, 1, 8, 8)] * 2, clock, PLAN)
    for model, modes, mean in zip(models, before, norms, strict=True):
        assert model.seen == [(False, True)] * 3  # one to warm up, two that count
        assert [m.training for m in model.modules()] == modes
        assert means(model) == mean
    assert not torch.is_inference_mode_enabled()


def test_the_random_numbers_of_others_are_left_alone() -> None:
    state = torch.random.get_rng_state()
    bench().measure([LENET])
    assert torch.equal(torch.random.get_rng_state(), state)


def test_work_on_a_gpu_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = list[torch.device]()
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    latency._waiting(torch.device("cuda", 0))()
    latency._waiting(torch.device("cpu"))()
    assert waited == [torch.device("cuda", 0)]


@pytest.mark.parametrize(
    ("key", "batch", "free", "said"),
    [
        # weights 138,357,544 × 4 bytes = 527.8 MiB; maps 2 × 64 × 224 × 224 × 4 = 24.5 MiB each
        ("vgg16", 1, 4 * 2**30, "527.8 MiB for its weights and at least 25.1 MiB"),
        ("vgg16", 16, 64 * 2**30, "247.5 G multiply-adds for 16 images"),
        ("vgg16", 0, 64 * 2**30, "at least 1 image"),
    ],
)
def test_what_is_too_big_is_refused_before_it_is_built(
    key: str, batch: int, free: int, said: str
) -> None:
    with pytest.raises(TooBig, match=said):
        latency.refuse_too_big(Trial(key, batch), described.traced(key), free)


def test_a_refusal_names_the_batch_that_works() -> None:
    graph = described.traced("vgg16")
    with pytest.raises(TooBig, match="4 at once will do"):
        latency.refuse_too_big(Trial("vgg16", 16), graph, 64 * 2**30)
    with pytest.raises(TooBig, match="Choose a smaller network"):
        latency.refuse_too_big(Trial("vgg16", 1), graph, 2**30)
    latency.refuse_too_big(Trial("vgg16", 4), graph, 64 * 2**30)


def test_free_memory_is_read_where_the_system_says_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    file = tmp_path / "meminfo"
    monkeypatch.setattr(latency, "_MEMORY", file)
    assert latency.free_bytes() == 4 * 2**30
    file.write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n", encoding="ascii")
    assert latency.free_bytes() == 2 * 2**20
    file.write_text("MemTotal: 9 kB\n", encoding="ascii")
    assert latency.free_bytes() == 4 * 2**30
