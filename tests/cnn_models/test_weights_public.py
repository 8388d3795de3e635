"""Public weights: asked for, kept, checked, loaded strictly, or a message that helps."""

from __future__ import annotations

import pickle
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import cnn_models
from cnn_models import weights
from cnn_models.weights import __main__
from tests.cnn_models import tiny
from tests.cnn_models.loopback import Loopback, digest

Register = Callable[..., None]
HUB_FILE = "/timm/tiny.in1k/resolve/main/model.safetensors"


@pytest.fixture
def image() -> torch.Tensor:
    return torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(3))


def _publish(server: Loopback, register: Register, body: bytes, name: str = "t.pth") -> None:
    """Serve `body` as what the registry expects for the network "tiny"."""
    server.serve(f"/models/{name}", body)
    expected = tiny.public(url=server.url(f"/models/{name}"), digest=digest(body)[:8])
    register(tiny.entry("tiny", expected))


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "before torch 1.6"])
def test_pretrained_network_computes_what_the_owner_computed(
    server: Loopback, register: Register, image: torch.Tensor, legacy: bool
) -> None:
    owner = tiny.trained()
    _publish(server, register, tiny.pth(tiny.owner_state_dict(owner), legacy))
    model = cnn_models.pretrained("tiny", download=True)
    assert torch.equal(model(image), owner(image))
    assert not any(module.training for module in model.modules())
    assert all(p.requires_grad for p in model.parameters())


def test_second_time_needs_no_server(server: Loopback, register: Register) -> None:
    _publish(server, register, tiny.pth(tiny.owner_state_dict(tiny.trained())))
    path = weights.fetch("tiny")
    server.files.clear()
    assert weights.cached("tiny") == path
    assert weights.fetch("tiny") == path
    assert len(cnn_models.pretrained("tiny").state_dict()) == 8
    assert len(server.requests) == 1


def test_half_precision_is_loaded_as_float32(server: Loopback, register: Register) -> None:
    state = tiny.owner_state_dict(tiny.trained().half())
    _publish(server, register, tiny.pth(state))
    model = cnn_models.pretrained("tiny", download=True)
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert torch.equal(model.state_dict()["classifier.weight"], state["last_linear.weight"].float())


def test_options_of_the_file_reach_the_network(server: Loopback, register: Register) -> None:
    body = tiny.pth(tiny.owner_state_dict(tiny.trained(aux_heads=True)))
    server.serve("/t.pth", body)
    with_heads = {
        "url": server.url("/t.pth"),
        "digest": digest(body),
        "options": {"aux_heads": True},
    }
    register(tiny.entry("tiny", tiny.public(**with_heads)))
    assert "aux.weight" in cnn_models.pretrained("tiny", download=True).state_dict()


@pytest.mark.parametrize(
    "other", [{"num_classes": 6}, {"aux_heads": True}], ids=["other shape", "an entry more"]
)
def test_file_of_another_network_is_refused(
    server: Loopback, register: Register, other: dict
) -> None:
    _publish(server, register, tiny.pth(tiny.owner_state_dict(tiny.trained(**other))))
    with pytest.raises(weights.CorruptWeights, match=r"t\.pth for tiny does not fit"):
        cnn_models.pretrained("tiny", download=True)


def test_file_that_lacks_an_entry_is_refused(server: Loopback, register: Register) -> None:
    state = tiny.owner_state_dict(tiny.trained())
    del state["last_linear.bias"]
    _publish(server, register, tiny.pth(state))
    with pytest.raises(weights.CorruptWeights, match=r"classifier\.bias"):
        cnn_models.pretrained("tiny", download=True)


def test_set_is_chosen_by_name_and_the_default_without(
    server: Loopback, register: Register
) -> None:
    bodies = {n: tiny.pth(tiny.owner_state_dict(tiny.trained(n))) for n in (1, 2)}
    for n, body in bodies.items():
        server.serve(f"/{n}.pth", body)
    first, second = (
        tiny.public(f"V{n}", url=server.url(f"/{n}.pth"), digest=digest(b), default=n == 2)
        for n, b in bodies.items()
    )
    register(tiny.entry("tiny", first, second))
    assert weights.fetch("tiny").name == "2.pth"
    assert weights.cached("tiny", name="V1") is None
    assert weights.fetch("tiny", name="V1").read_bytes() == bodies[1]
    with pytest.raises(weights.WeightsUnavailable, match="'V3'; it has V1 and V2"):
        weights.fetch("tiny", name="V3")


