"""The seal of a file: what a hand changed is never overwritten unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tongbao.corpus.inline import parse
from tongbao.corpus.seal import Outcome, sealed, write_sealed

from .notice_samples import AWKWARD, notice

OLD = sealed(notice("[林某](OFFICIAL 1)[受贿](VIOLATION 1)。", form="brief"), "pulled")
NEW = sealed(notice("[林某](OFFICIAL 1)受贿。", form="brief"), "pulled")
NEW_HEADER = sealed(notice("[林某](OFFICIAL 1)[受贿](VIOLATION 1)。", form="brief", annotator="chen"), "pulled")


@pytest.mark.parametrize(
    ("here", "content", "outcome"),
    [
        (None, OLD, "written"),
        (OLD, OLD, "unchanged"),
        (OLD, NEW, "written"),
        (OLD, NEW_HEADER, "written"),
        (OLD.replace("VIOLATION 1", "VIOLATION"), OLD, "unchanged"),
        (OLD.replace("VIOLATION 1", "VIOLATION"), NEW, "kept"),
        (OLD.replace("form: brief", "form: report"), OLD, "unchanged"),
        (OLD.replace("form: brief", "form: report"), NEW, "kept"),
        (OLD.replace("form: brief", "form: report"), NEW_HEADER, "unchanged"),
        ("# id: n1\n\n[林某](OFFICIAL 1)受贿。", NEW, "unchanged"),
        ("# id: n1\n\n林某受贿。", NEW, "kept"),
        (OLD.replace("pulled", "merged"), NEW, "kept"),
        ("no header", NEW, "kept"),
        ("", NEW, "kept"),
    ],
)
def test_only_a_file_as_it_was_written_is_replaced(
    tmp_path: Path, here: str | None, content: str, outcome: Outcome
) -> None:
    path = tmp_path / "n1.md"
    if here is not None:
        path.write_bytes(here.encode())
    assert write_sealed(content, path, "pulled", force=False) == outcome
    assert path.read_bytes().decode() == (content if outcome == "written" else here)
    write_sealed(content, path, "pulled", force=True)
    assert path.read_bytes().decode() == content


def test_a_sealed_notice_has_one_seal_and_is_the_same_notice() -> None:
    for sample in AWKWARD:
        back = parse(sealed(parse(sealed(sample, "pulled")), "merged"))
        assert (back.id, back.text, back.entities) == (sample.id, sample.text, sample.entities)
        assert {key: value for key, value in back.meta.items() if key != "merged"} == sample.meta
