"""The n-gram embedding: what each column sees, and that spaCy's recogniser learns over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from thinc.api import fix_random_seed
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import parse
from tongbao.pipeline.ngram_embed import LEXICON, NGRAMS, char_ngrams, create_char_ngram_embed

ROWS = [50, 60, 60, 60, 20, 20, 20]
NOTICES = (
    "经研究，给予[青石镇镇长](POSITION)[林一舟](OFFICIAL)[党内警告处分](SANCTION)。",
    "[白沙村会计](POSITION)[周小川](OFFICIAL)[虚报种植亩数](VIOLATION)，受到[政务记过处分](SANCTION)。",
)


def doc_of(text: str) -> Doc:
    return spacy.blank("zh").make_doc(text)


def column(text: str, name: str) -> list[int]:
    return [int(key) for key in char_ngrams(doc_of(text))[:, (*NGRAMS, *LEXICON).index(name)]]


@pytest.mark.parametrize("text", ["", "甲", "甲 乙\n\n丙", "𠮷某2021年A"])
@pytest.mark.parametrize("lexicons", [True, False])
def test_one_row_a_token(text: str, lexicons: bool) -> None:
    doc = doc_of(text)
    count = len(NGRAMS) + lexicons * len(LEXICON)
    assert char_ngrams(doc, lexicons=lexicons).shape == (len(doc), count)
    embed = create_char_ngram_embed(width=8, rows=ROWS[:count], lexicons=lexicons)
    embed.initialize()
    (found,) = embed.predict([doc])
    assert found.shape == (len(doc), 8)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_any_text_has_a_row_a_token(text: str) -> None:
    doc = doc_of(text)
    assert len(char_ngrams(doc)) == len(doc)


@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("character", "乙甲丙", "乙丁丙"),
        ("left bigram", "乙甲丁", "丁甲丙"),
        ("right bigram", "丁甲丙", "乙甲丁"),
        ("trigram", "乙甲丙", "乙甲丁"),
        ("kinds", "丁戊己", "乙1丙"),
    ],
)
def test_a_column_sees_its_ngram_and_nothing_else(name: str, same: str, other: str) -> None:
    here = column("乙甲丙", name)[1]
    assert column(same, name)[1] == here
    assert column(other, name)[1] != here


def test_digits_are_one_in_ngrams_and_apart_as_characters() -> None:
    assert column("罚12元", "trigram")[1] == column("罚34元", "trigram")[1]
    assert column("罚12元", "character")[1] != column("罚34元", "character")[1]


def test_traditional_and_simplified_characters_are_one() -> None:
    assert (char_ngrams(doc_of("黨內警告處分")) == char_ngrams(doc_of("党内警告处分"))).all()


def test_words_of_the_lexicons_are_seen_by_their_places() -> None:
    begin, *_, end = column("受到党内警告处分", "words")[2:]
    assert len({begin, end, column("甲乙丙", "words")[1]}) == 3
    assert column("王甲", "name")[0] != column("的甲", "name")[0]


def test_a_token_of_several_characters_is_seen_by_its_first() -> None:
    nlp = spacy.blank("zh")
    words = Doc(nlp.vocab, words=["镇长", "林某"], spaces=[False, False])
    assert (char_ngrams(words) == char_ngrams(doc_of("镇长林某"))[[0, 2]]).all()


@pytest.mark.parametrize("rows", [[], ROWS[:-1], [*ROWS, 5], [*ROWS[:-1], 0]])
def test_a_table_without_rows_is_named(rows: list[int]) -> None:
    with pytest.raises(ModelError, match="rows has to give 7 numbers"):
        create_char_ngram_embed(width=8, rows=rows)


def test_every_table_gets_a_gradient() -> None:
    embed = create_char_ngram_embed(width=8, rows=ROWS)
    embed.initialize()
    (found,), backprop = embed.begin_update([doc_of("林一舟受到警告处分")])
    backprop([np.ones_like(found)])
    tables = [node for node in embed.walk() if node.name == "hashembed"]
    assert len(tables) == len(ROWS)
    assert all(np.abs(table.get_grad("E")).sum() > 0 for table in tables)


def pipeline() -> tuple[Language, list[Example]]:
    """Make a small recogniser over the layer, and two notices to learn."""
    model: dict[str, Any] = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {"@architectures": "tongbao.CharNgramEmbed.v1", "width": 64, "rows": ROWS},
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 64,
                "depth": 2,
                "window_size": 1,
                "maxout_pieces": 3,
            },
        },
    }
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner", config={"model": model})
    examples = []
    for body in NOTICES:
        gold = parse(f"# id: x\n\n{body}")
        spans = [(entity.start, entity.end, entity.label) for entity in gold.entities]
        examples.append(Example.from_dict(nlp.make_doc(gold.text), {"entities": spans}))
    return nlp, examples


def test_spacys_recogniser_learns_over_it_and_comes_back_from_disk(tmp_path: Path) -> None:
    nlp, examples = pipeline()
    fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.004
    # The loss goes up and down while the parser tries moves of its own, so its end is looked at.
    losses = [nlp.update(examples, sgd=optimizer)["ner"] for _ in range(100)]
    assert max(losses[-3:]) < losses[0] / 10
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    for example in examples:
        text = example.reference.text
        found = [(span.text, span.label_) for span in again(text).ents]
        assert found == [(span.text, span.label_) for span in nlp(text).ents]
        assert found == [(span.text, span.label_) for span in example.reference.ents]
    assert again.to_bytes() == nlp.to_bytes()


def test_spacy_finds_it_by_its_entry_point() -> None:
    assert registry.architectures.get("tongbao.CharNgramEmbed.v1") is create_char_ngram_embed