def test_file_from_the_hub(
    server: Loopback,
    register: Register,
    image: torch.Tensor,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = tiny.trained()
    body = tiny.safetensors(tiny.owner_state_dict(owner))
    monkeypatch.setenv("HF_ENDPOINT", server.url("/"))
    headers = {"Location": "/blob", "X-Linked-ETag": f'"{digest(body)}"'}
    server.serve(HUB_FILE, b"", etag=None, status=302, headers=headers)
    server.serve("/blob", body)
    register(tiny.entry("tiny", tiny.public(hub_id="timm/tiny.in1k")))
    model = cnn_models.pretrained("tiny", download=True)
    assert torch.equal(model(image), owner(image))
    assert weights.cached("tiny") == folder / "tiny.in1k.safetensors"


def test_file_gone_from_the_hub(
    server: Loopback, register: Register, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.url())
    register(tiny.entry("tiny", tiny.public(hub_id="timm/tiny.in1k")))
    with pytest.raises(weights.WeightsUnavailable, match="answered 404") as caught:
        weights.fetch("tiny")
    assert caught.value.url == server.url(HUB_FILE)
    assert caught.value.path == folder / "tiny.in1k.safetensors"


def test_hub_is_the_public_one_without_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    address = weights.url(tiny.public(hub_id="timm/tiny.in1k"))
    assert address == "https://huggingface.co/timm/tiny.in1k/resolve/main/model.safetensors"


@pytest.mark.parametrize("keep", [0, 4, 40, 500, -1])
def test_cut_file_without_a_published_digest_is_not_accepted(
    register: Register, folder: Path, keep: int
) -> None:
    register(tiny.entry("tiny", tiny.public(hub_id="timm/tiny.in1k")))
    folder.mkdir()
    body = tiny.safetensors(tiny.owner_state_dict(tiny.trained()))
    path = folder / "tiny.in1k.safetensors"
    path.write_bytes(body[:keep])
    assert weights.cached("tiny") is None
    path.write_bytes(body)
    assert weights.cached("tiny") == path


def test_offline_message_names_file_place_and_command(
    closed_port: int, register: Register, folder: Path
) -> None:
    url = f"http://127.0.0.1:{closed_port}/models/t-1234.pth"
    register(tiny.entry("tiny", tiny.public(url=url, digest="1234")))
    with pytest.raises(cnn_models.WeightsUnavailable) as caught:
        cnn_models.pretrained("tiny", download=True)
    message = str(caught.value)
    assert "cannot be reached: Connection refused.\nWith an internet connection, run: " in message
    assert url in message
    assert message.endswith(f"save it as {folder / 't-1234.pth'}")
    assert f"run: {caught.value.command}\n" in message
    assert not list(folder.glob("*.pth"))


@pytest.mark.parametrize("folder_of_python", [".venv/bin", "with a space"])
def test_command_of_the_message_runs_where_it_is_read(
    register: Register,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    folder_of_python: str,
) -> None:
    python = tmp_path / folder_of_python / "python"
    python.parent.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    python.symlink_to(sys.executable)
    register(tiny.entry("tiny", tiny.public(), tiny.public("V2", url="file:x", default=False)))
    for here, executable in ((tmp_path, python.relative_to(tmp_path)), (elsewhere, python)):
        monkeypatch.chdir(here)
        monkeypatch.setattr(sys, "executable", str(python))
        with pytest.raises(cnn_models.WeightsUnavailable) as caught:
            cnn_models.pretrained("tiny", name="V2")
        interpreter, option, package, *arguments = shlex.split(caught.value.command or "")
        assert (interpreter, option, package) == (str(executable), "-m", "cnn_models.weights")
        assert __main__.main(arguments) == 1
        assert "tiny: The public weights of tiny (owner V2" in capsys.readouterr().err


def test_without_download_nothing_is_asked_of_anybody(
    server: Loopback, register: Register, folder: Path
) -> None:
    _publish(server, register, b"whatever")
    with pytest.raises(cnn_models.WeightsUnavailable, match="are not here"):
        cnn_models.pretrained("tiny")
    assert server.requests == []
    assert not folder.exists()


def test_following_the_message_by_hand_works(
    server: Loopback, register: Register, folder: Path
) -> None:
    body = tiny.pth(tiny.owner_state_dict(tiny.trained()))
    _publish(server, register, body)
    with pytest.raises(cnn_models.WeightsUnavailable) as caught:
        cnn_models.pretrained("tiny")
    assert caught.value.path is not None
    folder.mkdir()
    caught.value.path.write_bytes(body[:-1])
    with pytest.raises(cnn_models.WeightsUnavailable, match="damaged or another version"):
        cnn_models.pretrained("tiny")
    caught.value.path.write_bytes(body)
    assert cnn_models.pretrained("tiny")


@pytest.mark.parametrize(
    "how",
    [{"missing": 900}, {"missing": 900, "chunked": True}, {"status": 503}, {"etag": None}],
    ids=["truncated", "chunks stop", "503", "wrong digest"],
)
def test_nothing_half_written_is_loaded_and_asking_again_mends_it(
    server: Loopback, register: Register, folder: Path, how: dict
) -> None:
    body = tiny.pth(tiny.owner_state_dict(tiny.trained()))
    _publish(server, register, body)
    sent = body[::-1] if how == {"etag": None} else body
    server.serve("/models/t.pth", sent, **how)
    with pytest.raises(cnn_models.WeightsUnavailable):
        weights.fetch("tiny")
    assert weights.cached("tiny") is None
    assert not list(folder.glob("*.pth"))
    with pytest.raises(cnn_models.WeightsUnavailable):
        cnn_models.pretrained("tiny")
    server.serve("/models/t.pth", body)
    assert cnn_models.pretrained("tiny", download=True)
    assert {p.name for p in folder.iterdir()} - {".t.pth.lock"} == {"t.pth"}


def test_cached_notices_that_a_file_was_changed(server: Loopback, register: Register) -> None:
    _publish(server, register, tiny.pth(tiny.owner_state_dict(tiny.trained())))
    path = weights.fetch("tiny")
    assert weights.cached("tiny") == path
    path.write_bytes(path.read_bytes() + b"more")
    assert weights.cached("tiny") is None


class _Touch:
    """Unpickled by a careless reader, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def test_pickle_that_runs_code_is_refused(
    server: Loopback, register: Register, tmp_path: Path
) -> None:
    mark = tmp_path / "code ran"
    body = pickle.dumps({"features.0.weight": _Touch(mark)}, protocol=2)
    _publish(server, register, body)
    with pytest.raises(weights.CorruptWeights, match=re.escape("t.pth cannot be read")):
        cnn_models.pretrained("tiny", download=True)
    assert not mark.exists()
    pickle.loads(body)  # noqa: S301 - ours, and shows that the trap works
    assert mark.exists()


def test_unknown_network(register: Register) -> None:
    register(tiny.entry("tiny"))
    with pytest.raises(cnn_models.UnknownModel):
        weights.fetch("no such network")


def test_network_without_public_weights_names_its_public_version(register: Register) -> None:
    register(
        tiny.entry("bare", public_version="trained"),
        tiny.entry("cousin", tiny.public(url="x", digest="1")),
        tiny.entry("trained", tiny.public(url="x", digest="1")),
    )
    with pytest.raises(cnn_models.WeightsUnavailable, match="Use trained, the version of it"):
        cnn_models.pretrained("bare")
    assert weights.cached("bare") is None


def test_network_without_a_twin_names_its_family(register: Register) -> None:
    register(
        tiny.entry("bare"),
        tiny.entry("bigger", tiny.public(url="x", digest="1"), exact_params=134),
        tiny.entry("stranger", tiny.public(url="x", digest="1"), family="vgg"),
    )
    with pytest.raises(
        cnn_models.WeightsUnavailable, match="In its family these have weights: bigger"
    ):
        cnn_models.pretrained("bare", download=True)


def test_folder_is_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CNN_ATLAS_WEIGHTS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert weights.directory() == tmp_path / "cnn-atlas" / "weights"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert weights.directory() == tmp_path / ".cache" / "cnn-atlas" / "weights"
    monkeypatch.setattr("sys.platform", "darwin")
    assert weights.directory() == tmp_path / "Library" / "Caches" / "cnn-atlas" / "weights"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert weights.directory() == tmp_path / "Local" / "cnn-atlas" / "weights"
    assert list(tmp_path.iterdir()) == []


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", "~/weights")
    assert weights.directory() == Path.home() / "weights"


def test_every_public_file_has_a_place_of_its_own(folder: Path) -> None:
    from cnn_models import records

    table = records._table("public_weights.json")
    rows = [w for key in table for w in records.public_weights(key)]
    places = {weights.location(w) for w in rows}
    assert len(rows) > 60
    assert len(places) == len(rows)
    assert {p.parent for p in places} == {folder}
    assert {p.suffix for p in places} == {".pth", ".safetensors"}
    assert all(
        w.digest or p.suffix == ".safetensors" for w, p in ((w, weights.location(w)) for w in rows)
    )
    assert all(weights.url(w).startswith("https://") for w in rows)
