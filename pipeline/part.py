"""One task done: its inputs read, tagged and written as a file of their own. All engines do this, wherever they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from ..corpus.notice import Notice
from .masking import masked
from .output import Output
from .plan import Task, place
from .reading import contents, notices_of
from .rejects import Reject
from .rows import Headers
from .sources import Source
from .tagged import TaggedNotice
from .tagging import tag
from .writers import Rows, writer_for


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with all tasks of a run.

    Parameters
    ----------
    folder
        Where the parts are written, an absolute path.
    ending
        Ending of their names, which chooses their format.
    mask_key
        Key of the pseudonyms; None to write names.
    """

    folder: str
    ending: str
    rows: Rows | None = None
    headers: Headers = "en"
    text_field: str = "text"
    mask_key: bytes | None = None


@dataclass(slots=True)
class Count:
    """How much was tagged: notices, cases, and characters of their texts."""

    notices: int = 0
    cases: int = 0
    characters: int = 0

    def counted(self, tagged: Iterator[TaggedNotice]) -> Iterator[TaggedNotice]:
        """Pass tagged notices on and count them."""
        for each in tagged:
            self.notices += 1
            self.cases += len(each.cases)
            self.characters += len(each.notice.text)
            yield each

    def add(self, other: Count) -> None:
        """Add what another has counted."""
        self.notices += other.notices
        self.cases += other.cases
        self.characters += other.characters


@dataclass(frozen=True, slots=True)
class Done:
    """A task, or a piece of one, that is done.

    Parameters
    ----------
    file
        Name of its file in the folder of parts; None where there was no notice to write.
    size
        Bytes of the file.
    """

    number: int
    digest: str
    file: str | None
    size: int
    count: Count
    rejects: tuple[Reject, ...]


def do(task: Task, job: Job, nlp: Language) -> Done:
    """Read, tag and write a task. To do it again does no harm: the same file is put in the place of the first.

    Raises
    ------
    InputError
        When the part cannot be written.
    ModelError
        When the pipeline as a whole cannot be used.
    """
    rejects: list[Reject] = []
    count = Count()
    notices = _read(task, job.text_field, rejects.append)
    tagged = count.counted(tag(notices, nlp=nlp, on_reject=rejects.append))
    if job.mask_key is not None:
        key = job.mask_key
        tagged = (masked(each, key=key) for each in tagged)
    path = Path(job.folder) / _name(task, job.ending)
    with Output(str(path)) as out:
        writer_for(path.name, rows=job.rows, headers=job.headers)(tagged, out.stream)
        if count.notices:
            out.keep()
    size = path.stat().st_size if count.notices else 0
    return Done(task.number, task.digest, path.name if count.notices else None, size, count, tuple(rejects))


def set_aside(task: Task, reason: str) -> Done:
    """Give up a task that was split as far as it goes."""
    reject = Reject(task.source or place(task), place(task), reason)
    return Done(task.number, task.digest, None, 0, Count(), (reject,))


def _read(task: Task, text_field: str, on_reject: Callable[[Reject], None]) -> Iterator[Notice]:
    yield from notices_of(task.records, task.source, on_reject=on_reject)
    for name in task.files:
        yield from notices_of(contents(Source(name), text_field=text_field), name, on_reject=on_reject)


def _name(task: Task, ending: str) -> str:
    return f"part-{task.number:06}{task.piece}{ending}"
