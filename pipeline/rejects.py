"""What is set aside: an input or a record that could not be read, and why."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ..corpus.errors import TongbaoError


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was set aside.

    Parameters
    ----------
    source
        The path as given, ``-`` for standard input.
    where
        The place: the path, ``path:line`` (from 1) or ``path:row``.
    reason
        What is wrong and what to do, in one sentence.
    """

    source: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def rejected(source: str, error: TongbaoError) -> Reject:
    """Make of an error what is reported instead of being raised."""
    return Reject(source, error.where or source, error.what)


def log_reject(reject: Reject) -> None:
    """Report a reject as a warning, which is what happens when the caller does not ask for it."""
    logging.getLogger("tongbao").warning("set aside %s", reject)
