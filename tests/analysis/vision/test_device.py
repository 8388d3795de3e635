"""Smaller batches when memory is full."""

import pytest
import torch

from analysis.vision.device import run_in_smaller_batches


def work_that_holds(most: int, error: Exception):
    tried = []

    def work(batch: int) -> str:
        tried.append(batch)
        if batch > most:
            raise error
        return f"done with {batch}"

    return work, tried


@pytest.mark.parametrize(
    "error",
    [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("MPS backend out of memory")],
)
def test_the_batch_is_halved_until_it_fits(error):
    work, tried = work_that_holds(5, error)
    assert run_in_smaller_batches(work, 48) == ("done with 3", 3)
    assert tried == [48, 24, 12, 6, 3]


def test_what_fits_at_once_is_done_once():
    work, tried = work_that_holds(64, torch.OutOfMemoryError())
    assert run_in_smaller_batches(work, 64) == ("done with 64", 64)
    assert tried == [64]


def test_memory_for_not_even_one_is_said():
    work, tried = work_that_holds(0, torch.OutOfMemoryError("out of memory"))
    with pytest.raises(torch.OutOfMemoryError):
        run_in_smaller_batches(work, 4)
    assert tried == [4, 2, 1]


def test_other_errors_are_not_taken_for_full_memory():
    work, tried = work_that_holds(0, RuntimeError("wrong shape"))
    with pytest.raises(RuntimeError, match="wrong shape"):
        run_in_smaller_batches(work, 4)
    assert tried == [4]
