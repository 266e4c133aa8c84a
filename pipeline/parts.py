"""Output in parts: each is written as a whole, and what is there can be gone on with, however the run ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ..corpus.errors import InputError
from .joining import join
from .manifest import Manifest
from .output import UNFINISHED, Output, is_written, remove
from .part import Done
from .plan import Task
from .stores import is_address
from .writers import ending_of, json_line, stays_in_parts

# A run that was killed leaves workers behind that hold its lock, and end when they notice.
_WAIT_SECONDS = 3.0

_MANIFEST = "_manifest.jsonl"
_FINISHED = "_SUCCESS"
# Readers of folders of Parquet leave out what begins with a point or a line.
_OURS = ("part-*", _MANIFEST, _FINISHED, f"{UNFINISHED}*")


def parts_folder(out: str) -> Path:
    """Return where the parts of an output are written: beside it, or in this folder where it goes to a store."""
    if is_address(out):
        return Path.cwd() / f"{out.rpartition('/')[2]}-{blake2b(out.encode(), digest_size=4).hexdigest()}.parts"
    final = Path(os.path.realpath(out))
    return final if stays_in_parts(out) else final.with_name(f"{final.name}.parts")


def rejects_file(out: str) -> str:
    """Return the name of the file with what a run has set aside."""
    return f"{out.rstrip('/')}.rejected.jsonl"


def check_place(out: str) -> None:
    """Check that a file can be written there, as far as this can be seen beforehand.

    Raises
    ------
    InputError
        When it is a folder, or there is no folder to write it in.
    """
    if is_address(out):
        if stays_in_parts(out):
            raise InputError("parts stay on the disk: write NAME/ there and copy it, or name one file", where=out)
        return
    final = Path(os.path.realpath(out))
    if final.is_dir() and not stays_in_parts(out):
        raise InputError("a folder: give the name of a file in it, or end it with / for Parquet in parts", where=out)
    if not final.parent.is_dir():
        raise InputError("its folder does not exist: make it first", where=out)


class Parts:
    """The output of a run, and the folder in which its parts wait until all are there; a context that locks both.

    Parameters
    ----------
    out
        The file to be written. With ``/`` at its end it is a folder, in which the Parquet parts stay as they are.
    header
        What must be the same for a run to be gone on with.
    resume
        Go on with an unfinished run, if there is one.
    overwrite
        Replace what an earlier run has written, finished or not.

    Raises
    ------
    InputError
        When another run writes to it, when something is there and neither is asked for, or it cannot be written.
    """

    def __init__(self, out: str, header: Mapping[str, Any], *, resume: bool, overwrite: bool) -> None:
        self.folder = parts_folder(out)
        self._out = out
        self._manifest = Manifest(self.folder / _MANIFEST)
        self._header = header
        self._resume = resume
        self._overwrite = overwrite
        name = self.folder.name.removesuffix(".parts")
        self._lock = FileLock(self.folder.with_name(f".{name}.lock"), timeout=_WAIT_SECONDS)

    def __enter__(self) -> Parts:
        try:
            self._lock.acquire()
        except Timeout:
            raise self._error("another run is writing to it: wait for it, or choose another --output") from None
        except OSError as error:
            raise self._error(f"cannot be written: {error.strerror or error}") from None
        try:
            self._open()
        except OSError as error:
            self._unlock()
            raise self._error(f"cannot be written: {error.strerror or error}") from None
        except BaseException:
            self._unlock()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if not len(self._manifest):
            self._clear()
        self._unlock()

    def __len__(self) -> int:
        """Return how many tasks are done."""
        return len(self._manifest)

    def find(self, task: Task) -> list[Done]:
        """Return what was done of a task, nothing when it has to be done; see `Manifest.find`."""
        return self._manifest.find(task)

    def add(self, done: Sequence[Done]) -> None:
        """Keep that a task is done."""
        self._manifest.add(done)

    def finish(self, n_tasks: int) -> bool:
        """Put the output and the file of rejects in their places; return whether there was a notice to write.

        Raises
        ------
        InputError
            When it cannot be written (what is done is kept), or more is done than the ``n_tasks`` of this run.
        """
        self._manifest.check_end(n_tasks)
        rejected = rejects_file(self._out)
        with Output(rejected) as out:
            some = False
            for done in self._manifest:
                for reject in done.rejects:
                    some = True
                    out.stream.write(
                        json_line({"source": reject.source, "where": reject.where, "reason": reject.reason})
                    )
            if some:
                out.keep()
            else:
                remove(rejected)
        if next(self._files(), None) is None:
            self._clear()
            return False
        if stays_in_parts(self._out):
            self._remove_strays()
            (self.folder / _FINISHED).touch()
            return True
        with Output(self._out) as out:
            join(self._files(), out.stream, ending=ending_of(self._out))
            out.keep()
        self._clear()
        return True

    def _files(self) -> Iterator[Path]:
        return (self.folder / done.file for done in self._manifest if done.file is not None)

    def _open(self) -> None:
        begun = (self.folder / _MANIFEST).is_file()
        finished = (self.folder / _FINISHED).is_file() or (not begun and is_written(self._out))
        if begun and not finished and self._resume:
            for path in self.folder.glob(f"{UNFINISHED}*"):
                path.unlink()
            if self._manifest.load(self._header):
                return
        elif not self._overwrite:
            if finished:
                raise self._error("is there already: --overwrite replaces it")
            if begun:
                raise self._error("an unfinished run is there: --resume goes on with it, --overwrite begins anew")
        self._clear()
        if self.folder.is_dir() and any(self.folder.iterdir()):
            raise self._error(f"{self.folder.name} holds other files: choose an empty folder, or another --output")
        self.folder.mkdir(exist_ok=True)
        self._manifest.begin(self._header)

    def _remove_strays(self) -> None:
        """Remove parts that were written and not counted, for the run was stopped in between."""
        known = {path.name for path in self._files()}
        for path in self.folder.glob("part-*"):
            if path.name not in known:
                path.unlink()

    def _clear(self) -> None:
        """Remove what a run has made, and nothing else."""
        if not self.folder.is_dir():
            return
        for pattern in _OURS:
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _unlock(self) -> None:
        # Removed while it is held: whoever has opened it in the meantime sees that it is gone, and opens it anew.
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _error(self, what: str) -> InputError:
        return InputError(what, where=self._out)
