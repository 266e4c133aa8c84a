"""A spaCy corpus reader for folders of gold notices."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

from sklearn.model_selection import GroupKFold, KFold
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from ..corpus.folder import read_gold, refuse_heldout
from ..corpus.notice import Notice

Augmenter = Callable[[Notice], Iterator[Notice]]
Part = Literal["train", "dev", "all"]
GOLD_CASES = "tongbao.cases"
"""Key of ``doc.user_data``: one tuple of case numbers for each of ``doc.ents``."""
NOTICE_ID = "tongbao.id"
"""Key of ``doc.user_data``: the id of the notice."""


@registry.readers("tongbao.Corpus.v1")  # type: ignore[untyped-decorator]
def create_corpus_reader(
    path: str | Path,
    part: Part = "all",
    seed: int = 0,
    share: float = 0.1,
    folds: int = 0,
    fold: int = 0,
    grouped: bool = True,
    augmenter: Augmenter | None = None,
) -> Callable[[Language], Iterator[Example]]:
    """Make a reader of gold notices that a model learns from or is selected on.

    Parameters
    ----------
    path
        A folder of notices in the inline form, or a file that `corpus.folder.read_gold` reads.
    part
        ``dev`` for the notices set apart for model selection, ``train`` for the others, ``all`` for both.
    seed, share
        Which notices are set apart: a hash of seed and id, below ``share``.
    folds, fold
        With ``folds`` above 0, ``dev`` is fold number ``fold`` (from 0) instead, see `split`.
    grouped
        Whether all notices of one hand are in the same fold.
    augmenter
        Gives further variants of each notice, which follow it.

    Raises
    ------
    AnnotationError
        When a file is broken, or the path holds held-out notices.
    """

    def read(nlp: Language) -> Iterator[Example]:
        notices = read_gold(Path(path))
        refuse_heldout(notices)
        for notice in split(notices, part=part, seed=seed, share=share, folds=folds, fold=fold, grouped=grouped):
            yield example(nlp, notice)
            if augmenter is not None:
                for variant in augmenter(notice):
                    yield example(nlp, variant)

    return read


def split(
    notices: Sequence[Notice],
    *,
    part: Part,
    seed: int = 0,
    share: float = 0.1,
    folds: int = 0,
    fold: int = 0,
    grouped: bool = True,
) -> list[Notice]:
    """Choose the notices of a part.

    Without folds, a notice is in ``dev`` by a hash of its id and the seed alone. With folds, all notices of one hand
    (the part of the id before ``_``) are in the same fold (scikit-learn's ``GroupKFold``), which tells how a model does
    on writers it has not read; with ``grouped=False`` they are dealt out by chance (``KFold``, shuffled by the seed).
    """
    if part == "all":
        return list(notices)
    if folds:
        if grouped:
            dealt = GroupKFold(folds).split(notices, groups=[notice.id.split("_")[0] for notice in notices])
        else:
            dealt = KFold(folds, shuffle=True, random_state=seed).split(notices)
        *_, (_, chosen) = islice(dealt, fold + 1)
        dev = {notices[index].id for index in chosen}
    else:
        dev = {n.id for n in notices if zlib.crc32(f"{seed}/{n.id}".encode()) < share * 2**32}
    return [notice for notice in notices if (notice.id in dev) == (part == "dev")]


def example(nlp: Language, notice: Notice) -> Example:
    """Make an example: the bare text, and the text with the notice's entities and case numbers.

    Entities whose edges are no token edges are left out; with the character tokenizer there is none
    (`tongbao corpus check --tokenizer` lists them for the others).
    """
    reference = nlp.make_doc(notice.text)
    spans = []
    numbers = []
    for entity in notice.entities:
        span = reference.char_span(entity.start, entity.end, label=entity.label)
        if span is not None:
            spans.append(span)
            numbers.append(entity.cases)
    reference.set_ents(spans)
    reference.user_data[GOLD_CASES] = numbers
    reference.user_data[NOTICE_ID] = notice.id
    words = [token.text for token in reference]
    spaces = [bool(token.whitespace_) for token in reference]
    return Example(Doc(nlp.vocab, words=words, spaces=spaces), reference)
