"""What a run has to do: its inputs as a row of tasks of like size, the same row for the same inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from ..corpus.errors import TongbaoError
from .reading import Content, contents
from .records import Record
from .sources import STANDARD_INPUT, Source

# Some seconds of work: what is lost when a worker dies, and what the last one is waited for.
_FILES = 256
_BYTES = 250_000
_RECORDS = 256
_CHARACTERS = 100_000
# Bytes of a file that is no longer left to one worker.
_BIG = 1_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """Some of a run's inputs, which are read, tagged and written together.

    Parameters
    ----------
    number
        Its place in the row, from 0.
    digest
        Tells whether it is still the same task: a hash of names, sizes and times of change.
    source
        The file that ``records`` are from.
    files
        Files to be read as a whole.
    records
        What a big file holds, where it is read by the planner.
    piece
        Its place in a task that was split, such as ``-0002`` or ``-0002-0000``, from 0; empty where it is whole.
    """

    number: int
    digest: str
    source: str = ""
    files: tuple[str, ...] = ()
    records: tuple[Content, ...] = ()
    piece: str = ""


def plan(sources: Iterable[Source], *, text_field: str = "text") -> Iterator[Task]:
    """Deal the sources out to tasks, lazily and in order; a big file with many records makes several."""
    return (replace(task, number=number) for number, task in enumerate(_tasks(sources, text_field)))


def split(task: Task, *, text_field: str = "text") -> list[Task]:
    """Cut a task into one for each of its files, or for each record; return nothing where there is only one."""
    if len(task.files) > 1:
        pieces = [replace(task, files=(name,)) for name in task.files]
    else:
        records = [found for name in task.files for found in _records(name, text_field)] or task.records
        source = task.source or task.files[0]
        pieces = [replace(task, source=source, files=(), records=(each,)) for each in records]
    numbered = [replace(piece, piece=f"{task.piece}-{number:04}") for number, piece in enumerate(pieces)]
    return numbered if len(numbered) > 1 else []


def place(task: Task) -> str:
    """Say where the first of a task's notices is."""
    if task.files:
        return task.files[0]
    first = task.records[0]
    return first.where if isinstance(first, Record) else task.source


def _records(name: str, text_field: str) -> list[Content]:
    """Read the records of a small file, but for Parquet, of which a small file may unpack to more than fits here."""
    try:
        with Source(name).open() as stream:
            if stream.read(4) == b"PAR1":
                return []
    except OSError:  # gone: there is nothing to split
        return []
    return list(contents(Source(name), text_field=text_field))


def _tasks(sources: Iterable[Source], text_field: str) -> Iterator[Task]:
    files: list[tuple[str, str]] = []
    total = 0
    for source in sources:
        size, state = _state(source)
        is_big = source.name == STANDARD_INPUT or size > _BIG
        if files and (is_big or len(files) == _FILES or total + size > _BYTES):
            yield _of_files(files)
            files, total = [], 0
        if is_big:
            yield from _of_records(source, state, text_field)
        else:
            files.append((source.name, state))
            total += size
    if files:
        yield _of_files(files)


def _of_files(files: list[tuple[str, str]]) -> Task:
    return Task(0, _digest(state for _, state in files), files=tuple(name for name, _ in files))


def _of_records(source: Source, state: str, text_field: str) -> Iterator[Task]:
    records: list[Content] = []
    first = characters = 0
    for content in contents(source, text_field=text_field):
        length = 0 if isinstance(content, TongbaoError) else len(content if isinstance(content, str) else content.text)
        if records and (len(records) == _RECORDS or characters + length > _CHARACTERS):
            yield Task(0, _digest([state, str(first), str(len(records))]), source.name, records=tuple(records))
            first, characters, records = first + len(records), 0, []
        records.append(content)
        characters += length
    if records:
        yield Task(0, _digest([state, str(first), str(len(records))]), source.name, records=tuple(records))


def _state(source: Source) -> tuple[int, str]:
    """Return the size of a source in bytes, and what changes when it does."""
    try:
        size, state = source.state()
    except OSError:  # whoever reads it says so
        return 0, f"{source.name}\0gone"
    return size, f"{source.name}\0{size}\0{state}"


def _digest(states: Iterable[str]) -> str:
    return blake2b("\0\0".join(states).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
