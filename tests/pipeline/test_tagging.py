"""From notices to records: order, laziness, offsets, what is set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import tongbao.pipeline.load
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from stub_pipeline import POISON, WORDS, stub
from tongbao.corpus.errors import InputError, ModelError
from tongbao.corpus.notice import Notice
from tongbao.corpus.offsets import Edit, MappedText
from tongbao.pipeline import tagging
from tongbao.pipeline.rejects import Reject
from tongbao.pipeline.tagging import tag
from tongbao.pipeline.workers import run

TEXT = "镇长林某公车私用，受到党内警告处分；网格员周某受到诫勉谈话。"


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline: Language = stub()
    return pipeline


def notice(text: str, **fields: Any) -> Notice:
    return Notice(**{"id": "n1", "text": text, **fields})


def texts_of(record: dict[str, Any]) -> str:
    return str(record["text"])


def one(text: str | Notice, nlp: Language, **options: Any) -> dict[str, Any]:
    (tagged,) = tag([text], nlp=nlp, **options)
    return tagged.record()


def test_record(nlp: Language) -> None:
    meta = {"title": "通报一起典型问题", "date": "2021-08-20", "publisher": "", "form": "case_report"}
    record = one(notice(TEXT, source="inbox/a.md", meta=meta), nlp)
    assert list(record) == ["id", "source", "title", "date", "publisher", "text", "entities", "cases", "model"]
    assert record["id"] == "n1"
    assert record["source"] == "inbox/a.md"
    assert (record["title"], record["date"], record["publisher"]) == ("通报一起典型问题", "2021-08-20", None)
    assert record["text"] == TEXT
    assert record["model"] == "zh_stub-1.2.3"
    assert [entity["text"] for entity in record["entities"]] == [
        "镇长", "林某", "公车私用", "党内警告处分", "网格员", "周某", "诫勉谈话",
    ]  # fmt: skip
    assert record["entities"][1] == {
        "label": "OFFICIAL",
        "text": "林某",
        "start": 2,
        "end": 4,
        "source_start": 2,
        "source_end": 4,
        "score": 0.9877,
        "norm": None,
    }
    assert record["cases"][0] == {
        "official": "林某",
        "subject": "林某",
        "positions": [4],
        "violations": [2],
        "sanctions": [3],
        "date": "2021-08-20",
        "organ": None,
        "amounts": [],
        "stage": None,
        "scores": {"positions": [], "violations": [], "sanctions": []},
        "four_forms": None,
        "warnings": [],
    }
    json.dumps(record)


def test_offsets_lead_back_to_the_source(nlp: Language) -> None:
    source = "<b>镇长</b>林 (lín)某受到诫勉\n谈话。"
    edits = [Edit(0, 3), Edit(5, 9), Edit(10, 16), Edit(21, 22)]
    mapped = MappedText(source).edit(edits)
    record = one(notice(mapped.text, offsets=mapped), nlp)
    found = {entity["text"]: source[entity["source_start"] : entity["source_end"]] for entity in record["entities"]}
    assert found == {"镇长": "镇长", "林某": "林 (lín)某", "诫勉谈话": "诫勉\n谈话"}
    for entity in record["entities"]:
        assert record["text"][entity["start"] : entity["end"]] == entity["text"]


def test_plain_texts_and_notices_in_order(nlp: Language) -> None:
    tagged = list(tag([TEXT, notice("周某"), "林某"], nlp=nlp, batch_size=2))
    assert [each.record()["text"] for each in tagged] == [TEXT, "周某", "林某"]
    assert [each.record()["source"] for each in tagged] == [None] * 3
    assert len({each.record()["id"] for each in tagged}) == 3


def test_lazy(nlp: Language) -> None:
    taken = []

    def endless() -> Iterator[str]:
        number = 0
        while True:
            taken.append(number)
            yield f"第{number}号，林某"
            number += 1

    found = list(islice(tag(endless(), nlp=nlp, batch_size=4), 6))
    assert [each.notice.text for each in found] == [f"第{number}号，林某" for number in range(6)]
    assert len(taken) < 20


def test_several_processes_give_the_same(nlp: Language) -> None:
    texts = [f"{TEXT}第{number}号" for number in range(40)] + [POISON, "", "周某"]
    rejects: list[Reject] = []
    by_one = [each.record() for each in tag(texts, nlp=nlp, on_reject=rejects.append)]
    rejects_by_two: list[Reject] = []
    tagged = list(tag(texts, nlp=nlp, n_process=2, batch_size=3, on_reject=rejects_by_two.append))
    assert [each.record() for each in tagged] == by_one
    assert sorted(map(str, rejects_by_two)) == sorted(map(str, rejects))
    assert [span._.score for span in tagged[0].doc.ents] == [0.987654] * 7
    assert tagged[0].doc._.cases == tagged[0].cases


def test_several_processes_stop_with_the_caller(nlp: Language) -> None:
    tagged = tag((TEXT for _ in iter(int, 1)), nlp=nlp, n_process=2, batch_size=1)
    assert next(tagged).notice.text == TEXT
    tagged.close()  # type: ignore[attr-defined]


def test_doc_is_the_pipelines_own(nlp: Language) -> None:
    (tagged,) = tag([TEXT], nlp=nlp)
    assert tagged.doc is tagged.doc
    assert [span.text for span in tagged.doc.ents] == [TEXT[found.start : found.end] for found in tagged.entities]


def test_annotated_numbers_the_cases(nlp: Language) -> None:
    (tagged,) = tag([TEXT], nlp=nlp)
    assert [entity.cases for entity in tagged.annotated().entities] == [(), (1,), (1,), (1,), (1,), (2,), (2,)]


class TestLongTexts:
    @pytest.fixture
    def short_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tagging, "LONGEST", 40)

    @pytest.mark.usefixtures("short_pieces")
    @pytest.mark.parametrize("n_process", [1, 2])
    def test_offsets_and_cases_count_the_whole(self, nlp: Language, n_process: int) -> None:
        text = (TEXT + "\n") * 5
        (tagged, after) = tag([text, "周某"], nlp=nlp, n_process=n_process, batch_size=2)
        record = tagged.record()
        assert [entity["text"] for entity in record["entities"]] == [
            "镇长", "林某", "公车私用", "党内警告处分", "网格员", "周某", "诫勉谈话",
        ] * 5  # fmt: skip
        assert all(text[each["start"] : each["end"]] == each["text"] for each in record["entities"])
        assert [case["sanctions"] for case in record["cases"]] == [
            [3],
            [6],
            [10],
            [13],
            [17],
            [20],
            [24],
            [27],
            [31],
            [34],
        ]
        assert tagged.doc.text == tagged.notice.text
        assert tagged.doc._.cases == tagged.cases
        assert after.notice.text == "周某"

    @pytest.mark.usefixtures("short_pieces")
    def test_pieces_that_are_done_in_any_order(self, nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
        texts = [(TEXT + "\n") * number + "周某" for number in range(1, 6)]
        in_order = [each.record() for each in tag(texts, nlp=nlp)]

        def backwards(*arguments: Any, **options: Any) -> list[Any]:
            return list(run(*arguments, **options))[::-1]

        monkeypatch.setattr(tagging, "run", backwards)
        found = [each.record() for each in tag(texts, nlp=nlp, batch_size=2, ordered=False)]
        assert found != in_order
        assert sorted(found, key=texts_of) == sorted(in_order, key=texts_of)

    @pytest.mark.usefixtures("short_pieces")
    def test_one_piece_that_fails_sets_the_notice_aside(self, nlp: Language) -> None:
        rejects: list[Reject] = []
        texts = [(TEXT + "\n") * 3 + POISON, "周某"]
        assert [each.notice.text for each in tag(texts, nlp=nlp, on_reject=rejects.append)] == ["周某"]
        assert len(rejects) == 1

    def test_longer_than_spacy_takes(self, nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nlp, "max_length", 50)
        record = one((TEXT + "\n") * 4, nlp)
        assert len(record["entities"]) == 28


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([*WORDS, "，", "。", "\n", "受到", "𠮷", "a", " "]), min_size=1, max_size=80),
    st.integers(8, 30),
)
def test_offsets_of_any_text_in_pieces(words: list[str], longest: int) -> None:
    text = "".join(words)
    nlp = stub()
    nlp.max_length = longest
    for tagged in tag([notice(text)], nlp=nlp):
        for entity in tagged.entities:
            assert WORDS[text[entity.start : entity.end]] == entity.label


class TestSetAside:
    def test_a_component_that_fails(self, nlp: Language) -> None:
        rejects: list[Reject] = []
        notices = [notice("周某"), notice(POISON, id="n2", source="a.jsonl"), notice("林某")]
        found = [each.notice.text for each in tag(notices, nlp=nlp, on_reject=rejects.append)]
        assert found == ["周某", "林某"]
        assert rejects == [Reject("a.jsonl", "a.jsonl: notice n2", "the model fails on it (ValueError: poison)")]

    def test_an_empty_text(self, nlp: Language) -> None:
        rejects: list[Reject] = []
        assert [each.notice.text for each in tag(["周某", " \n", "林某"], nlp=nlp, on_reject=rejects.append)] == [
            "周某",
            "林某",
        ]
        assert [reject.where for reject in rejects] == ["text 2"]

    def test_logged_by_default(self, nlp: Language, caplog: pytest.LogCaptureFixture) -> None:
        assert list(tag([POISON], nlp=nlp)) == []
        assert "the model fails on it" in caplog.text

    def test_half_a_character(self, nlp: Language) -> None:
        rejects: list[Reject] = []
        assert len(list(tag(["林某\ud800", "周某"], nlp=nlp, on_reject=rejects.append))) == 1
        assert len(rejects) == 1

    def test_a_model_that_is_not_fit_for_use_is_an_error(self) -> None:
        nlp = stub()
        nlp.add_pipe("tongbao.crf_ner")
        with pytest.raises(ModelError, match="not fitted"):
            list(tag([TEXT], nlp=nlp))


@pytest.mark.parametrize(
    ("notices", "options", "message"),
    [
        ("林某受到警告。", {}, r"not one str: tag\(\[text\]\)"),
        (Path("inbox"), {}, "not one Path|not one PosixPath|not one WindowsPath"),
        (notice("林某"), {}, "not one Notice"),
        (None, {}, "not NoneType"),
        ([], {"n_process": 0}, "start at 1"),
        ([], {"batch_size": -3}, "not -3"),
        ([], {"model": "model-best"}, "not both"),
    ],
)
def test_wrong_calls_fail_at_once(nlp: Language, notices: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        tag(notices, nlp=nlp, **options)


@pytest.mark.parametrize(
    ("item", "message"), [(1, "item 1 is int"), (Path("a.md"), r"use read\(path\)"), (None, "NoneType")]
)
def test_wrong_items(nlp: Language, item: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(tag([item], nlp=nlp))


def test_loads_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def fake_load(path: object) -> Language:
        asked.append(path)
        pipeline: Language = stub()
        return pipeline

    monkeypatch.setattr(tongbao.pipeline.load, "load", fake_load)
    list(tag([TEXT]))
    list(tag([TEXT], model="model-best"))
    assert asked == [None, "model-best"]


def test_a_tokenizer_that_loses_characters() -> None:
    nlp = stub()
    make_doc = nlp.tokenizer
    nlp.tokenizer = lambda text: make_doc(text.replace(" ", ""))
    rejects: list[Reject] = []
    assert [each.notice.text for each in tag(["林 某", "周某"], nlp=nlp, on_reject=rejects.append)] == ["周某"]
    assert "changes the length" in rejects[0].reason
