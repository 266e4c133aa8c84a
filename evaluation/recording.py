"""Puts what was measured into the files of results, and keeps apart what was made in different ways."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from spacy.language import Language

from ..corpus.errors import InputError, ModelError
from ..corpus.notice import Notice
from ..pipeline.load import model_name
from .evaluate import predict, predict_cases
from .figures import figures_of, rate_of, size_of
from .links import tally_links
from .pairs import pair_notices
from .results import RESERVED, Learner, Rate, Shipped, read_result, write_result
from .slices import names_of

RUN = "run.json"
# Where the corpus lies and whether the part for model selection is learned as well differ between folds and a full fit.
_PLACES = ("paths.", "corpora.train.part", "corpora.dev.part")


class Run(BaseModel):
    """What ``tongbao train`` says of a run, in ``run.json`` beside what it made; empty where it says nothing."""

    model_config = ConfigDict(extra="forbid")
    config: str | None = None
    overrides: dict[str, Any] = {}
    folds: int = 0
    made_from: dict[str, str] | None = None
    seconds: float | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The overrides that make a learner another one."""
        return {key: value for key, value in sorted(self.overrides.items()) if not key.startswith(_PLACES)}


def read_run(folder: Path) -> Run:
    """Read ``run.json`` of a folder; an empty run where there is none.

    Raises
    ------
    InputError
        When it is broken.
    """
    path = folder / RUN
    if not path.is_file():
        return Run()
    try:
        return Run.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        what = f"not a run: {'.'.join(map(str, first['loc'])) or 'the whole file'}: {first['msg']}; train again"
        raise InputError(what, where=str(path)) from None


def keep(
    results: Path, name: str, parts: Mapping[str, Any], *, run: Run, group: str | None = None, note: str | None = None
) -> Learner:
    """Put parts of a learner's figures into its file; the others stay.

    Raises
    ------
    InputError
        When the file is broken, the name cannot be a file's, or the file's figures are of another config or of
        other overrides than the run's.
    """
    if name in RESERVED:
        raise InputError("is the name of a file of other figures, and no learner's name", where=name)
    path = results / f"{name}.json"
    try:
        before = read_result(path, Learner) if path.is_file() else Learner(name=name)
    except ValidationError:
        raise InputError("a learner's name has letters, digits, -, +, _ and . alone", where=name) from None
    said: dict[str, Any] = {key: value for key, value in (("group", group), ("note", note)) if value is not None}
    if run.config is not None:
        made = (run.config, run.changes)
        if before.config is not None and (before.config, before.overrides) != made:
            known = f"config {before.config} with {json.dumps(before.overrides, ensure_ascii=False)}"
            what = f"holds figures of {known}: keep those of another learner under another name, or remove the file"
            raise InputError(what, where=str(path))
        said |= {"config": run.config, "overrides": run.changes}
    learner = before.model_copy(update={**parts, **said})
    write_result(path, learner)
    return learner


def kept_public(results: Path, name: str) -> dict[Any, Rate]:
    """Return what is kept of a learner on public sets."""
    path = results / f"{name}.json"
    return dict(read_result(path, Learner).public) if path.is_file() else {}


def measure_shipped(
    nlp: Language, train: Sequence[Notice], heldout: Sequence[Notice], *, n_boot: int = 1000, seed: int = 0
) -> Shipped:
    """Measure the model that ships.

    Raises
    ------
    ModelError
        When it does not say what it was made from, or makes no cases.
    """
    made_from = nlp.meta.get("tongbao")
    if not made_from:
        raise ModelError("the model does not say what it was made from: make it with `make model`")
    marked = [prediction.notice for prediction in predict(nlp, heldout)]
    assembled = [prediction.notice for prediction in predict_cases(nlp, heldout)]
    tallies = {
        "predicted": tally_links(pair_notices(heldout, marked)),
        "gold": tally_links(pair_notices(heldout, assembled)),
    }
    cases = tallies["predicted"].scores().cases
    return Shipped(
        model=model_name(nlp),
        made_from=made_from,
        train=size_of(train),
        heldout=size_of(heldout),
        figures=figures_of(heldout, marked, n_boot=n_boot, seed=seed, with_slices=True, known_names=names_of(train)),
        links={
            "predicted": rate_of(tallies["predicted"].links, n_boot=n_boot, seed=seed),
            "gold": rate_of(tallies["gold"].links, n_boot=n_boot, seed=seed),
        },
        subjects_found=cases.found,
        subjects=cases.gold,
        false_cases=cases.false,
    )
