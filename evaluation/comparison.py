"""Two models side by side on the same notices: how much better one is, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..corpus.notice import Notice
from .bootstrap import Difference, paired_difference
from .links import tally_links
from .pairs import pair_notices
from .scores import MACRO, MICRO, Tally
from .spans import tally_spans

LINKS = "case links"
JUDGED = (MICRO, LINKS)
"""The figures by which a model is called worse; those of single labels are told, and not judged."""
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Compared:
    """One strict F1 of both models.

    Parameters
    ----------
    of
        A label, ``micro`` or ``macro``, or ``case links``.
    ours, theirs
        The F1 of the evaluated model and of the one it is held against.
    difference
        Ours minus theirs, with its interval and p.
    """

    of: str
    ours: float
    theirs: float
    difference: Difference

    @property
    def is_worse(self) -> bool:
        """Whether ours is worse, and chance alone would seldom show as much."""
        return self.difference.value < 0 and self.difference.p < ALPHA

    @property
    def is_better(self) -> bool:
        """Whether ours is better, and chance alone would seldom show as much."""
        return self.difference.value > 0 and self.difference.p < ALPHA


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model held against another one.

    Parameters
    ----------
    other
        The name of the other model.
    rows
        Labels, ``micro``, ``macro``, and ``case links`` where both models make cases.
    """

    other: str
    rows: tuple[Compared, ...]

    @property
    def regressions(self) -> tuple[Compared, ...]:
        """Those of the `JUDGED` figures that are significantly worse."""
        return tuple(row for row in self.rows if row.of in JUDGED and row.is_worse)

    @property
    def gains(self) -> tuple[Compared, ...]:
        """Those of the `JUDGED` figures that are significantly better."""
        return tuple(row for row in self.rows if row.of in JUDGED and row.is_better)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; intervals are pairs or None."""
        return {
            "other": self.other,
            "alpha": ALPHA,
            "f1": {
                row.of: {
                    "ours": row.ours,
                    "theirs": row.theirs,
                    "difference": row.difference.value,
                    "interval": list(asdict(row.difference.interval).values()) if row.difference.interval else None,
                    "p": row.difference.p,
                }
                for row in self.rows
            },
            "regressions": [row.of for row in self.regressions],
        }


def compare(
    gold: Sequence[Notice],
    ours: Sequence[Notice],
    theirs: Sequence[Notice],
    *,
    other: str,
    with_links: bool,
    n_boot: int = 1000,
    seed: int = 0,
) -> Comparison:
    """Compare what two models marked in the same notices.

    Parameters
    ----------
    gold, ours, theirs
        Notices, paired by their ids in any order.
    other
        The name of the other model.
    with_links
        Whether both models make cases.
    n_boot, seed
        Draws of intervals and p, and the seed they are drawn with.

    Raises
    ------
    AnnotationError
        When gold and predictions do not pair up.
    """
    pairs = [pair_notices(gold, marked) for marked in (ours, theirs)]
    # A label that only one of the models uses is spurious, and has no counterpart to compare.
    spans = [tally_spans(of_model) for of_model in pairs]
    shared = [label for label in spans[0].labels if label in spans[1].labels]
    rows = list(_rows(*(_only(tally, shared) for tally in spans), n_boot=n_boot, seed=seed))
    if with_links:
        links = [tally_links(of_model).links for of_model in pairs]
        rows.append(_row(LINKS, MICRO, *links, n_boot=n_boot, seed=seed))
    return Comparison(other, tuple(rows))


def _rows(ours: Tally, theirs: Tally, *, n_boot: int, seed: int) -> Iterator[Compared]:
    for name in (*ours.labels, MICRO, MACRO):
        yield _row(name, name, ours, theirs, n_boot=n_boot, seed=seed)


def _row(name: str, of: str, ours: Tally, theirs: Tally, *, n_boot: int, seed: int) -> Compared:
    scores = [tally.scores() for tally in (ours, theirs)]
    f1 = [{**score.labels, MICRO: score.micro, MACRO: score.macro}[of].f1 for score in scores]
    return Compared(name, f1[0], f1[1], paired_difference(ours, theirs, of=of, n_boot=n_boot, seed=seed))


def _only(tally: Tally, labels: Sequence[str]) -> Tally:
    """Keep the rows of these labels, and that of all together."""
    rows = [0, *(1 + tally.labels.index(label) for label in labels)]
    return Tally(tuple(labels), tally.counts[:, rows])
