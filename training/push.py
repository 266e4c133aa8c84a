"""Sends notices that a model has marked to a doccano project, where annotators correct them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..corpus.convert import inline_path
from ..corpus.doccano import RELATION, to_record
from ..corpus.errors import AnnotationError, ServerError
from ..corpus.folder import fingerprint
from ..corpus.inline import format_notice
from ..corpus.notice import Notice
from ..pipeline.rejects import Reject
from ..pipeline.tagged import TaggedNotice
from .doccano_server import Doccano, Project
from .fingerprint import ROOT
from .needs import uncertainty

KEY = "content"
"""Key of an example's metadata: the fingerprint of its text, by which a notice is known again."""
PREMARKED = "premarked"
"""Key of an example's metadata: what the model marked, before anybody corrected it."""
BATCH = 20

SPAN_TYPES = (
    {"text": "OFFICIAL", "suffix_key": "o", "color": "#1565c0"},
    {"text": "POSITION", "suffix_key": "p", "color": "#2e7d32"},
    {"text": "SANCTION", "suffix_key": "s", "color": "#6a1b9a"},
    {"text": "VIOLATION", "suffix_key": "v", "color": "#c62828"},
)
RELATION_TYPES = ({"text": RELATION, "suffix_key": "c", "color": "#455a64"},)
_CASES = """## Cases, here

A case is one person or body who is held to account. Draw a relation `case` from each of its posts, wrongs and measures,
and from each further mention of the name, to the first OFFICIAL of the case; where the case has none, to its first
POSITION. A wrong that two persons share has a relation to each of them.

"""


def find_project(server: Doccano, name: str) -> Project | None:
    """Find a project that annotations can be pushed to and pulled from.

    Raises
    ------
    ServerError
        When several have the name, or its settings would lose or shift marks.
    """
    found = server.projects(name)
    if not found:
        return None
    if len(found) > 1:
        raise ServerError(f"{len(found)} projects are called {name!r}: rename all but one", where=server.url)
    (project,) = found
    wrong = [
        told
        for told, is_so in {
            "it is no project of sequence labelling": project.project_type != "SequenceLabeling",
            "it has no relations, which carry the cases": not project.use_relation,
            "its annotators do not share their marks": not project.collaborative_annotation,
            "it counts graphemes, which shifts offsets": project.grapheme_mode,
        }.items()
        if is_so
    ]
    if wrong:
        what = f"the project {name!r} cannot be used ({'; '.join(wrong)}): take another name, and push makes it"
        raise ServerError(what, where=server.url)
    return project


def make_project(server: Doccano, name: str) -> Project:
    """Find the project of a name or make it, with its types of spans and relations and the guideline."""
    project = find_project(server, name)
    if project is None:
        guideline = _CASES + (ROOT / "corpus" / "GUIDELINE.md").read_text("utf-8")
        project = server.create_project(
            name, guideline=guideline, description="tongbao: OFFICIAL POSITION SANCTION VIOLATION"
        )
    server.ensure_types(project.id, "span", SPAN_TYPES)
    server.ensure_types(project.id, "relation", RELATION_TYPES)
    return project


def known_notices(server: Doccano, project: Project) -> dict[str, str]:
    """Return the notices that a project has already: the fingerprint of the text → the id."""
    examples = server.examples(project.id)
    return {str(example.meta.get(KEY, example.id)): str(example.meta.get("id", example.id)) for example in examples}


def new_ones(
    notices: Iterable[Notice], known: Mapping[str, str], *, on_reject: Callable[[Reject], None]
) -> Iterator[Notice]:
    """Pass on the notices whose text is not known, and each text once.

    Told to ``on_reject`` is what could not be pulled again: an id that another notice has or that is no name of a file,
    and a text that looks like mark-up.
    """
    keys, ids = set(known), set(known.values())
    for notice in notices:
        key = fingerprint(notice.text)
        if key in keys:
            continue
        try:
            if notice.id in ids:
                raise AnnotationError(f"another notice has the id {notice.id!r}: give each its own")
            inline_path(Path(), notice)
            format_notice(replace(notice, entities=()))
        except AnnotationError as error:
            source = notice.source or "<string>"
            on_reject(Reject(source, f"{source}: notice {notice.id}", error.what))
            continue
        keys.add(key)
        ids.add(notice.id)
        yield notice


def record_of(notice: Notice, *, premarked: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the record of a marked notice as it is uploaded; its offsets count UTF-16, as doccano's pages do."""
    record = {**to_record(notice, unit="utf-16"), KEY: fingerprint(notice.text)}
    return record if premarked is None else {**record, PREMARKED: premarked}


def premarked(tagged: TaggedNotice) -> dict[str, Any]:
    """Say what the model marked: its name, the mean uncertainty, and start, end and label of each span."""
    spans = [[entity.start, entity.end, entity.label] for entity in tagged.entities]
    scored = all(entity.score is not None for entity in tagged.entities)
    return {"model": tagged.model, "uncertainty": round(uncertainty(tagged), 4) if scored else None, "spans": spans}


def upload(
    server: Doccano, project: Project, records: Sequence[dict[str, Any]], *, done: Callable[[int], None]
) -> None:
    """Upload records in batches, in their order; ``done`` is told how many are in.

    What was uploaded before an error stays, and is not uploaded again by the next push.
    """
    for start in range(0, len(records), BATCH):
        server.upload(project.id, records[start : start + BATCH])
        done(min(start + BATCH, len(records)))
