"""Columns of feature keys."""

import numpy as np
import pytest
from tongbao.pipeline import templates
from tongbao.pipeline.features import extract
from tongbao.pipeline.templates import Columns

TEXT = "2021年3月，镇政府原副镇长林某因违规收受礼金，受到党内警告处分。\n"


def test_at_looks_left_and_right_and_knows_the_ends() -> None:
    columns = Columns("甲乙丙")
    values = np.array([1, 2, 3])
    assert [columns.at(values, offset).tolist() for offset in (-3, -1, 0, 1, 2)] == [
        [-1, -1, -1],
        [-1, 1, 2],
        [1, 2, 3],
        [2, 3, -1],
        [3, -1, -1],
    ]


def test_a_key_tells_the_template_and_its_parts_apart() -> None:
    columns = Columns("甲乙甲")
    columns.add(columns.raw)
    columns.add(columns.raw, columns.types)
    columns.add(columns.raw)
    keys = columns.keys()
    assert keys.shape == (3, 3)
    assert keys.all()
    assert keys[0].tolist() == keys[2].tolist() != keys[1].tolist()
    assert len(set(keys.ravel().tolist())) == 6


@pytest.mark.parametrize("at_once", [1, 100, 1 << 20])
def test_keys_do_not_depend_on_how_many_are_hashed_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = extract(TEXT * 3)
    monkeypatch.setattr(templates, "_AT_ONCE", at_once)
    assert np.array_equal(extract(TEXT * 3), usual)
