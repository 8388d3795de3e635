import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from analysis.vision.probe import Shared, probe


def network() -> nn.Sequential:
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3)
    )
    model[1].eval()  # a mixture of modes
    model[0].weight.requires_grad_(False)
    model[4].bias.grad = torch.ones(3)
    return model


def state(model: nn.Module) -> list:
    """Everything that a probe must not change, hooks by identity."""
    modules = [
        (m.training, [(k, v) for k, v in vars(m).items() if "hook" in k and v])
        for m in model.modules()
    ]
    parameters = [
        (p.requires_grad, id(p.grad), None if p.grad is None else p.grad.tolist())
        for p in model.parameters()
    ]
    buffers = [b.tolist() for b in model.buffers()]
    return [str(modules), parameters, buffers]


def meddle(model: nn.Module) -> None:
    """Leave behind what a careless method would."""
    for module in model.modules():
        module.register_forward_hook(lambda *_: None)
        module.register_forward_pre_hook(lambda *_: None)
        module.register_forward_hook(lambda *_: None, with_kwargs=True, always_call=True)
        module.register_full_backward_hook(lambda *_: None)
        module.register_full_backward_pre_hook(lambda *_: None)
        module.train()
    model(torch.randn(2, 1, 8, 8, requires_grad=True)).sum().backward()
    for parameter in model.parameters():
        parameter.requires_grad_(not parameter.requires_grad)


def test_everything_is_put_back_after_success():
    model = network()
    model[2].register_forward_hook(lambda *_: None)
    model[0].register_forward_pre_hook(lambda *_: None, with_kwargs=True)
    before = state(model)[:2]
    with probe(model) as lent:
        assert lent is model
        assert not any(m.training for m in model.modules())
        assert all(p.grad is None for p in model.parameters())
        meddle(model)
        assert state(model)[:2] != before
    assert state(model)[:2] == before


def test_everything_is_put_back_after_an_exception():
    model = network()
    before = state(model)[:2]

    def fail() -> None:
        with probe(model):
            meddle(model)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail()
    assert state(model)[:2] == before


def test_a_hook_that_was_removed_meanwhile_is_back_and_its_handle_still_works():
    model, calls = network(), []
    handle = model[2].register_forward_hook(lambda *_: calls.append(1))
    with probe(model):
        model[2]._forward_hooks.clear()
        model(torch.randn(1, 1, 8, 8))
    assert calls == []
    model(torch.randn(1, 1, 8, 8))
    assert calls == [1]
    handle.remove()
    assert not model[2]._forward_hooks


def test_statistics_of_batch_normalisation_do_not_move():
    model = network().train()
    before = state(model)[2]
    with probe(model):
        model(torch.randn(4, 1, 8, 8))
    assert state(model)[2] == before
    assert model[1].training


def test_probes_may_be_nested():
    shared = Shared(network().train())
    with probe(shared):
        with probe(shared) as inner:
            assert not inner.training
        assert not shared.model.training
    assert shared.model.training


def test_a_shared_network_is_locked_for_the_whole_probe():
    shared = Shared(network())
    tried: list[bool] = []
    with probe(shared):
        thread = threading.Thread(target=lambda: tried.append(shared.lock.acquire(blocking=False)))
        thread.start()
        thread.join()
    assert tried == [False]
    assert shared.lock.acquire(blocking=False)
    shared.lock.release()


def test_a_failure_releases_the_lock():
    shared = Shared(network())

    def fail(_: int) -> None:
        with probe(shared):
            raise RuntimeError("halfway")

    with ThreadPoolExecutor(2) as pool, pytest.raises(RuntimeError, match="halfway"):
        list(pool.map(fail, range(4)))
    with probe(shared) as model:
        assert model is shared.model
