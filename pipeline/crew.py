"""Worker processes that may die: what one was doing is tried again, then piece by piece, and the culprit set aside."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from threading import Thread
from typing import Generic, TypeVar

from ..corpus.errors import ModelError, TongbaoError

_AHEAD = 2  # items that wait for each worker, so that none stands idle

DIED = "kills the process that tags it, most likely for want of memory: tag it by itself with more, or leave it out"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Result]):
    """What the workers do with each item.

    Parameters
    ----------
    start
        Called once in each worker before its first item.
    do
        What is done with an item.
    split
        Cuts an item that has killed two workers into pieces, which are done all the same where they do not kill theirs,
        and split again where they do; returns nothing for what cannot be split.
    give_up
        Stands in for the result of what kills its worker and cannot be split.
    """

    start: Callable[[], None]
    do: Callable[[Item], Result]
    split: Callable[[Item], Sequence[Item]]
    give_up: Callable[[Item], Result]


def run(
    work: Work[Item, Result], items: Iterable[Item], *, n_process: int, ordered: bool = True
) -> Generator[list[Result], None, None]:
    """Do all items in ``n_process`` processes, in constant memory.

    Parameters
    ----------
    ordered
        Yield in the order of the items; else as they are done, so that none waits behind one that takes long.

    Yields
    ------
    list
        The result of each item; of an item that had to be split, one result a piece.

    Raises
    ------
    ModelError
        When workers die before they have done anything.
    """
    crew = [_Worker(work.start) for _ in range(n_process)]
    spare = _Worker(work.start)
    waiting: deque[tuple[Item, Future[Result], _Worker]] = deque()

    def settled() -> list[Result]:
        if not ordered:
            done, _ = wait((future for _, future, _ in waiting), return_when=FIRST_COMPLETED)
            waiting.rotate(-next(place for place, (_, future, _) in enumerate(waiting) if future in done))
        item, future, _ = waiting.popleft()
        try:
            return [future.result()]
        except BrokenProcessPool:
            return _again(work, item, spare)

    try:
        crew[0].check()
        for item in items:
            busy = [worker for _, future, worker in waiting if not future.done()]
            worker = min(crew, key=busy.count)
            waiting.append((item, worker.submit(work.do, item), worker))
            if len(waiting) > n_process * _AHEAD:
                yield settled()
        while waiting:
            yield settled()
    except TongbaoError:
        # What was begun before the failure is kept, where nobody expects it in a row.
        while waiting and not ordered:
            with suppress(TongbaoError):
                yield settled()
        raise
    finally:
        for worker in (*crew, spare):
            worker.end()


def _again(work: Work[Item, Result], item: Item, worker: _Worker) -> list[Result]:
    """Do an item whose worker has died, with nothing beside it, so that it is clear what kills the next one."""
    try:
        return [worker.submit(work.do, item).result()]
    except BrokenProcessPool:
        pieces = work.split(item)
        return [found for piece in pieces for found in _again(work, piece, worker)] or [work.give_up(item)]


class _Worker:
    """One process with a queue of its own: its death takes no other's work along. It is replaced when next needed."""

    def __init__(self, start: Callable[[], None]) -> None:
        self._new = partial(ProcessPoolExecutor, 1, initializer=_start, initargs=(start,))
        self._pool = self._new()

    def submit(self, do: Callable[[Item], Result], item: Item) -> Future[Result]:
        """Let the process do an item."""
        try:
            return self._pool.submit(do, item)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._new()
            return self._pool.submit(do, item)

    def check(self) -> None:
        """Make sure that the process starts at all, lest every item be taken for one that kills it."""
        try:
            self._pool.submit(_nothing).result()
        except BrokenProcessPool:
            raise ModelError("worker processes die as they start: take one worker, which needs none") from None

    def end(self) -> None:
        """Wait for what the process is doing, and end it."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _start(start: Callable[[], None]) -> None:
    # An interrupt goes to the whole group of processes; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the first one does when it is asked to end is not for its workers.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    start()


def _nothing() -> None:
    """Do nothing, in a worker that has started."""


def _end_with_parent() -> None:
    """End this process when the one that started it was killed, for nothing else would tell it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
