from __future__ import annotations

import os
import signal
import threading

import pytest

from multipolar.record.held import interrupts_held


@pytest.fixture(autouse=True)
def interrupts_are_raised():
    """A shell starts what runs in its background with SIGINT ignored: here it raises, as in the foreground."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_for_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts_held():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("whole")
    assert done == ["whole"]


def test_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts_held():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_in_the_block_goes_before_the_interrupt() -> None:
    with pytest.raises(ValueError, match="first"), interrupts_held():
        raise ValueError("first")


def test_other_threads_pass_through() -> None:
    seen: list[bool] = []

    def work() -> None:
        with interrupts_held():
            seen.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True]
