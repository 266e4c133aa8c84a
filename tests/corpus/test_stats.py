"""What a corpus covers, counted and written into its README."""

from __future__ import annotations

from pathlib import Path

import pytest
from tongbao.corpus import traits
from tongbao.corpus.errors import InputError
from tongbao.corpus.folder import TRAIN, read_gold
from tongbao.corpus.stats import BEGIN, END, stats, write_table

from .notice_samples import SHARED_VIOLATION, notice

README = TRAIN.parent / "README.md"


def test_a_small_corpus_is_counted() -> None:
    second = notice(
        "2019年3月，[欧阳\n明](OFFICIAL 1)、[老周](OFFICIAL)在湖南。[欧阳明](OFFICIAL 1)", form="feature-noise"
    )
    found = stats([SHARED_VIOLATION, second])
    assert (found.notices, found.cases) == (2, 3)
    assert found.characters == len(SHARED_VIOLATION.text) + len("2019年3月，欧阳明、老周在湖南。欧阳明")
    assert found.spans == {"OFFICIAL": 5, "POSITION": 3, "SANCTION": 2, "VIOLATION": 1}
    assert found.cases_per_notice == {"1": 1, "2": 1}
    assert found.forms == {"brief": 1, "feature": 1}
    assert found.eras == {"2018 to 2019": 1, "no year": 1}
    assert found.provinces == {"湖南": 1}
    assert found.names == {"masked": 2, "compound surname": 1, "nickname": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("无年份", "no year"),
        ("1998年", "before 2013"),
        ("2013年、2017年", "2013 to 2017"),
        ("2017年至2018年", "2018 to 2019"),
        ("2022年", "2020 to 2022"),
        ("2024年", "2023 and later"),
        ("编号12019年", "no year"),
    ],
)
def test_eras(text: str, expected: str) -> None:
    assert traits.era(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("縣紀委書記", "traditional"), ("县纪委书记", "simplified"), ("", "simplified")]
)
def test_scripts(text: str, expected: str) -> None:
    assert traits.script(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("干净的文字，没有噪声。\n\n下一段。\n再一段。", []),
        ("甲,乙,丙", ["half-width punctuation"]),
        ("只有一个,不算", []),
        ("甲\n乙，\n丙", ["hard line breaks"]),
        ("甲 乙 丙", ["spaces between characters"]),
        ("監(jiān)督(dū)", ["pinyin in brackets"]),
        ("甲&nbsp;乙<br/>", ["HTML leftovers"]),
        ("|甲|乙|", ["tables of pipes or tabs"]),
        ("１２人，３人", ["full-width digits"]),
    ],
)
def test_noise(text: str, expected: list[str]) -> None:
    assert traits.noise(text) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("林某", "masked"),
        ("邹××", "masked"),
        ("老周", "nickname"),
        ("欧阳明", "compound surname"),
        ("欧阳", "surname and one character"),
        ("库尔班·艾力", "four characters and more"),
        ("邬德海", "surname and two characters"),
        ("邬海", "surname and one character"),
        ("海", "other"),
    ],
)
def test_name_kinds(name: str, kind: str) -> None:
    assert traits.name_kind(name) == kind


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "under 1"), (1, "1"), (2, "2 to 4"), (4, "2 to 4"), (5, "5 or more"), (99, "5 or more")],
)
def test_buckets(number: int, expected: str) -> None:
    assert traits.bucket(number, (1, 2, 5)) == expected


def test_many_forms_are_summed_up() -> None:
    found = stats(notice("文。", notice_id=f"n{index}", form=f"f{index:02}") for index in range(20))
    assert "f14: 1; 5 other forms: 5 |" in found.as_markdown()


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n\n{BEGIN}\nstale\n{END}\n\nafter\n", encoding="utf-8")
    found = stats([SHARED_VIOLATION])
    assert write_table(readme, found)
    assert readme.read_text(encoding="utf-8") == f"before\n\n{BEGIN}\n{found.as_markdown()}\n{END}\n\nafter\n"
    assert not write_table(readme, found)


@pytest.mark.parametrize("content", ["", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_a_readme_without_its_marks_is_refused(tmp_path: Path, content: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="once each"):
        write_table(readme, stats([]))
    with pytest.raises(InputError, match="cannot be read"):
        write_table(tmp_path / "none.md", stats([]))


def test_the_readme_of_the_corpus_is_fresh() -> None:
    table = stats(read_gold(TRAIN)).as_markdown()
    assert f"{BEGIN}\n{table}\n{END}" in README.read_text(encoding="utf-8"), (
        "stale: run `tongbao corpus stats --write corpus/README.md`"
    )
