"""spaCy DocBin: nothing is lost, and Docs of any tokens are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab
from tongbao.corpus.docbin import from_doc, read_docbin, to_doc, write_docbin
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.notice import Entity, Notice

from .notice_samples import AWKWARD, SHARED_VIOLATION, notices

VOCAB = Vocab()


def test_notices_come_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gold.spacy"
    write_docbin(AWKWARD, path)
    assert read_docbin(path) == AWKWARD


@given(notices())
def test_any_notice_comes_back_through_a_docbin(notice: Notice) -> None:
    attributes = ["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"]
    content = DocBin(attributes, store_user_data=True, docs=[to_doc(notice, VOCAB)]).to_bytes()
    (doc,) = DocBin().from_bytes(content).get_docs(VOCAB)
    assert from_doc(doc, where="1") == notice


def test_one_character_is_one_token() -> None:
    doc = to_doc(SHARED_VIOLATION, VOCAB)
    assert [token.text for token in doc] == list(SHARED_VIOLATION.text)
    assert [span.kb_id_ for span in doc.ents][:2] == ["1,2", "1"]


def test_a_doc_of_words_is_read_by_characters(tmp_path: Path) -> None:
    doc = Doc(VOCAB, words=["2021", "年", "林某", "受贿", "。"], spaces=[True, False, False, False, False])
    doc.ents = (Span(doc, 2, 3, label="OFFICIAL"), Span(doc, 3, 4, label="VIOLATION"))
    path = tmp_path / "words.spacy"
    DocBin(docs=[doc]).to_disk(path)
    (notice,) = read_docbin(path)
    assert notice == Notice("words-1", "2021 年林某受贿。", {}, (Entity(6, 8, "OFFICIAL"), Entity(8, 10, "VIOLATION")))


@pytest.mark.parametrize("kb_id", ["", "Q42", "1"])
def test_foreign_labels_are_kept_without_cases(kb_id: str) -> None:
    doc = Doc(VOCAB, words=["林某"])
    doc.ents = (Span(doc, 0, 1, label="PERSON", kb_id=kb_id),)
    assert from_doc(doc, where="here").entities == (Entity(0, 2, "PERSON"),)


def test_cases_that_are_no_numbers_are_refused() -> None:
    doc = Doc(VOCAB, words=["林某"])
    doc.ents = (Span(doc, 0, 1, label="OFFICIAL", kb_id="Q42"),)
    with pytest.raises(AnnotationError, match="^here: .*no case numbers"):
        from_doc(doc, where="here")


def test_a_file_that_is_no_docbin_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.spacy"
    path.write_bytes(b"{}")
    with pytest.raises(AnnotationError, match="not a spaCy DocBin"):
        read_docbin(path)
