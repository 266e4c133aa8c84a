"""Output that is there as a whole or not at all: written beside its place and moved there at the end."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from ..corpus.errors import InputError
from . import stores

STANDARD_OUTPUT = "-"
UNFINISHED = ".tongbao-"
"""How the names of files begin that are not whole yet."""


class Output:
    """A file being written, or standard output; a context that leaves nothing behind unless `keep` was called.

    Parameters
    ----------
    out
        A path, an address of a store (``s3://…``), or ``-`` for standard output. A device or a pipe is written as it
        is.

    Raises
    ------
    InputError
        When it cannot be written: no such folder, no right, no room.
    """

    def __init__(self, out: str) -> None:
        self.out = out
        self.stream: BinaryIO = sys.stdout.buffer
        # A link stays a link; what it leads to is replaced.
        self._final = Path(os.path.realpath(out))
        self._part: Path | None = None
        self._upload: stores.Upload | None = None
        if out == STANDARD_OUTPUT:
            return
        if stores.is_address(out):
            try:
                self._upload = stores.Upload(out)
            except OSError as error:
                raise _cannot(error, out) from None
            self.stream = self._upload.stream
            return
        if self._final.is_dir():
            raise InputError("a folder: give the name of a file in it", where=out)
        if not self._final.parent.is_dir():
            raise InputError("its folder does not exist: make it first", where=out)
        try:
            if self._final.exists() and not self._final.is_file():
                self.stream = self._final.open("wb")
                return
            # No name of a process: two of the same number on two machines may write into one folder.
            self._part = self._final.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
            self.stream = self._part.open("wb")
        except OSError as error:
            raise _cannot(error, out) from None

    def keep(self) -> None:
        """Say that all is written: put the file in its place, once it is safe on the disk."""
        if self._upload is not None:
            upload, self._upload = self._upload, None
            upload.keep()
            return
        self.stream.flush()
        if self._part is not None:
            os.fsync(self.stream.fileno())
        if self.out != STANDARD_OUTPUT:
            self.stream.close()
        if self._part is not None:
            self._part.replace(self._final)
            self._part = None

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._upload is not None:
                self._upload.discard()
            elif self.out != STANDARD_OUTPUT and not stores.is_address(self.out):
                self.stream.close()
        except OSError as closing:
            error = error or closing
        finally:
            if self._part is not None:
                self._part.unlink(missing_ok=True)
        # Whoever closes a pipe early wants no message.
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise _cannot(error, self.out) from None


def is_written(out: str) -> bool:
    """Tell whether a file is there; an empty one is a name that was set apart, as mktemp does, and no output."""
    if stores.is_address(out):
        return stores.is_there(out)
    return Path(out).is_file() and Path(out).stat().st_size > 0


def remove(out: str) -> None:
    """Remove a file, if it is there."""
    if stores.is_address(out):
        stores.remove(out)
    else:
        Path(out).unlink(missing_ok=True)


def _cannot(error: OSError, out: str) -> InputError:
    return InputError(f"cannot be written: {error.strerror or error}", where=out)
