"""Data frames: one row out for each row in, whatever is in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pandas as pd
import pyarrow as arrow
import pytest
import tongbao
import tongbao.pipeline.load
from spacy.language import Language
from stub_pipeline import POISON, stub
from tongbao.corpus.errors import InputError, ModelError
from tongbao.pipeline import extra, frames
from tongbao.pipeline.columns import arrow_schema, column_values

TEXT = "镇长林某公车私用，受到党内警告处分；网格员周某受到诫勉谈话。"


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | None]]:
    asked: list[str | None] = []

    def load(path: str | None) -> Language:
        asked.append(path)
        nlp: Language = stub()
        return nlp

    monkeypatch.setattr(tongbao.pipeline.load, "load", load)
    frames._pipeline.cache_clear()
    yield asked
    frames._pipeline.cache_clear()


def test_the_rows_are_the_records() -> None:
    day = datetime.date(2021, 8, 20)
    given = pd.DataFrame({"id": ["a", "b"], "text": [TEXT, "周某"], "title": ["通报", None], "date": [day, None]})
    (found,) = tongbao.tag_frames([given])
    first, second = found.to_dict("records")
    assert (first["id"], first["title"], first["date"], first["source"]) == ("a", "通报", "2021-08-20", None)
    assert [entity["text"] for entity in first["entities"]][:2] == ["镇长", "林某"]
    assert (second["id"], second["title"], second["date"], second["reject"]) == ("b", None, None, None)
    record = {**first, "id": None}
    del record["reject"]
    (tagged,) = tongbao.tag([TEXT])
    assert record == {**column_values(tagged), "id": None, "title": "通报", "date": "2021-08-20"}
    assert arrow.Table.from_pylist([first], schema=arrow_schema()).num_rows == 1


def test_a_bad_row_is_a_row_with_a_reason() -> None:
    texts = [TEXT, None, "", float("nan"), 7, POISON, "\ud800", "<p></p>", b"\xff", TEXT.encode(), ["林某"], "周某"]
    given = pd.DataFrame({"id": [f"n{number}" for number in range(len(texts))], "text": texts})
    (found,) = tongbao.tag_frames([given])
    assert list(found["id"]) == list(given["id"])
    done = found["reject"].isna()
    assert list(found["id"][done]) == ["n0", "n9", "n11"]
    assert found["text"][~done].isna().all()
    assert found["reject"][1] == "n1: the 'text' is empty"
    assert found["reject"][5] == "notice n5: the model fails on it (ValueError: poison)"


def test_rows_without_ids() -> None:
    parts = [pd.DataFrame({"text": [TEXT, None]}), pd.DataFrame({"text": []}), pd.DataFrame({"text": [None]})]
    first, second = tongbao.tag_frames(parts)
    assert list(first["reject"]) == [None, "row 2: the 'text' is empty"]
    assert list(second["reject"]) == ["row 3: the 'text' is empty"]
    assert first["id"][0]


def test_lazy_and_in_small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_ROWS", 3)
    taken: list[int] = []

    def endless() -> Iterator[pd.DataFrame]:
        while True:
            taken.append(len(taken))
            yield pd.DataFrame({"text": [f"第{number}号" for number in range(7)]}, index=range(10, 17))

    found = tongbao.tag_frames(endless())
    assert [len(next(found)) for _ in range(4)] == [3, 3, 1, 3]
    assert len(taken) == 2


def test_the_model_is_loaded_once_a_process(loaded: list[str | None]) -> None:
    given = [pd.DataFrame({"文": [TEXT]})]
    for _ in range(3):
        assert len(list(tongbao.tag_frames(given, model="mine", text_field="文"))) == 1
    assert loaded == ["mine"]


def test_no_such_column() -> None:
    with pytest.raises(InputError, match="no column 'text'; it has body, id"):
        list(tongbao.tag_frames([pd.DataFrame({"body": [TEXT], "id": ["a"]})]))


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"tongbao\[spark\]"):
        next(tongbao.tag_frames([]))


def test_the_schema_names_the_columns_of_spark() -> None:
    schema = tongbao.frame_schema()
    assert schema.startswith("`id` string, `source` string, ")
    assert "`entities` array<struct<`label`: string, `text`: string, `start`: bigint, " in schema
    assert "`scores`: struct<`positions`: array<double>, " in schema
    assert schema.endswith("`model` string, `reject` string")
