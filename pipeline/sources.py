"""Where notices come from: files, folders, globs, standard input, opened one after the other."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from ..corpus.errors import InputError
from . import stores

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its path as text, its address in a store, or ``-`` for standard input."""

    name: str

    @property
    def ending(self) -> str:
        """The ending of the file's name in small letters, with its point."""
        return Path(self.name).suffix.lower()

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it for reading bytes; standard input stays open."""
        if self.name == STANDARD_INPUT:
            return nullcontext(sys.stdin.buffer)
        return stores.open_file(self.name) if stores.is_address(self.name) else Path(self.name).open("rb")

    def state(self) -> tuple[int, str]:
        """Return the size in bytes, and what changes when the content does; of standard input neither is known.

        Raises
        ------
        OSError
            When the file is gone.
        """
        if self.name == STANDARD_INPUT:
            return 0, ""
        if stores.is_address(self.name):
            return stores.state(self.name)
        found = Path(self.name).stat()
        return found.st_size, str(found.st_mtime_ns)


class Prefixed(io.RawIOBase):
    """A stream whose first bytes were read already to see what it is."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next; return how many bytes."""
        if self._head:
            size = min(len(buffer), len(self._head))
            buffer[:size] = self._head[:size]
            self._head = self._head[size:]
            return size
        data = self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def find_sources(inputs: tuple[str | Path, ...]) -> Iterator[Source]:
    """Check that every input is there, then walk them lazily in the order given.

    Folders are walked with their subfolders, sorted by name, hidden files and folders left out;
    globs (``*``, ``?``, ``[…]``, ``**``) are sorted too. Addresses (``s3://…``) are walked likewise; see `stores`.

    Raises
    ------
    InputError
        At once, when there is no such file, or nothing matches a glob.
    """
    found = [_find(str(given)) for given in inputs]
    return chain.from_iterable(found)


def _find(name: str) -> Iterator[Source]:
    if name == STANDARD_INPUT:
        return iter([Source(name)])
    if stores.is_address(name):
        return map(Source, stores.find(name))
    if Path(name).is_dir():
        return _files_below(name)
    if Path(name).exists():
        return iter([Source(name)])
    if not glob.has_magic(name):
        raise InputError("no such file or folder: check the path", where=name)
    if next(glob.iglob(name, recursive=True), None) is None:  # noqa: PTH207 (a path may be absolute)
        raise InputError("no file matches: check the pattern", where=name)
    return _matches(name)


def _matches(pattern: str) -> Iterator[Source]:
    for match in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207
        if not Path(match).is_dir():
            yield Source(match)


def _files_below(folder: str) -> Iterator[Source]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Source(str(Path(place) / name))
