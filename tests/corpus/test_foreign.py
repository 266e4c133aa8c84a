"""Sets of others: their labels reach a DocBin, what is broken is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.agreement import agreement
from tongbao.corpus.check import check
from tongbao.corpus.cli import app
from tongbao.corpus.docbin import read_docbin
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import read_gold
from tongbao.corpus.foreign import is_foreign, labels_of, read_foreign, refuse_foreign
from tongbao.corpus.notice import Notice
from tongbao.corpus.stats import stats
from typer.testing import CliRunner

BMES = "邬 B-NAME\n德 M-NAME\n海 E-NAME\n任 O\n\n甲 S-ORG\n院 B-TITLE\n长 E-TITLE\n。 O\n"
BIOES = "邬 B-NAME\n德 I-NAME\n海 E-NAME\n任 O\n\n甲 S-ORG\n院 B-TITLE\n长 E-TITLE\n。 O\n"
BIO = "邬 B-NAME\n德 I-NAME\n海 I-NAME\n任 O\n\n甲 B-ORG\n院 B-TITLE\n长 I-TITLE\n。 O\n"
MARKED = ["[邬德海](NAME)任", "[甲](ORG)[院长](TITLE)。"]


def marked(notice: Notice) -> str:
    """Write the entities of a notice as the inline form does, whatever their labels."""
    pieces, last = [], 0
    for entity in notice.entities:
        pieces += [notice.text[last : entity.start], f"[{notice.span_text(entity)}]({entity.label})"]
        last = entity.end
    return "".join([*pieces, notice.text[last:]])


def cluener(text: str, *spans: tuple[str, str, int]) -> str:
    """Return a line of CLUENER: each span is its label, its surface and its start."""
    label: dict[str, dict[str, list[list[int]]]] = {}
    for kind, surface, start in spans:
        label.setdefault(kind, {}).setdefault(surface, []).append([start, start + len(surface) - 1])
    return json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n"


def write(path: Path, content: str) -> Path:
    path.write_bytes(content.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("set.char.bmes", BMES),
        ("set.bmes", BMES.replace(" ", "\t")),
        ("set.bmes", "\ufeff" + BMES.replace("\n", "\r\n")),
        ("set.bmes", "\n\n" + BMES.replace("\n\n", "\n \n\n").rstrip()),
        ("set.bioes", BIOES),
        ("set.bio", BIO),
        ("set.conll", BIO),
        ("set.bio", BMES),
    ],
)
def test_columns_of_every_scheme_mean_the_same(tmp_path: Path, name: str, content: str) -> None:
    path = write(tmp_path / name, content)
    assert is_foreign(path)
    found = read_foreign(path)
    assert [marked(notice) for notice in found.notices] == MARKED
    assert [notice.id for notice in found.notices] == [f"{path.stem}-1", f"{path.stem}-2"]
    assert found.remarks() == []


def test_a_blank_is_a_character_too(tmp_path: Path) -> None:
    (notice,) = read_foreign(write(tmp_path / "set.bio", "甲\tO\n \tO\n#\tO\n \tO\n")).notices
    assert notice.text == "甲 # "


def test_entities_that_an_empty_line_cuts_are_kept_in_parts_and_counted(tmp_path: Path) -> None:
    found = read_foreign(write(tmp_path / "set.bmes", "甲 B-ORG\n乙 M-ORG\n\n丙 M-ORG\n院 E-ORG\n。 O\n"))
    assert [marked(notice) for notice in found.notices] == ["[甲乙](ORG)", "[丙院](ORG)。"]
    assert found.remarks() == ["2 parts of entities that an empty line cuts, each kept as an entity"]


def test_cluener_ends_are_included(tmp_path: Path) -> None:
    text = "邬德海与乙县县长邬德海"
    line = cluener(text, ("name", "邬德海", 0), ("name", "邬德海", 8), ("address", "乙县", 4), ("position", "县长", 6))
    path = write(tmp_path / "dev.json", line + "\n" + cluener("无事。"))
    assert is_foreign(path)
    found = read_foreign(path)
    assert [marked(notice) for notice in found.notices] == [
        "[邬德海](name)与[乙县](address)[县长](position)[邬德海](name)",
        "无事。",
    ]


@pytest.mark.parametrize(
    ("spans", "kept", "left_out"),
    [
        ([("game", "甲乙丙", 0), ("name", "乙", 1)], "[甲乙丙](game)丁", 1),
        ([("name", "甲乙", 0), ("game", "乙丙丁", 1)], "甲[乙丙丁](game)", 1),
        ([("name", "甲乙", 0), ("game", "乙丙", 1)], "[甲乙](name)丙丁", 1),
        ([("name", "甲乙", 0), ("game", "甲乙", 0)], "[甲乙](game)丙丁", 1),
        ([("name", "甲乙", 0), ("game", "丙丁", 2)], "[甲乙](name)[丙丁](game)", 0),
        ([("a", "甲乙", 0), ("b", "乙丙丁", 1), ("c", "甲", 0)], "[甲](c)[乙丙丁](b)", 1),
    ],
)
def test_of_overlapping_spans_the_longest_stays(
    tmp_path: Path, spans: list[tuple[str, str, int]], kept: str, left_out: int
) -> None:
    found = read_foreign(write(tmp_path / "set.jsonl", cluener("甲乙丙丁", *spans)))
    assert (marked(found.notices[0]), found.left_out) == (kept, left_out)


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from("ab")), max_size=8))
def test_what_stays_and_what_is_left_out_is_all(
    tmp_path_factory: pytest.TempPathFactory, drawn: set[tuple[int, int, str]]
) -> None:
    text = "甲乙丙丁戊己庚辛壬癸"
    spans = [(label, text[start : start + size], start) for start, size, label in sorted(drawn)]
    distinct = set(spans)
    path = write(tmp_path_factory.getbasetemp() / "any.json", cluener(text, *distinct))
    found = read_foreign(path)
    kept = {(entity.label, found.notices[0].span_text(entity), entity.start) for entity in found.notices[0].entities}
    assert kept <= distinct
    assert len(distinct) - len(kept) == found.left_out


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.bmes", "甲 O\n甲乙 O\n", "a.bmes:2: write one character, a blank or tab, and its tag"),
        ("a.bmes", "甲\n", "a.bmes:1: write one character"),
        ("a.bmes", "甲 NR O\n", "a.bmes:1: write one character"),
        ("a.bmes", "甲 O\n乙 NAME\n", "a.bmes:2: unknown tag 'NAME'"),
        ("a.bmes", "甲 O\n乙 B-\n", "a.bmes:2: unknown tag 'B-'"),
        ("a.bio", "甲 O\n乙 I-NAME\n", "a.bio:2: I-NAME continues nothing: begin with B-NAME"),
        ("a.bmes", "甲 B-ORG\n乙 E-NAME\n", "a.bmes:2: E-NAME continues nothing"),
        ("a.bmes", "甲 B-ORG\n乙 M-ORG\n丙 O\n", "a.bmes:2: M-ORG leaves its entity open: write E-ORG"),
        ("a.bmes", "甲 B-ORG\n乙 B-ORG\n丙 E-ORG\n", "a.bmes:1: B-ORG leaves its entity open: write S-ORG"),
        ("a.json", cluener("甲乙") + "{\n", 'a.json:2: not {"text": …'),
        ("a.json", '{"text": "甲"}\n', "label: Field required"),
        ("a.json", '{"text": "甲", "label": {}, "labels": []}\n', "labels: Extra inputs"),
        ("a.json", '{"text": "甲", "label": {"name": {"甲": [[0]]}}}\n', "label.name.甲.0.1: Field required"),
        ("a.json", "7\n", "a.json:1: not {"),
        ("a.json", cluener("甲乙", ("name", "乙", 0)), "a.json:1: name '乙' does not stand at [0, 0], where '甲' is"),
        ("a.json", cluener("甲乙", ("name", "乙丙", 1)), "does not stand at [1, 2], where '乙' is"),
        ("a.json", '{"text": "甲", "label": {"name": {"甲": [[-1, -1]]}}}\n', "does not stand at [-1, -1], where ''"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = write(tmp_path / name, content)
    assert is_foreign(path)
    with pytest.raises(AnnotationError) as caught:
        read_foreign(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_file_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.bmes"
    path.write_bytes(BMES.encode("gb18030"))
    with pytest.raises(AnnotationError, match="not UTF-8"):
        read_foreign(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gold.bmes", "# id: a\n林\tO\t_\n"),
        ("gold.bmes", ""),
        ("gold.jsonl", '{"text": "甲", "label": [[0, 1, "OFFICIAL"]]}\n'),
        ("gold.jsonl", "{\n"),
        ("gold.md", "# id: a\n\n甲"),
    ],
)
def test_gold_of_ours_is_not_foreign(tmp_path: Path, name: str, content: str) -> None:
    assert not is_foreign(write(tmp_path / name, content))
    assert not is_foreign(tmp_path)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


def test_the_command_writes_a_docbin_and_says_what_it_left_out(tmp_path: Path) -> None:
    columns, lines = tmp_path / "set.char.bmes", tmp_path / "set.json"
    write(columns, BMES)
    write(lines, cluener("甲乙丙", ("game", "甲乙丙", 0), ("name", "乙", 1)))
    assert run("convert", columns, tmp_path / "a.spacy") == (0, f"{tmp_path / 'a.spacy'}: 2 notices\n")
    assert [marked(notice) for notice in read_docbin(tmp_path / "a.spacy")] == MARKED
    status, said = run("convert", lines, tmp_path / "b.spacy")
    assert (status, said.splitlines()[1]) == (
        0,
        f"{lines}: 1 nested or overlapping spans left out, the longest kept",
    )
    assert [marked(notice) for notice in read_docbin(tmp_path / "b.spacy")] == ["[甲乙丙](game)"]


@pytest.mark.parametrize("output", ["out.md", "out.jsonl", "out.bio", "out.bmes", "folder"])
def test_only_a_docbin_holds_foreign_labels(tmp_path: Path, output: str) -> None:
    write(tmp_path / "set.bmes", BMES)
    status, said = run("convert", tmp_path / "set.bmes", tmp_path / output)
    assert (status, "become .spacy alone" in said) == (2, True)
    run("convert", tmp_path / "set.bmes", tmp_path / "set.spacy")
    status, said = run("convert", tmp_path / "set.spacy", tmp_path / output)
    assert (status, "'NAME' in 'set-1' is none of OFFICIAL" in said) == (2, True)
    assert not (tmp_path / output).exists()


def test_foreign_labels_are_counted_and_found_wanting(tmp_path: Path) -> None:
    run("convert", write(tmp_path / "set.bmes", BMES), tmp_path / "set.spacy")
    notices = read_gold(tmp_path / "set.spacy")
    assert labels_of(notices)[4:] == ("NAME", "ORG", "TITLE")
    assert stats(notices).spans["TITLE"] == 1
    assert agreement(notices, notices).micro.both == 3
    assert {finding.rule for finding in check(notices) if finding.severity == "error"} == {"label"}
    with pytest.raises(AnnotationError, match="^here: 'NAME'"):
        refuse_foreign(notices, where="here")
