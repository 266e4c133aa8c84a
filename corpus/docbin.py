"""spaCy DocBin: one Doc a notice, cases in the entities' ``kb_id_``, id and meta in ``user_data``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import AnnotationError
from .notice import LABELS, Entity, Notice

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

ID_KEY = "tongbao.id"
META_KEY = "tongbao.meta"


def to_doc(notice: Notice, vocab: Vocab) -> Doc:
    """Return a Doc of one token a character, white space as well, as spaCy's ``zh`` splits by default.

    Any span of characters is a span of tokens there, so nothing is lost; ``doc.text`` is the notice's text.
    """
    from spacy.tokens import Doc, Span

    doc = Doc(vocab, words=list(notice.text), spaces=[False] * len(notice.text))
    doc.ents = tuple(
        Span(doc, entity.start, entity.end, label=entity.label, kb_id=",".join(map(str, entity.cases)))
        for entity in notice.entities
    )
    doc.user_data[ID_KEY] = notice.id
    doc.user_data[META_KEY] = dict(notice.meta)
    return doc


def from_doc(doc: Doc, *, where: str, default_id: str = "") -> Notice:
    """Return the notice of a Doc of any tokens; offsets are code points from 0, end excluded.

    Entities may have labels other than ours, so that a model can learn them; such an entity has no cases.

    Raises
    ------
    AnnotationError
        At ``where``: the ``kb_id_`` of an entity of ours is no list of case numbers (``1,2``).
    """
    entities: list[Entity] = []
    for span in doc.ents:
        numbers = [number for number in span.kb_id_.split(",") if number and span.label_ in LABELS]
        if not all(number.isdecimal() for number in numbers):
            what = f"kb_id_ {span.kb_id_!r} at {span.start_char} holds no case numbers: write 1 or 1,2"
            raise AnnotationError(what, where=where)
        entities.append(Entity(span.start_char, span.end_char, span.label_, tuple(map(int, numbers))))
    return Notice(
        id=str(doc.user_data.get(ID_KEY, default_id)),
        text=doc.text,
        meta={str(key): str(value) for key, value in doc.user_data.get(META_KEY, {}).items()},
        entities=tuple(entities),
    )


def read_docbin(path: Path) -> list[Notice]:
    """Read a ``.spacy`` file; a Doc without an id gets the name of the file and its number from 1.

    Raises
    ------
    AnnotationError
        When the file is no DocBin, or with ``path:number``: see `from_doc`.
    """
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    content = path.read_bytes()
    try:
        docs = list(DocBin().from_bytes(content).get_docs(Vocab()))
    except Exception as error:  # zlib, msgpack and spaCy each raise their own
        raise AnnotationError(f"not a spaCy DocBin: {error}", where=str(path)) from error
    return [
        from_doc(doc, where=f"{path}:{number}", default_id=f"{path.stem}-{number}")
        for number, doc in enumerate(docs, start=1)
    ]


def write_docbin(notices: Iterable[Notice], path: Path) -> None:
    """Write a ``.spacy`` file; `read_docbin` gives the same notices back."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    vocab = Vocab()
    attributes = ["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"]
    path.write_bytes(
        DocBin(attributes, store_user_data=True, docs=(to_doc(notice, vocab) for notice in notices)).to_bytes()
    )
