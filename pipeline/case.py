"""A case: one subject held to account, with its posts, wrongs and measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from spacy.tokens import Doc

from .stages import Stage

_KEY = "tongbao.case_records"


@dataclass(frozen=True, slots=True)
class Case:
    """One subject who is held to account; every index counts ``doc.ents`` from 0.

    Parameters
    ----------
    official
        The fullest name of the person in the notice, None for an unnamed person or a body.
    subject
        That name, or the post or body as the text has it.
    mentions
        The OFFICIAL entities that name the person; empty for an unnamed person or a body.
    positions, violations, sanctions
        The entities of those labels that belong to the case.
    date
        Date of the measure, ISO, or None.
    organ
        The body that decided on the measure, or None.
    amounts
        The yuan that its wrongs and measures tell of, in their order; nothing is added up.
    stage
        The furthest of `stages.STAGES` that its measures reach, None without a measure.
    position_scores, violation_scores, sanction_scores
        How probable each of those links is: that the entity is right, that a mention of the subject is, and that the
        two belong together; empty where the case was not read off a text.
    four_forms
        The one of the four forms of oversight (四种形态), 1 to 4, that its measures count as; derived from their norms
        and nowhere written, None where they decide on none.
    warnings
        What the law does not allow in it, a sign that the notice was misread; see `plausible.check_norms`.
    """

    official: str | None
    subject: str
    mentions: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    violations: tuple[int, ...] = ()
    sanctions: tuple[int, ...] = ()
    date: str | None = None
    organ: str | None = None
    amounts: tuple[float, ...] = ()
    stage: Stage | None = None
    position_scores: tuple[float, ...] = ()
    violation_scores: tuple[float, ...] = ()
    sanction_scores: tuple[float, ...] = ()
    four_forms: int | None = None
    warnings: tuple[str, ...] = ()


def _get_cases(doc: Doc) -> tuple[Case, ...]:
    records = doc.user_data.get(_KEY, ())
    return tuple(_case(record) for record in records)


def _case(record: dict[str, Any]) -> Case:
    """Rebuild a case from plain values; msgpack makes lists of tuples."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    return Case(**values)


def _set_cases(doc: Doc, cases: Sequence[Case]) -> None:
    # Plain values, so that a Doc with its cases goes into bytes, a DocBin or another process.
    doc.user_data[_KEY] = [{name: getattr(case, name) for name in _FIELDS} for case in cases]


_FIELDS = tuple(field.name for field in fields(Case))


Doc.set_extension("cases", getter=_get_cases, setter=_set_cases, force=True)
