"""A run of `tongbao tag`: inputs planned as tasks, done by an engine, kept as parts, joined into the output."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spacy.language import Language

from ..corpus.errors import InputError
from . import load as loading
from .engines import Engine, EngineName, local, processes
from .joining import join
from .output import STANDARD_OUTPUT, Output
from .part import Job
from .parts import Parts, check_place, parts_folder, rejects_file
from .plan import Task, plan
from .rows import Headers
from .sources import STANDARD_INPUT, Source, find_sources
from .tally import Tally
from .writers import Rows, ending_of, writer_for


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked for in a run; see `tongbao tag --help`.

    Parameters
    ----------
    mask_key
        Key of the pseudonyms; None to write names.
    mask_kept
        Whether the key is one that other runs have too, and not made for this run.
    """

    inputs: tuple[str, ...]
    output: str = STANDARD_OUTPUT
    model: str | None = None
    rows: Rows | None = None
    headers: Headers = "en"
    text_field: str = "text"
    mask_key: bytes | None = None
    mask_kept: bool = False
    engine: EngineName = "local"
    workers: int = 1
    resume: bool = False
    overwrite: bool = False
    max_rejects: int | None = None

    @property
    def is_stream(self) -> bool:
        """Whether the output goes to standard output, a pipe or a device, where nothing can be kept in parts."""
        path = Path(self.output)
        return self.output == STANDARD_OUTPUT or (path.exists() and not path.is_file() and not path.is_dir())


def run(batch: Batch, tally: Tally) -> None:
    """Tag all inputs and write the output.

    Raises
    ------
    InputError
        When nothing can be done, too much is set aside, or the output cannot be written; what is done is kept.
    ModelError
        When the model cannot be used.
    """
    _check(batch)
    sources = _sources(batch)
    nlp = loading.load(batch.model)
    if batch.is_stream:
        _run_stream(batch, sources, nlp, tally)
    else:
        _run_parts(batch, sources, nlp, tally)


def _check(batch: Batch) -> None:
    written = {os.path.realpath(batch.output), os.path.realpath(rejects_file(batch.output))}
    for given in batch.inputs:
        if given != STANDARD_INPUT and os.path.realpath(given) in written:
            raise InputError("is to be read and to be written: choose another --output", where=given)
    writer_for(batch.output, rows=batch.rows, headers=batch.headers)
    if batch.engine == "local" and batch.workers > 1:
        raise InputError(f"--engine local is one worker, not {batch.workers}: take --engine process")
    if batch.resume and batch.overwrite:
        raise InputError("--resume goes on with what is there and --overwrite replaces it: choose one")
    if batch.resume and STANDARD_INPUT in batch.inputs:
        raise InputError("standard input cannot be read again: --resume needs files")
    if not batch.is_stream:
        check_place(batch.output)
    elif batch.engine == "ray":
        raise InputError("--engine ray writes parts on all machines: name a file that they share as --output")
    elif batch.resume:
        raise InputError("what went to a stream cannot be gone on with: --resume needs a file as --output")


def _sources(batch: Batch) -> Iterator[Source]:
    """Find the inputs, but for what this run writes, which may lie in a folder that it reads."""
    sources = find_sources(batch.inputs)
    if batch.is_stream:
        return sources
    written = {os.path.realpath(batch.output), os.path.realpath(rejects_file(batch.output))}
    folder = f"{parts_folder(batch.output)}{os.sep}"

    def is_input(source: Source) -> bool:
        path = os.path.realpath(source.name)
        return source.name == STANDARD_INPUT or not (path in written or path.startswith(folder))

    return filter(is_input, sources)


def _run_parts(batch: Batch, sources: Iterator[Source], nlp: Language, tally: Tally) -> None:
    with Parts(batch.output, _header(batch, nlp), resume=batch.resume, overwrite=batch.overwrite) as parts:
        n_tasks = 0

        def left() -> Iterator[Task]:
            nonlocal n_tasks
            for task in plan(sources, text_field=batch.text_field):
                n_tasks += 1
                done = parts.find(task)
                if done:
                    tally.add(done, earlier=True)
                else:
                    yield task

        engine = _engine(batch, _job(batch, str(parts.folder)), nlp)
        with closing(engine(left())) as finished:
            for done in finished:
                parts.add(done)
                tally.add(done)
                _check_rejects(batch, tally)
        if not parts.finish(n_tasks):
            raise nothing_to_tag(tally.rejects)


def _run_stream(batch: Batch, sources: Iterator[Source], nlp: Language, tally: Tally) -> None:
    with TemporaryDirectory(prefix="tongbao-") as folder, Output(batch.output) as out:
        engine = _engine(batch, _job(batch, folder), nlp)
        written = 0

        def files() -> Iterator[Path]:
            nonlocal written
            with closing(engine(plan(sources, text_field=batch.text_field))) as finished:
                for done in finished:
                    tally.add(done)
                    _check_rejects(batch, tally)
                    for part in done:
                        if part.file is not None:
                            written += 1
                            yield Path(folder) / part.file
                            (Path(folder) / part.file).unlink()

        join(files(), out.stream, ending=ending_of(batch.output))
        if not written:
            raise nothing_to_tag(tally.rejects)
        out.keep()


def _engine(batch: Batch, job: Job, nlp: Language) -> Engine:
    if batch.engine == "ray":
        from .ray_engine import on_ray  # of an extra

        return on_ray(job, model=batch.model, digest=loading.model_digest(nlp), workers=batch.workers)
    if batch.engine == "process":
        # Parts are put in order when all are there; a stream has to be written in order.
        return processes(job, nlp, workers=batch.workers, ordered=batch.is_stream)
    return local(job, nlp)


def _job(batch: Batch, folder: str) -> Job:
    ending = ending_of(batch.output)
    return Job(folder, ending, batch.rows, batch.headers, batch.text_field, batch.mask_key)


def _header(batch: Batch, nlp: Language) -> dict[str, Any]:
    """Return what must be the same when the run is gone on with."""
    mask = "none" if batch.mask_key is None else "a key of its own"
    if batch.mask_key is not None and batch.mask_kept:
        mask = hmac.digest(batch.mask_key, b"tongbao", "sha256").hex()[:16]
    return {
        "version": version("tongbao"),
        "model": f"{loading.model_name(nlp)} {loading.model_digest(nlp)}".strip(),
        "inputs": list(batch.inputs),
        "rows": batch.rows,
        "headers": batch.headers,
        "text field": batch.text_field,
        "masking": mask,
    }


def _check_rejects(batch: Batch, tally: Tally) -> None:
    if batch.max_rejects is not None and tally.rejects > batch.max_rejects:
        what = f"{tally.rejects:,} inputs were set aside, more than --max-rejects {batch.max_rejects:,}"
        kept = "" if batch.is_stream else "; what is done is kept for --resume"
        raise InputError(f"{what}: see what is wrong with them, or allow more{kept}")


def nothing_to_tag(rejects: int) -> InputError:
    """Return the error of a run whose inputs came to nothing."""
    if rejects:
        return InputError(f"nothing could be tagged: all inputs ({rejects:,}) were set aside")
    return InputError("nothing to tag: the inputs hold no notice")
