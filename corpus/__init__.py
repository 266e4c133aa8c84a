"""Annotated notices: the formats they come in and the checks they must pass."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import AnnotationError, InputError, ModelError, ServerError, TongbaoError

if TYPE_CHECKING:
    from .agreement import Agreement
    from .check import Finding, misaligned
    from .columns import read_columns, write_columns
    from .docbin import read_docbin, write_docbin
    from .doccano import read_doccano, write_doccano
    from .folder import HELDOUT, TRAIN, is_heldout, read_gold, refuse_heldout
    from .inline import format_notice, parse, read_notice, write_notice
    from .notice import LABELS, Entity, Label, Notice
    from .stats import CorpusStats

__all__ = [
    "HELDOUT",
    "LABELS",
    "TRAIN",
    "Agreement",
    "AnnotationError",
    "CorpusStats",
    "Entity",
    "Finding",
    "InputError",
    "Label",
    "ModelError",
    "Notice",
    "ServerError",
    "TongbaoError",
    "format_notice",
    "is_heldout",
    "misaligned",
    "parse",
    "read_columns",
    "read_docbin",
    "read_doccano",
    "read_gold",
    "read_notice",
    "refuse_heldout",
    "write_columns",
    "write_docbin",
    "write_doccano",
    "write_notice",
]

# Loaded at first use, so that a command that needs none of them starts at once. The functions `check`, `stats` and
# `agreement` are called as their modules, which are where they are imported from.
_HOMES = {
    "agreement": ("Agreement",),
    "check": ("Finding", "misaligned"),
    "columns": ("read_columns", "write_columns"),
    "docbin": ("read_docbin", "write_docbin"),
    "doccano": ("read_doccano", "write_doccano"),
    "folder": ("HELDOUT", "TRAIN", "is_heldout", "read_gold", "refuse_heldout"),
    "inline": ("format_notice", "parse", "read_notice", "write_notice"),
    "notice": ("LABELS", "Entity", "Label", "Notice"),
    "stats": ("CorpusStats",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f".{home}", __name__), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
