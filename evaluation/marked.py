"""What is held against gold: a model that marks its texts now, or notices that a model has marked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from ..corpus.convert import format_of, write_gold
from ..corpus.folder import read_gold
from ..corpus.notice import Notice
from ..pipeline.load import model_name
from .comparison import Comparison, compare
from .evaluate import Prediction, makes_cases, marked_already, predict
from .negatives import is_ours


@dataclass(frozen=True, slots=True)
class Marked:
    """What a model made of gold notices.

    Parameters
    ----------
    name
        Of the model, or where its marked notices lie.
    predictions
        One a notice.
    has_cases
        Whether the model makes cases.
    """

    name: str
    predictions: tuple[Prediction, ...]
    has_cases: bool

    @property
    def notices(self) -> list[Notice]:
        """The notices as the model marked them."""
        return [prediction.notice for prediction in self.predictions]


def load_for(model: Path | None, gold: Sequence[Notice]) -> Language:
    """Load a model that is to mark these notices; None is the shipped one.

    Raises
    ------
    ModelError
        When there is no such model.
    """
    from .. import load

    # Gold with labels of others is for a model that learned them.
    return load() if model is None else load(model) if is_ours(gold) else load(model, any_labels=True)


def mark(model: Path | None, gold: Sequence[Notice]) -> Marked:
    """Let a model mark gold notices; None is the shipped one.

    Raises
    ------
    ModelError
        When there is no such model, or it changes a text.
    """
    nlp = load_for(model, gold)
    return Marked(model_name(nlp), tuple(predict(nlp, gold)), makes_cases(nlp))


def read_marked(path: Path) -> Marked:
    """Read notices that a model has marked, as `keep_marked` and ``tongbao train --folds`` write them.

    Raises
    ------
    AnnotationError
        When they cannot be read.
    """
    notices = read_gold(path)
    # Notices of cross-validation are marked without their cases; there is nothing to score of links then.
    has_cases = any(entity.cases for notice in notices for entity in notice.entities)
    return Marked(str(path), tuple(marked_already(notices)), has_cases)


def mark_or_read(path: Path, gold: Sequence[Notice]) -> Marked:
    """Take a path for a model's where it holds a config, and for that of marked notices elsewhere."""
    is_model = (path / "config.cfg").is_file() or not path.exists()
    return mark(path, gold) if is_model else read_marked(path)


def compare_marked(
    gold: Sequence[Notice], ours: Marked, theirs: Marked, *, n_boot: int = 1000, seed: int = 0
) -> Comparison:
    """Compare what two models made of gold notices; the parameters are as of `comparison.compare`."""
    return compare(
        gold,
        ours.notices,
        theirs.notices,
        other=theirs.name,
        with_links=ours.has_cases and theirs.has_cases,
        n_boot=n_boot,
        seed=seed,
    )


def keep_marked(marked: Marked, path: Path) -> None:
    """Write what was marked as gold is written: a folder, or a file by its ending (``.jsonl``, ``.spacy``).

    Raises
    ------
    InputError
        When the ending means no format, or nothing can be written there.
    AnnotationError
        When a notice has no form in this format.
    """
    write_gold(marked.notices, path, to=format_of(path))
