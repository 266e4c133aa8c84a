"""From notices to tagged notices: lazily, one bad notice never stopping the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from spacy.language import Language

from ..corpus.errors import InputError
from ..corpus.notice import Notice
from . import load as loading
from .pieces import LONGEST, cut
from .reading import notice_from_text
from .rejects import Reject, log_reject, rejected
from .tagged import TaggedEntity, TaggedNotice, shifted
from .workers import Failure, Marked, Outcome, run

_PLAIN = "<string>"
_BATCH_CHARACTERS = 2 * LONGEST


def tag(
    notices: Iterable[Notice | str],
    *,
    nlp: Language | None = None,
    model: str | Path | None = None,
    n_process: int = 1,
    ordered: bool = True,
    batch_size: int = 32,
    on_reject: Callable[[Reject], None] | None = None,
) -> Iterator[TaggedNotice]:
    """Tag notices lazily, in constant memory.

    A text of more than `LONGEST` characters is cut at the end of a paragraph or sentence, and its pieces are tagged
    on their own; offsets count the whole text all the same.

    Parameters
    ----------
    notices
        Notices as `read` gives them, or plain texts.
    nlp
        A loaded pipeline; by default that of ``model``.
    model
        What `load` takes; by default the model that ships with the package.
    n_process
        Number of processes.
    ordered
        Yield in the order of the input; else as they are done, which keeps several processes busier where a few texts
        are far longer than the others, and gains nothing elsewhere.
    batch_size
        Notices (or pieces of long ones) that go to the pipeline together.
    on_reject
        Called with every notice that is set aside because it is empty or the pipeline fails on it; by default it is
        logged as a warning.

    Raises
    ------
    InputError
        At once, when ``notices`` is a single text or an option makes no sense; later, when an item is neither a
        notice nor a text.
    ModelError
        When the model cannot be used.
    """
    if isinstance(notices, str | bytes | Notice | Path):
        raise InputError(
            f"tag() takes a list of notices, not one {type(notices).__name__}: tag([text]) for one text, "
            "tag(read(path)) for files"
        )
    if not isinstance(notices, Iterable):
        raise InputError(f"tag() takes a list of notices or texts, not {type(notices).__name__}")
    if nlp is not None and model is not None:
        raise InputError("tag() takes either nlp or model, not both")
    if n_process < 1 or batch_size < 1:
        raise InputError(f"n_process and batch_size start at 1, not {min(n_process, batch_size)}")
    pipeline = loading.load(model) if nlp is None else nlp
    set_aside = on_reject or log_reject
    pieces = _pieces(_as_notices(notices, set_aside), min(LONGEST, pipeline.max_length))
    batches = _batches(pieces, batch_size)
    return _tag(pipeline, batches, n_process=n_process, ordered=ordered, on_reject=set_aside)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a notice: the notice's number in the input, the part's text, and where it begins."""

    number: int
    notice: Notice
    text: str
    start: int


def _tag(
    nlp: Language,
    batches: Iterable[list[_Piece]],
    *,
    n_process: int,
    ordered: bool,
    on_reject: Callable[[Reject], None],
) -> Iterator[TaggedNotice]:
    # Batches are read ahead of their outcomes, so the pieces wait here for theirs.
    waiting: dict[int, list[_Piece]] = {}

    def texts() -> Iterator[list[str]]:
        for number, batch in enumerate(batches):
            waiting[number] = batch
            yield [piece.text for piece in batch]

    outcomes = run(nlp, texts(), n_process=n_process, ordered=ordered)
    pairs = chain.from_iterable(zip(waiting.pop(number), found, strict=True) for number, found in outcomes)
    model = loading.model_name(nlp)
    begun: dict[int, list[tuple[_Piece, Outcome]]] = {}
    for piece, outcome in pairs:
        length = len(piece.notice.text)
        if isinstance(outcome, Marked) and len(piece.text) < length:
            # The Docs of a long text are too much to keep.
            outcome = replace(outcome, doc=None)
        parts = begun.setdefault(piece.number, [])
        parts.append((piece, outcome))
        if sum(len(part.text) for part, _ in parts) == length:
            tagged = _joined(begun.pop(piece.number), model)
            if isinstance(tagged, TaggedNotice):
                yield tagged
            else:
                on_reject(tagged)


def _as_notices(notices: Iterable[Notice | str], on_reject: Callable[[Reject], None]) -> Iterator[Notice]:
    for number, given in enumerate(notices, start=1):
        if isinstance(given, Notice):
            yield given
        elif isinstance(given, str):
            try:
                yield notice_from_text(given)
            except InputError as error:
                on_reject(rejected(_PLAIN, InputError(error.what, where=f"text {number}")))
        else:
            what = f"item {number} is {type(given).__name__}, neither a notice nor a text"
            raise InputError(f"{what}: use read(path) for files" if isinstance(given, Path) else what)


def _pieces(notices: Iterable[Notice], longest: int) -> Iterator[_Piece]:
    for number, notice in enumerate(notices):
        for start, end in cut(notice.text, longest=longest):
            yield _Piece(number, notice, notice.text[start:end], start)


def _batches(pieces: Iterable[_Piece], batch_size: int) -> Iterator[list[_Piece]]:
    """Gather pieces by number and by length, so that a batch of long ones takes no more memory."""
    batch: list[_Piece] = []
    length = 0
    for piece in pieces:
        if batch and (len(batch) == batch_size or length + len(piece.text) > _BATCH_CHARACTERS):
            yield batch
            batch, length = [], 0
        batch.append(piece)
        length += len(piece.text)
    if batch:
        yield batch


def _joined(parts: list[tuple[_Piece, Outcome]], model: str) -> TaggedNotice | Reject:
    """Put the pieces of a notice together; cases of different pieces stay apart."""
    notice = parts[0][0].notice
    entities: list[TaggedEntity] = []
    cases = []
    own_doc = None
    for piece, outcome in sorted(parts, key=lambda part: part[0].start):
        if isinstance(outcome, Failure):
            place = f"{notice.source}: notice {notice.id}" if notice.source else f"notice {notice.id}"
            return Reject(notice.source or _PLAIN, place, outcome.reason)
        if piece.start:
            cases += [shifted(case, len(entities)) for case in outcome.cases]
            entities += [
                replace(found, start=found.start + piece.start, end=found.end + piece.start)
                for found in outcome.entities
            ]
        else:
            cases += outcome.cases
            entities += outcome.entities
        own_doc = outcome.doc
    return TaggedNotice(notice, tuple(entities), tuple(cases), model, own_doc)
