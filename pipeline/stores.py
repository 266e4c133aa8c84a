"""Files that lie elsewhere, by their address (``s3://bucket/folder``): any store of fsspec, but for web pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from ..corpus.errors import InputError
from .extra import need

# Pages are saved by whoever reads them: nothing here crawls.
_WEB = ("http", "https", "ftp")
# What the stores call what changes with a file.
_CHANGES = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")


def is_address(name: str) -> bool:
    """Tell whether a name is an address and no path."""
    return "://" in name


def find(address: str) -> Iterator[str]:
    """Check that there is something at an address, then walk it as folders on the disk are walked.

    Raises
    ------
    InputError
        At once, when it is a web page, there is no such file or store, or it cannot be reached.
    ModelError
        When fsspec is not installed.
    """
    store, path = _store(address)
    try:
        if not store.exists(path) and not ("*" in path and store.glob(path)):
            raise InputError("no such file or folder: check the address", where=address)
    except OSError as error:
        raise _unreachable(error, address) from None
    return _find(store, path, address)


def _find(store: Any, path: str, address: str) -> Iterator[str]:
    try:
        yield from map(store.unstrip_protocol, _walk(store, path))
    except OSError as error:
        raise _unreachable(error, address) from None


def is_there(address: str) -> bool:
    """Tell whether there is a file that is not empty."""
    store, path = _store(address)
    return bool(store.exists(path)) and int(store.info(path).get("size") or 0) > 0


def open_file(address: str) -> BinaryIO:
    """Open a file for reading bytes."""
    store, path = _store(address)
    return cast(BinaryIO, store.open(path, "rb"))


def state(address: str) -> tuple[int, str]:
    """Return the size of a file in bytes, and what changes when it does.

    Raises
    ------
    OSError
        When it is not there any more.
    """
    store, path = _store(address)
    info = store.info(path)
    return int(info.get("size") or 0), "\0".join(str(info[key]) for key in _CHANGES if key in info)


class Upload:
    """A file on its way to a store, where it is there once it is kept, as far as the store knows such a thing.

    Raises
    ------
    InputError
        When there is no such store.
    OSError
        When it cannot be written.
    """

    def __init__(self, address: str) -> None:
        self._store, path = _store(address)
        self._transaction = self._store.start_transaction()
        try:
            self.stream = cast(BinaryIO, self._store.open(path, "wb"))
        except BaseException:
            self._transaction.complete(commit=False)
            raise

    def keep(self) -> None:
        """Say that all is written; what fails now leaves nothing behind."""
        try:
            self.stream.close()
        except BaseException:
            self._transaction.complete(commit=False)
            raise
        self._store.end_transaction()

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            self.stream.close()
        finally:
            self._transaction.complete(commit=False)


def remove(address: str) -> None:
    """Remove a file, if it is there."""
    store, path = _store(address)
    if store.exists(path):
        store.rm_file(path)


def _store(address: str) -> tuple[Any, str]:
    if address.partition("://")[0].lower() in _WEB:
        raise InputError("an address of the web, not a file: save the page and give its path", where=address)
    need("fsspec", extra="remote", where=address)
    from fsspec.core import url_to_fs  # of an extra

    try:
        store, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise InputError(f"no store of this kind can be opened ({error})", where=address) from None
    return store, path


def _walk(store: Any, path: str) -> Iterator[str]:
    if store.isfile(path):
        yield path
    elif not store.isdir(path):
        yield from sorted(found for found in store.glob(path) if store.isfile(found))
    else:
        # A folder that cannot be listed must not pass for an empty one.
        for place, folders, files in store.walk(path, on_error="raise"):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            # An object store may keep a file without a name as the mark of a folder.
            names = sorted(name for name in files if name and not name.startswith("."))
            yield from (f"{place.rstrip('/')}/{name}" for name in names)


def _unreachable(error: OSError, address: str) -> InputError:
    return InputError(f"cannot be reached: {error.strerror or error}", where=address)
