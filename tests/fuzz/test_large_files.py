"""Ten megabytes of one thing: what looks for its end from every place again would not come to one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tongbao import read
from tongbao.corpus.doccano import read_doccano
from tongbao.corpus.inline import parse

SIZE = 10_000_000
PIECES = ("[", "<", "7", "收受他人礼金违规吃喝", "[党内警告](SANCTION 1)", "“", "<div>", "&", "\\")

pytestmark = pytest.mark.slow


def filled(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("suffix", ["txt", "md", "html", "jsonl", "csv"])
def test_a_large_file_is_read_or_set_aside(tmp_path: Path, suffix: str, piece: str) -> None:
    text, path = filled(piece), tmp_path / f"large.{suffix}"
    content = {"jsonl": json.dumps({"text": text}), "csv": f'id,text\n1,"{text}"\n'}.get(suffix, text)
    path.write_text(content, "utf-8")
    rejects: list[object] = []
    notices = list(read(path, on_reject=rejects.append))
    assert len(notices) + len(rejects) == 1
    if suffix in ("jsonl", "csv") and "<" not in piece and "&" not in piece:
        assert [notice.text for notice in notices] == [text]


@pytest.mark.parametrize("piece", PIECES)
def test_large_gold_is_read(tmp_path: Path, piece: str) -> None:
    text = filled(piece)
    shown = text.replace("[党内警告](SANCTION 1)", "党内警告")
    assert parse("# id: large\n\n" + text).text == shown
    path = tmp_path / "large.jsonl"
    path.write_text(json.dumps({"text": text, "label": [[0, 1, "OFFICIAL"]]}), "utf-8")
    assert [notice.text for notice in read_doccano(path)] == [text]
