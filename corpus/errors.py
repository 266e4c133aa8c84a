"""The errors a user of tongbao can meet: each says what is wrong, where, and what to do."""

from __future__ import annotations


class TongbaoError(Exception):
    """Root of all errors that tongbao raises on purpose.

    Parameters
    ----------
    what
        What is wrong, and the mend, in one sentence.
    where
        The place: a path, ``path:line``, ``path:line:column`` (both from 1), or a record's id.
    """

    def __init__(self, what: str, *, where: str | None = None) -> None:
        super().__init__(what if where is None else f"{where}: {what}")
        self.what = what
        self.where = where


class InputError(TongbaoError):
    """A file, a stream or a record cannot be read as a notice."""


class AnnotationError(TongbaoError):
    """Gold data break the inline format or the guideline."""


class ModelError(TongbaoError):
    """A model, a config or a component cannot be used as asked."""


class ServerError(TongbaoError):
    """A server that tongbao talks to does not answer as it should."""
