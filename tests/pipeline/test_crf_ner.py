"""The recogniser as a spaCy component: fitted, saved, loaded and used the way spaCy users do."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import parse
from tongbao.training.reader import example

SENTENCES = (
    "[城东镇镇长](POSITION 1)[李大年](OFFICIAL 1)因[公车私用](VIOLATION 1)受到[党内警告处分](SANCTION 1)。",
    "[河口乡书记](POSITION 1)[王小满](OFFICIAL 1)因[公款吃喝](VIOLATION 1)受到[党内警告处分](SANCTION 1)。",
    "[北山村会计](POSITION 1)[张向阳](OFFICIAL 1)因[截留补贴](VIOLATION 1)受到[开除党籍处分](SANCTION 1)。",
    "[县水利局局长](POSITION 1)[赵和平](OFFICIAL 1)因[公款旅游](VIOLATION 1)受到[政务记过处分](SANCTION 1)。",
    "[市教育局科长](POSITION 1)[陈解放](OFFICIAL 1)因[收受礼金](VIOLATION 1)受到[政务记过处分](SANCTION 1)。",
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("zh")
    fit = {"epochs": 40, "alpha": 0.3, "min_count": 1, "dropout": 0.0}
    nlp.add_pipe("tongbao.crf_ner", name="ner", config={"fit": fit})
    notices = [parse(f"# id: s{i}\n\n{text}") for i, text in enumerate(SENTENCES)]
    nlp.initialize(lambda: [example(nlp, notice) for notice in notices])
    return nlp


def found(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.ents]


def test_labels_come_from_the_examples(nlp: Language) -> None:
    assert nlp.get_pipe("ner").labels == ("OFFICIAL", "POSITION", "SANCTION", "VIOLATION")  # type: ignore[attr-defined]


def test_marks_what_it_learned_on_names_it_never_saw(nlp: Language) -> None:
    doc = nlp("城东镇镇长周建国因公车私用受到党内警告处分。")
    assert found(doc) == [
        ("城东镇镇长", "POSITION"),
        ("周建国", "OFFICIAL"),
        ("公车私用", "VIOLATION"),
        ("党内警告处分", "SANCTION"),
    ]
    assert all(0.5 < span._.score <= 1 for span in doc.ents)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("城東鎮鎮長李大年因公車私用受到黨內警告處分。", "李大年"),
        ("经研究，城东镇镇长李大年因公车私用受到党\n内警告处分。", "李大年"),
        ("城东镇镇长李大年因公车私用(yòng)受到党(dǎng)内警告处分(fèn)。", "李大年"),
        ("城东镇镇长李大年因公车私用受到党内警告处分.", "李大年"),
    ],
)
def test_spans_stand_in_the_text_as_it_is(nlp: Language, text: str, name: str) -> None:
    doc = nlp(text)
    assert (name, "OFFICIAL") in found(doc)
    assert doc.text == text
    assert len(doc.ents) == 4


@pytest.mark.parametrize("text", ["", "\n", "　", "。", "a", "𠮷", "😀", "，，，"])
def test_odd_texts_pass(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_pipe_gives_what_single_calls_give_in_order(nlp: Language) -> None:
    text = "城东镇镇长李大年因公车私用受到党内警告处分。"
    texts = [variant for unit in "镇县市" for variant in (text.replace("镇", unit), "")]
    together = list(nlp.pipe(texts, batch_size=2))
    assert [doc.text for doc in together] == texts
    assert [found(doc) for doc in together] == [found(nlp(text)) for text in texts]


def test_disk_and_bytes_round_trip(nlp: Language, tmp_path: Path) -> None:
    text = "河口乡书记钱七因公款吃喝受到党内警告处分。"
    nlp.to_disk(tmp_path / "model")
    from_disk = spacy.load(tmp_path / "model")
    from_bytes = spacy.blank("zh")
    from_bytes.add_pipe("tongbao.crf_ner", name="ner")
    from_bytes.from_bytes(nlp.to_bytes())
    assert found(from_disk(text)) == found(from_bytes(text)) == found(nlp(text))
    scores = [[span._.score for span in pipeline(text).ents] for pipeline in (from_disk, nlp)]
    assert scores[0] == pytest.approx(scores[1], abs=0.02)


def test_no_file_of_a_model_is_a_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".pkl", ".pickle"}]


def test_habits_of_spacy_users_hold(nlp: Language) -> None:
    from spacy import displacy

    text = "城东镇镇长李大年因公车私用受到党内警告处分。"
    with nlp.select_pipes(disable=["ner"]):
        assert not nlp(text).ents
    doc = nlp(text)
    assert "OFFICIAL" in displacy.render(doc, style="ent", jupyter=False)
    (back,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert found(back) == found(doc)
    scores = nlp.evaluate([example(nlp, parse(f"# id: s\n\n{SENTENCES[0]}"))])
    assert scores["ents_f"] == 1.0


def test_calling_before_the_fit_says_what_to_do() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("tongbao.crf_ner", name="ner")
    with pytest.raises(ModelError, match="tongbao train"):
        nlp("李某")


@pytest.mark.parametrize("config", [{"features": {"magic": True}}, {"fit": {"magic": 1}}])
def test_unknown_options_are_named(config: dict[str, dict[str, object]]) -> None:
    nlp = spacy.blank("zh")
    notices = [parse(f"# id: s\n\n{SENTENCES[0]}")]
    with pytest.raises(ModelError, match="magic"):
        nlp.add_pipe("tongbao.crf_ner", name="ner", config=config)
        nlp.initialize(lambda: [example(nlp, notice) for notice in notices])


def test_a_model_folder_without_weights_is_named(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    (tmp_path / "ner" / "crf.npz").unlink()
    with pytest.raises(ModelError, match="no CRF model here"):
        spacy.load(tmp_path)
