"""Stored figures for tests of the card: small ones, but measured."""

from __future__ import annotations

from dataclasses import replace

from tongbao.corpus.notice import Notice
from tongbao.evaluation.card import Stored
from tongbao.evaluation.figures import agreed, figures_of, size_of
from tongbao.evaluation.results import Cost, Curve, Figures, Learner, Point, Rate, Shipped

from .samples import notice

GOLD = [
    notice("[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。", id="a"),
    notice("[镇长](POSITION)[王某](OFFICIAL)走访农户。", id="b", form="feature"),
    notice("天晴。", id="c", form="feature"),
]
MADE_FROM = {"corpus": "0" * 16, "config": "1" * 16, "code": "2" * 16, "lexicon": "3" * 16}


def without(label: str) -> list[Notice]:
    """Return what a model would find that does not know a label."""
    return [replace(one, entities=tuple(e for e in one.entities if e.label != label)) for one in GOLD]


def figures(missed: str = "", *, folds: int | None = None) -> Figures:
    return figures_of(GOLD, without(missed), n_boot=20, folds=folds, made_from=MADE_FROM, with_slices=not folds)


def stored() -> Stored:
    rate = Rate(p=0.9, r=0.8, f=0.85, interval=(0.8, 0.9), support=5)
    learners = (
        Learner(
            name="crf",
            note="as it ships",
            config="crf",
            folds=figures("POSITION", folds=5),
            heldout=figures("POSITION"),
            public={"resume": rate},
            cost=Cost(seconds_fit=400, model_bytes=8_400_000, chars_per_second=70_000, jieba_chars_per_second=35_000),
        ),
        Learner(name="gazetteer", note="lists | rules", heldout=figures("OFFICIAL")),
        Learner(
            name="no-words",
            group="features",
            config="crf",
            overrides={"components.ner.features.words": False},
            folds=figures("VIOLATION", folds=5),
        ),
    )
    points = tuple(
        Point(notices=size, seed=seed, p=0.8, r=0.8, f=0.7 + size / 1000 + seed / 100, labels={"OFFICIAL": 0.9})
        for size, seed in ((45, 0), (45, 1), (90, 0))
    )
    return Stored(
        shipped=Shipped(
            model="zh_tongbao-9.9.9",
            made_from=MADE_FROM,
            train=size_of(GOLD),
            heldout=size_of(GOLD),
            figures=figures("POSITION"),
            links={"predicted": rate, "gold": rate},
            subjects_found=1,
            subjects=1,
            false_cases=0,
        ),
        learners=learners,
        agreement=agreed(GOLD, without("VIOLATION"), note="By two.", n_boot=20),
        curve=Curve(config="crf", made_from=MADE_FROM, points=points),
    )
