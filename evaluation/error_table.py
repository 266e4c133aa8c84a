"""The errors of a model as a tab-separated table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from .errors import Error

COLUMNS = tuple(field.name for field in fields(Error))
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def errors_tsv(errors: Iterable[Error]) -> str:
    r"""Write one line an error, after a line of column names.

    The columns are the fields of `Error`; what is None is empty, a score has four digits. Backslash, tab,
    line feed and carriage return are escaped as ``\\``, ``\t``, ``\n`` and ``\r``.
    """
    lines = ["\t".join(COLUMNS)]
    lines += ("\t".join(_cell(getattr(error, column)) for column in COLUMNS) for error in errors)
    return "".join(line + "\n" for line in lines)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value).translate(_ESCAPES)
