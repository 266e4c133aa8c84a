"""Hashed embeddings of the character n-grams around each token, for spaCy's own neural components."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d

from ..corpus.errors import ModelError
from .facts import LexiconFacts
from .normalize import normalize
from .templates import Columns, Ints, Keys

NGRAMS = ("character", "left bigram", "right bigram", "trigram", "kinds")
"""What the first columns of `char_ngrams` hash: the character, with its neighbours, and the kinds of all three."""
LEXICON = ("name", "words")
"""The columns that follow with ``lexicons``: letters of names, and the lists whose words cover the character."""

_LISTS = ("place", "body", "post", "measure", "blame")


@registry.architectures("tongbao.CharNgramEmbed.v1")  # type: ignore[untyped-decorator]
def create_char_ngram_embed(width: int, rows: list[int], lexicons: bool = True) -> Model[list[Doc], list[Floats2d]]:
    """Make an embedding layer, as ``embed`` of ``spacy.Tok2Vec.v2``.

    Parameters
    ----------
    width
        Of the output and of each table.
    rows
        Of the tables, one for each of `NGRAMS` and, with ``lexicons``, of `LEXICON`.
    lexicons
        Whether to look words up in the word lists of the field.

    Returns
    -------
    A layer from documents to one array each, of shape ``(tokens, width)``.

    Raises
    ------
    ModelError
        When ``rows`` has not one number above 0 for each table.
    """
    names = (*NGRAMS, *LEXICON) if lexicons else NGRAMS
    if len(rows) != len(names) or min(rows) < 1:
        what = f"rows has to give {len(names)} numbers above 0, for {', '.join(names)}; it gives {rows}"
        raise ModelError(what, where="tongbao.CharNgramEmbed.v1")
    # Each table has a seed of its own, lest all tables have their collisions at the same keys.
    tables: list[Model[Ints2d, Floats2d]] = [
        HashEmbed(width, count, column=index, seed=index + 1) for index, count in enumerate(rows)
    ]
    keys: Model[list[Doc], list[Ints2d]] = Model("char_ngrams", _forward, attrs={"lexicons": lexicons})
    mix: Model[Any, Any] = with_array(Maxout(width, width * len(tables), nP=3, dropout=0.0, normalize=True))
    embed: Model[list[Doc], list[Floats2d]] = chain(
        keys, list2ragged(), with_array(concatenate(*tables)), mix, ragged2list()
    )
    return embed


def char_ngrams(doc: Doc, *, lexicons: bool = True) -> Keys:
    """Hash the n-grams around the first character of each token; with the character tokenizer that is all of it.

    The text is read in one writing (see `normalize`); in n-grams all digits are one and all Latin letters are one.

    Returns
    -------
    Keys of shape ``(tokens, columns)``, the same in every process.
    """
    count = len(NGRAMS) + (len(LEXICON) if lexicons else 0)
    if len(doc) == 0:
        return np.zeros((0, count), dtype=np.uint64)
    text = normalize(doc.text)
    columns = Columns(text)
    left, here, right = (columns.at(columns.folded, offset) for offset in (-1, 0, 1))
    columns.add(columns.raw)
    columns.add(left, here)
    columns.add(here, right)
    columns.add(left, here, right)
    columns.add(*(columns.at(columns.types, offset) for offset in (-1, 0, 1)))
    if lexicons:
        facts = LexiconFacts.of(text)
        columns.add(facts.surname, facts.given, _place(facts.tags["surname"]))
        columns.add(*(_place(facts.tags[name]) for name in _LISTS))
    starts: Ints = doc.to_array("IDX").astype(np.int64)
    return columns.keys()[starts]


def _place(tags: Ints) -> Ints:
    """Return the place in the covering word: 0 none, 1 its begin, 2 inside, 3 its end, 4 a word of one character."""
    return np.where(tags > 0, tags % 4 + 1, 0)


def _forward(
    model: Model[list[Doc], list[Ints2d]],
    docs: list[Doc],
    is_train: bool,  # noqa: ARG001  (part of thinc's protocol)
) -> tuple[list[Ints2d], Callable[[Any], list[Doc]]]:
    lexicons = model.attrs["lexicons"]
    keys: list[Any] = [char_ngrams(doc, lexicons=lexicons) for doc in docs]
    return [model.ops.asarray2i(each, dtype="uint64") for each in keys], lambda _: []
