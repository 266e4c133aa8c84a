"""The learning curve: how well a config does on the held-out notices after learning from more and more notices."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.training import Example
from spacy.training.loop import train as spacy_train

from ..corpus.errors import InputError
from ..corpus.folder import HELDOUT, TRAIN, read_gold
from ..corpus.inline import write_notice
from ..corpus.notice import Notice
from .fingerprint import fingerprint
from .reader import example
from .train import initialize


def learning_curve(
    config: Path,
    output: Path,
    *,
    sizes: Sequence[int],
    seeds: int = 5,
    overrides: Mapping[str, Any] | None = None,
    heldout: Path = HELDOUT,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train on nested subsets of a corpus and score each model, strictly, on notices that none of them has seen.

    Parameters
    ----------
    config
        A spaCy config; the corpus is its ``paths.train``.
    output
        Folder that gets ``curve.json`` and the subsets. The file is written after each model.
    sizes
        Numbers of notices to learn from.
    seeds
        At most so many subsets of each size, see `repeats`.
    overrides
        Values for the config by dotted name.
    heldout
        What to score on.
    say
        Is told of each model.

    Raises
    ------
    InputError
        When a size is not between 1 and the number of notices.
    """
    given = dict(overrides or {})
    corpus = Path(str(given.get("paths.train", TRAIN)))
    notices, measured = read_gold(corpus), read_gold(heldout)
    models = runs(sizes, most=seeds)
    # A size that cannot be had is told before the first model, not after the last but one.
    subset(notices, max(sizes), seed=0)
    result: dict[str, Any] = {
        "config": config.stem,
        "overrides": {key: value for key, value in given.items() if not key.startswith("paths.")},
        "made_from": fingerprint(config, corpus),
        "points": [],
    }
    for size, seed in models:
        folder = output / f"{size}-{seed}"
        _write(subset(notices, size, seed=seed), folder)
        # All of a subset is learned; what a config selects a model on must not be the notices that it is scored on.
        parts = {f"corpora.{part}.part": "all" for part in ("train", "dev")}
        places = {f"paths.{part}": str(folder) for part in ("train", "dev")}
        nlp, _ = initialize(config, overrides={**given, **parts, **places})
        if nlp.config["training"]["max_steps"] > 1:
            spacy_train(nlp, None, use_gpu=-1, stdout=sys.stderr, stderr=sys.stderr)
        point = {"notices": size, "seed": seed, **_scores(nlp, measured)}
        result["points"].append(point)
        (output / "curve.json").write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
        say(f"{size} notices, seed {seed}: strict F {point['f']:.4f}")
    return result


def runs(sizes: Sequence[int], *, most: int) -> list[tuple[int, int]]:
    """List size and seed of each model: a size is tried until its notices add up to those of the largest.

    Small subsets differ more from each other than large ones, and cost less; none is tried more than ``most`` times.
    """
    if not sizes or min(sizes) < 1:
        raise InputError("needs numbers of notices, such as 45,90,175,350,700", where="--curve")
    return [(size, seed) for size in sorted(set(sizes)) for seed in range(max(1, min(most, max(sizes) // size)))]


def subset(notices: Sequence[Notice], size: int, *, seed: int) -> list[Notice]:
    """Draw notices so that each hand (the part of the id before ``_``) has its share of them.

    With the same seed, a smaller subset lies in each larger one.

    Raises
    ------
    InputError
        When there are not so many.
    """
    if not 1 <= size <= len(notices):
        raise InputError(f"{size} is not between 1 and the {len(notices)} notices of the corpus", where="--curve")
    generator = random.Random(seed)  # noqa: S311
    hands: dict[str, list[Notice]] = {}
    for notice in sorted(notices, key=lambda notice: notice.id):
        hands.setdefault(notice.id.split("_")[0], []).append(notice)
    drawn: list[tuple[float, str, Notice]] = []
    for of_hand in hands.values():
        generator.shuffle(of_hand)
        # Notices of a hand stand in even steps, so that a hand of a tenth has a tenth of any beginning.
        first = generator.random()
        drawn += (((first + i) / len(of_hand), notice.id, notice) for i, notice in enumerate(of_hand))
    return [notice for *_, notice in sorted(drawn, key=lambda each: each[:2])[:size]]


def _write(notices: Sequence[Notice], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.md"):
        stale.unlink()
    for notice in notices:
        write_notice(notice, folder / f"{notice.id}.md")


def _scores(nlp: Language, measured: Sequence[Notice]) -> dict[str, Any]:
    references = [example(nlp, notice).reference for notice in measured]
    docs = nlp.pipe([notice.text for notice in measured])
    scores = Scorer(nlp).score([Example(doc, gold) for doc, gold in zip(docs, references, strict=True)])
    of_labels = {label: round(row["f"], 4) for label, row in sorted(scores["ents_per_type"].items())}
    return {**{key: round(scores[f"ents_{key}"], 4) for key in "prf"}, "labels": of_labels}
