"""The tasks of a run on a cluster: Ray Data with a pool of actors, each of which loads the model once.

What Ray loses with a node is done again: a part that is written twice is the same part.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from spacy.language import Language

from ..corpus.errors import InputError, ModelError, TongbaoError
from . import load as loading
from .crew import DIED
from .engines import Engine
from .extra import need
from .part import Done, Job, do, set_aside
from .plan import Task, split

# Tasks that one run of Ray Data gets for each worker: many enough to keep all busy, few enough to be kept in memory.
_AHEAD = 64


def on_ray(job: Job, *, model: str | None, digest: str, workers: int) -> Engine:
    """Return the engine that does tasks on a cluster of Ray, and yields them as they are done.

    The cluster is the one of the environment (``RAY_ADDRESS``), else one of this machine. All its nodes see the folder
    of parts and the inputs under the same names, and have the model.

    Parameters
    ----------
    model
        What `load` takes.
    digest
        `model_digest` of the model in this process, which that of all workers must equal.
    """
    need("ray", extra="ray", where="--engine ray")

    def engine(tasks: Iterable[Task]) -> Generator[list[Done], None, None]:
        crew = _Crew(job, model, digest, workers)
        rest = iter(tasks)
        while window := list(islice(rest, _AHEAD * workers)):
            yield from crew.run(window)

    return engine


class _Crew:
    """The workers on the cluster: what comes back from none of them is tried again, then piece by piece."""

    def __init__(self, job: Job, model: str | None, digest: str, workers: int) -> None:
        import ray  # of an extra

        self._job = job
        # The inputs and the model may be named from here.
        self._arguments = (job, model, digest, str(Path.cwd()))
        self._workers = workers
        self._any_done = False
        if not ray.is_initialized():
            handler = signal.getsignal(signal.SIGTERM)
            ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False, logging_level=logging.ERROR)
            # Ray ends the process in its own way, which would not say what is kept.
            signal.signal(signal.SIGTERM, handler)
        context = ray.data.DataContext.get_current()
        # A task that is lost is missed here, and must not take the others along.
        context.max_errored_blocks = -1
        context.enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)

    def run(self, tasks: Sequence[Task]) -> Iterator[list[Done]]:
        """Yield what becomes of each task, or of the pieces it had to be split into."""
        left = dict(enumerate(tasks))
        for _ in range(2):
            for index, done in self._attempt(list(left.items())):
                yield [done]
                del left[index]
        for task in left.values():
            yield self._settled(task)

    def _settled(self, task: Task) -> list[Done]:
        """Do a task that was lost: alone, for what died with it may have been the one to blame; else in pieces."""
        if alone := dict(self._attempt([(0, task)])):
            return [alone[0]]
        pieces = split(task, text_field=self._job.text_field)
        found = dict(self._attempt(list(enumerate(pieces))))
        if not self._any_done:
            raise ModelError("all workers on Ray die: see the logs of the cluster")
        done = [[found[index]] if index in found else self._settled(piece) for index, piece in enumerate(pieces)]
        return list(chain.from_iterable(done)) or [set_aside(task, DIED)]

    def _attempt(self, tasks: Sequence[tuple[int, Task]]) -> Iterator[tuple[int, Done]]:
        """Yield what is done of tasks, with their numbers."""
        import ray

        if not tasks:
            return
        rows = [{"index": index, "task": task} for index, task in tasks]
        found = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            _Worker,
            fn_constructor_args=self._arguments,
            batch_size=1,
            batch_format="numpy",
            # What waits for a worker is lost with it.
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=self._workers, max_tasks_in_flight_per_actor=1),
            num_cpus=1,
            # What kills one worker would kill them all in turn.
            ray_remote_args_fn=lambda: {"max_task_retries": 0},
        )
        for row in found.iter_rows():
            if isinstance(row["found"], str):
                raise InputError(row["found"])
            self._any_done = True
            yield row["index"], row["found"]


class _Worker:
    """An actor of Ray Data."""

    def __init__(self, job: Job, model: str | None, digest: str, folder: str) -> None:
        self._job = job
        self._model = model
        self._digest = digest
        self._folder = folder
        self._nlp: Language | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Do the tasks of a batch; an error of ours comes as its text, for Ray takes what is raised for a loss."""
        import numpy as np

        found = np.empty(len(batch["task"]), dtype=object)
        for place, task in enumerate(batch["task"]):
            try:
                found[place] = do(task, self._job, self._pipeline())
            except TongbaoError as error:
                found[place] = str(error)
        return {"index": batch["index"], "found": found}

    def _pipeline(self) -> Language:
        if self._nlp is None:
            try:
                os.chdir(self._folder)
            except OSError as error:
                what = f"cannot be entered on a node of the cluster ({error.strerror}): share it among all"
                raise InputError(what, where=self._folder) from None
            nlp = loading.load(self._model)
            if loading.model_digest(nlp) != self._digest:
                raise ModelError("a node of the cluster has another model: install the same on all")
            self._nlp = nlp
        return self._nlp
