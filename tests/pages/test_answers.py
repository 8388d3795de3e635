import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.parts.answers import Answers


def never() -> None:
    raise AssertionError("there was nothing to wait for")


def test_a_result_is_computed_once_and_cannot_be_changed_from_outside():
    answers, calls = Answers(10_000), []
    for _ in range(2):
        found = answers.compute("a", lambda: calls.append(1) or [1, 2], never)
        assert found == [1, 2]
        found.append(3)
    assert len(calls) == 1


def test_the_oldest_go_when_the_bytes_are_used_up():
    answers = Answers(2_500)
    for name in "abc":
        answers.compute(name, lambda: b"x" * 1_000, never)
    assert [name in answers for name in "abc"] == [False, True, True]


def test_what_is_larger_than_the_bound_is_given_and_not_kept():
    answers = Answers(100)
    assert len(answers.compute("a", lambda: b"x" * 1_000, never)) == 1_000
    assert "a" not in answers


def test_a_failure_is_passed_on_and_leaves_the_next_one_a_turn():
    answers = Answers(1_000)
    with pytest.raises(ZeroDivisionError):
        answers.compute("a", lambda: 1 / 0, never)
    assert answers.compute("a", lambda: 7, never) == 7


def test_two_sessions_that_want_the_same_share_the_work():
    answers, calls = Answers(1_000), []
    begun, second_waits = threading.Event(), threading.Event()

    def work() -> int:
        calls.append(1)
        begun.set()
        assert second_waits.wait(30)
        return 5

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(answers.compute, "a", work, never)
        assert begun.wait(30)
        second = pool.submit(answers.compute, "a", work, second_waits.set)
        assert (first.result(), second.result()) == (5, 5)
    assert len(calls) == 1


def test_who_waits_may_leave():
    answers = Answers(1_000)
    begun, left = threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        assert left.wait(30)
        return 5

    def leave() -> None:
        raise InterruptedError

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(answers.compute, "a", work, never)
        assert begun.wait(30)
        with pytest.raises(InterruptedError):
            answers.compute("a", work, leave)
        left.set()
        assert first.result() == 5


def test_what_goes_between_two_questions_is_computed_again():
    class Forgetful(Answers):
        def __contains__(self, name: object) -> bool:  # as it was before another session came
            return True

    assert Forgetful(1_000).compute("a", lambda: 7, never) == 7
