"""What does the tasks of a run: this process, several of them, or a cluster of Ray; the same parts come of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Literal

from spacy.language import Language

from ..corpus.errors import ModelError
from . import crew
from .part import Done, Job, do, set_aside
from .plan import Task, split

EngineName = Literal["local", "process", "ray"]
Engine = Callable[[Iterable[Task]], Generator[list[Done], None, None]]
"""Takes tasks as they come; yields what became of each, or of the pieces it had to be split into."""


def local(job: Job, nlp: Language) -> Engine:
    """Return the engine that does one task after the other in this process."""
    return lambda tasks: ([do(task, job, nlp)] for task in tasks)


def processes(job: Job, nlp: Language, *, workers: int, ordered: bool) -> Engine:
    """Return the engine that does tasks in several processes, and yields them in order or as they are done."""
    work = crew.Work(start=partial(_start, job, nlp), do=_do, split=split, give_up=partial(set_aside, reason=crew.DIED))
    return partial(crew.run, work, n_process=workers, ordered=ordered)


_doing: tuple[Job, Language] | None = None


def _start(job: Job, nlp: Language) -> None:
    global _doing
    _doing = job, nlp


def _do(task: Task) -> Done:
    if _doing is None:
        raise ModelError("a worker has no pipeline")
    return do(task, *_doing)
