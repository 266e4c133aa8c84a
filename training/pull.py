"""Brings what annotators confirmed in a doccano project back as inline gold notices."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..corpus.check import check
from ..corpus.convert import inline_path
from ..corpus.doccano import from_record, to_record
from ..corpus.errors import AnnotationError, InputError
from ..corpus.folder import HELDOUT, read_gold
from ..corpus.notice import Notice
from ..corpus.seal import sealed, write_sealed
from .doccano_server import Confirmation, Doccano, Project


@dataclass(slots=True)
class Pulled:
    """What became of the confirmed notices.

    Parameters
    ----------
    written, unchanged
        Ids of those that were written, and of those whose file says the same already.
    kept
        Ids of those whose file was changed here, while the project says something new.
    set_aside
        Why a notice was not written, and the notice where there is one: records of a rejects file.
    remarks
        What was mended, and the warnings of the check.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def pull(
    server: Doccano, project: Project, folder: Path, *, force: bool = False, done: Callable[[int], None]
) -> Pulled:
    """Write the confirmed notices of a project into a folder, one inline file each.

    A notice that breaks the guideline is set aside. White space at the edges of spans is taken off, and gaps in the
    numbers of cases are closed. A file that was changed here is kept, unless ``force``. To pull again writes nothing
    that is there already.

    Raises
    ------
    ServerError
        When the server fails; nothing is written then.
    InputError
        When a file cannot be written.
    """
    pulled = Pulled()
    checked = _checked(_confirmed(server, project, pulled, done), pulled)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notice in checked:
            _write(notice, folder, force, pulled)
        _write_rejects(folder, pulled)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(error.filename or folder)) from None
    return pulled


def rejects_path(folder: Path) -> Path:
    """Return the file beside a folder that lists what was set aside when it was pulled to."""
    return folder.with_name(f"{folder.name}.rejected.jsonl")


def trimmed(notice: Notice) -> tuple[Notice, list[str]]:
    """Take white space off the edges of spans, and say where; a span of nothing else is dropped."""
    entities, remarks = [], []
    for entity in notice.entities:
        text = notice.span_text(entity)
        start = entity.start + len(text) - len(text.lstrip())
        end = entity.start + len(text.rstrip())
        if (start, end) != (entity.start, entity.end):
            remarks.append(f"{notice.id}: white space at the edges of {entity.label} {text!r} taken off")
        if start < end:
            entities.append(replace(entity, start=start, end=end))
    return replace(notice, entities=tuple(entities)), remarks


def without_gaps(notice: Notice) -> Notice:
    """Close the gaps in the numbers of cases: an annotator may have emptied one."""
    numbers = sorted({number for entity in notice.entities for number in entity.cases})
    new = {number: place for place, number in enumerate(numbers, start=1)}
    entities = [replace(entity, cases=tuple(new[number] for number in entity.cases)) for entity in notice.entities]
    return replace(notice, entities=tuple(entities))


def _confirmed(server: Doccano, project: Project, pulled: Pulled, done: Callable[[int], None]) -> list[Notice]:
    members = server.members(project.id)
    examples = {}
    count: Counter[str] = Counter()
    for example in server.examples(project.id):
        name = str(example.meta.get("id", example.id))
        examples[name] = example
        count[name] += 1
    notices = []
    for number, record in enumerate(server.confirmed(project.id), start=1):
        name = str(record.get("id"))
        where = f"project {project.name}: {name}"
        try:
            if count[name] != 1:
                what = "several texts of the project have this id: delete all but one there"
                raise AnnotationError(what if count[name] else "was added meanwhile: pull again", where=where)
            notice, remarks = trimmed(without_gaps(from_record(record, where=where)))
            who = server.confirmations(project.id, examples[name].id)
            notices.append(_signed(notice, who, members))
            pulled.remarks += remarks
        except AnnotationError as error:
            pulled.set_aside.append({"id": name, "reason": str(error), "record": record})
        done(number)
    return notices


def _signed(notice: Notice, who: Sequence[Confirmation], members: dict[int, str]) -> Notice:
    """Add who confirmed a notice, and when."""
    names = sorted({members.get(each.user, f"user {each.user}") for each in who})
    # Fractions of a second say nothing.
    last = max((each.at.partition(".")[0].rstrip("Z") + "Z" for each in who), default="")
    found = {"annotator": ", ".join(names), "confirmed": last}
    return replace(notice, meta={**notice.meta, **{key: value for key, value in found.items() if value}})


def _checked(notices: Sequence[Notice], pulled: Pulled) -> list[Notice]:
    """Return the notices that keep the guideline."""
    reasons: dict[str, list[str]] = {}
    for finding in check(notices, heldout=read_gold(HELDOUT)):
        if finding.severity == "error":
            reasons.setdefault(finding.where, []).append(f"[{finding.rule}] {finding.message}")
        else:
            pulled.remarks.append(f"{finding.where}: warning [{finding.rule}] {finding.message}")
    pulled.set_aside += [
        {"id": notice.id, "reason": "; ".join(reasons[notice.id]), "record": to_record(notice)}
        for notice in notices
        if notice.id in reasons
    ]
    return [notice for notice in notices if notice.id not in reasons]


def _write(notice: Notice, folder: Path, force: bool, pulled: Pulled) -> None:
    try:
        path, content = inline_path(folder, notice), sealed(notice, "pulled")
    except AnnotationError as error:
        pulled.set_aside.append({"id": notice.id, "reason": str(error), "record": to_record(notice)})
        return
    outcome = write_sealed(content, path, "pulled", force=force)
    {"written": pulled.written, "unchanged": pulled.unchanged, "kept": pulled.kept}[outcome].append(notice.id)


def _write_rejects(folder: Path, pulled: Pulled) -> None:
    path = rejects_path(folder)
    if pulled.set_aside:
        lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in pulled.set_aside)
        path.write_bytes("".join(lines).encode("utf-8"))
    else:
        path.unlink(missing_ok=True)
