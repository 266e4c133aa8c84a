"""A tagged batch as a page: cases over time, measures, organs, and a table of cases to filter and to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ..corpus.notice import LABELS
from ..pipeline.case import Case
from ..pipeline.rows import COLUMNS, csv_cells, rows_of
from ..pipeline.stages import STAGES
from ..pipeline.tagged import TaggedNotice
from ..pipeline.taxonomy import KINDS, taxonomy
from .batch import NOT_CODED, NOT_TOLD, count_batch, date_of, measures_of, organ_of
from .page import render_page
from .plots import columns

_ORGANS_SHOWN = 20
_CODES_SHOWN = 8


def batch_page(batch: Sequence[TaggedNotice], *, title: str) -> str:
    """Lay a batch out as HTML.

    Raises
    ------
    ModelError
        When matplotlib is not installed.
    """
    counts = count_batch(batch)
    cases = [case for tagged in batch for case in tagged.cases]
    organs = {organ: count for organ, count in counts.organs.items() if organ != NOT_TOLD}
    return render_page(
        "batch.html",
        scripts=("page.js", "batch.js"),
        data={
            "header": _csv_line(list(COLUMNS)),
            "notices": [_notice(tagged) for tagged in batch],
            "cases": [row for place, tagged in enumerate(batch) for row in _case_rows(tagged, place)],
        },
        title=title,
        models=sorted({tagged.model for tagged in batch}),
        cards=[
            {"name": "notices", "value": f"{len(batch):,}"},
            {"name": "cases", "value": f"{len(cases):,}"},
            {"name": "of named persons", "value": f"{sum(case.official is not None for case in cases):,}"},
            {"name": "notices without a case", "value": f"{sum(not tagged.cases for tagged in batch):,}"},
        ],
        counts=counts,
        over_time=columns(counts.over_time, title="Cases over time") if counts.over_time else "",
        kinds=_kinds(counts.kinds),
        most_of_kinds=max((count for codes in counts.kinds.values() for count in codes.values()), default=1),
        organs=dict(islice(organs.items(), _ORGANS_SHOWN)),
        n_organs=len(organs),
        without_organ=counts.organs.get(NOT_TOLD, 0),
        kind_names=[kind for kind in (*KINDS, NOT_CODED) if kind in counts.kinds],
        stage_names=[stage for stage in (*STAGES, NOT_TOLD) if stage in counts.stages],
        years=sorted({year for tagged in batch for case in tagged.cases if (year := date_of(case, tagged)[:4])}),
        labels=LABELS,
    )


def _kinds(kinds: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Name the measures of each kind, the most frequent first."""
    known = taxonomy().rows
    return [
        {
            "name": kind,
            "codes": [
                (code, known[code].zh[0] if code in known else code, count)
                for code, count in islice(codes.items(), _CODES_SHOWN)
            ],
            "further": max(0, len(codes) - _CODES_SHOWN),
        }
        for kind, codes in kinds.items()
    ]


def _notice(tagged: TaggedNotice) -> dict[str, Any]:
    notice = tagged.notice
    return {
        "id": notice.id,
        "title": notice.meta.get("title", ""),
        "source": notice.source or "",
        "text": notice.text,
        "entities": [
            [entity.start, entity.end, entity.label, list(entity.cases)] for entity in tagged.annotated().entities
        ],
    }


def _case_rows(tagged: TaggedNotice, place: int) -> Iterator[dict[str, Any]]:
    for case, row in zip(tagged.cases, rows_of(tagged), strict=True):
        yield {
            "notice": place,
            "number": row["case"],
            "subject": case.subject,
            **{key: _once(row[key]) for key in ("positions", "violations", "sanctions")},
            "kinds": _kinds_of(case, tagged),
            "stage": case.stage or NOT_TOLD,
            "date": date_of(case, tagged),
            "organ": organ_of(case, tagged),
            "csv": _csv_line(csv_cells(row)),
        }


def _kinds_of(case: Case, tagged: TaggedNotice) -> list[str]:
    return sorted({kind for kind, _ in measures_of(case, tagged)})


def _once(texts: Sequence[str]) -> list[str]:
    """Leave out what is said again in the same words."""
    return list(dict.fromkeys(texts))


def _csv_line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
