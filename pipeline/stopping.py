"""Signals that end a run in order: what is done is kept, and the workers end too."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from types import FrameType


class Stopped(KeyboardInterrupt):
    """The run was interrupted, or asked to end.

    Parameters
    ----------
    number
        Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` at SIGINT and SIGTERM, in the main thread."""
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (how Python calls it)
    # What they are doing would be waited for, and a part that is not whole is no loss.
    for child in active_children():
        child.terminate()
    raise Stopped(number)
