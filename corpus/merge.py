"""Merges two annotations of the same notices: writes what both agree on, and lists the conflicts of the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from .agreement import Difference, agreement
from .convert import inline_path
from .errors import InputError
from .notice import Notice
from .seal import Outcome, sealed, write_sealed

Side = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two annotations made one.

    Parameters
    ----------
    notices
        Those on which both agree, and those in conflict where one side is preferred, in the order of ``a``.
    conflicts
        Each difference, in order of notices and text.
    prefer
        Whose version of a notice in conflict is taken; None where none is.
    only_a, only_b
        Ids of notices that only one has.
    """

    notices: tuple[Notice, ...]
    conflicts: tuple[Difference, ...]
    prefer: Side | None
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    @property
    def disputed(self) -> tuple[str, ...]:
        """Ids of the notices in conflict."""
        return tuple(dict.fromkeys(conflict.id for conflict in self.conflicts))

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Ids of the notices that are not merged."""
        return (*(() if self.prefer else self.disputed), *self.only_a, *self.only_b)


def merge(a: Iterable[Notice], b: Iterable[Notice], *, prefer: Side | None = None) -> Merge:
    """Merge two annotations; notices are matched by id, and other numbers for the same cases are no conflict.

    Raises
    ------
    AnnotationError
        When no id is in both, or the texts of an id differ.
    """
    first = {notice.id: notice for notice in a}
    second = {notice.id: notice for notice in b}
    found = agreement(first.values(), second.values())
    disputed = {difference.id for difference in found.differences}
    preferred = {"a": first, "b": second, None: {}}[prefer]
    merged = {
        name: preferred.get(name) if name in disputed else _agreed(first[name], second[name])
        for name in first
        if name in second
    }
    notices = tuple(notice for notice in merged.values() if notice is not None)
    return Merge(notices, found.differences, prefer, found.only_a, found.only_b)


def write_merge(found: Merge, folder: Path, *, force: bool = False) -> dict[Outcome, list[str]]:
    """Write the merged notices into a folder, one inline file each, and the conflicts beside it.

    A file that was changed there is kept, unless ``force``. To write the same again changes nothing.

    Returns
    -------
    dict
        Outcome → ids of the notices.

    Raises
    ------
    AnnotationError
        When a notice has no inline form, or its id is no name of a file; nothing is written then.
    InputError
        When a file cannot be written.
    """
    files = {notice.id: (sealed(notice, "merged"), inline_path(folder, notice)) for notice in found.notices}
    outcomes: dict[Outcome, list[str]] = {"written": [], "unchanged": [], "kept": []}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (content, path) in files.items():
            outcomes[write_sealed(content, path, "merged", force=force)].append(name)
        _write_conflicts(found, conflicts_path(folder))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(error.filename or folder)) from None
    return outcomes


def conflicts_path(folder: Path) -> Path:
    """Return the file beside a folder that lists the conflicts of what was merged into it."""
    return folder.with_name(f"{folder.name}.conflicts.jsonl")


def _agreed(a: Notice, b: Notice) -> Notice:
    """Return ``a`` with the header lines of both; where they differ, those of ``a``."""
    meta = {**b.meta, **a.meta}
    signed = [notice.meta for notice in (a, b) if "annotator" in notice.meta]
    if signed:
        meta["annotator"] = ", ".join(sorted({name for each in signed for name in each["annotator"].split(", ")}))
    # Both are times of one form, in UTC: the later is the greater string.
    confirmed = [notice.meta["confirmed"] for notice in (a, b) if "confirmed" in notice.meta]
    if confirmed:
        meta["confirmed"] = max(confirmed)
    return replace(a, meta=meta)


def _write_conflicts(found: Merge, path: Path) -> None:
    if found.conflicts:
        lines = (json.dumps({**asdict(each), "taken": found.prefer}, ensure_ascii=False) for each in found.conflicts)
        path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8"))
    else:
        path.unlink(missing_ok=True)
