"""Cases as FollowTheMoney entities: Person, Position, Occupancy, Sanction, PublicBody, Company, LegalEntity.

Plain values, for which the package followthemoney is not needed: https://followthemoney.tech/explorer/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from .case import Case
from .norms import norms_of
from .tagged import TaggedNotice

TOPIC = "reg.action"
"""FollowTheMoney's topic of whoever is under a measure of an authority."""

_COUNTRY = "cn"
_FIRM = re.compile(r"(?:公司|集团|厂|企业|合作社|联社|商[场店厦]|超市|市场|酒店|饭店|店|行)$")
_NO_NAME = re.compile(r"[该其本此]|单位$")
_FORMER = re.compile(r"(?:原|前任|曾任)")

Entity = dict[str, Any]
"""``id``, ``schema`` and ``properties``, each property a list of texts."""


def entities_of(tagged: TaggedNotice) -> Iterator[Entity]:
    """Yield the entities of a notice's cases, each id once.

    A person gets an id of name, posts and notice, never of the name alone: entities of different notices are never
    one. An unnamed person has no entity and so no sanction, for a Person needs a name, and a sanction of a post would
    hit all who hold it; nor has a body that is only pointed at (``该局``).
    """
    record = tagged.record()
    found: dict[str, Entity] = {}
    for case, fields in zip(tagged.cases, record["cases"], strict=True):
        for entity in _of_case(case, fields, record):
            known = found.setdefault(entity["id"], entity)
            for name, values in entity["properties"].items():
                # Two cases of one person and post are one entity.
                known["properties"][name] = list(dict.fromkeys([*known["properties"].get(name, ()), *values]))
    yield from found.values()


def _of_case(case: Case, fields: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Entity]:
    scope = (record["source"], record["id"])
    origin = {"sourceUrl": [_url(record["source"])], "publisher": [record["publisher"]]}
    posts = _by_text(record, case.positions)
    is_person = case.official is not None
    if not is_person and (posts or _NO_NAME.match(case.subject)):
        return
    schema = "Person" if is_person else "LegalEntity" if _FIRM.search(case.subject) else "PublicBody"
    topics = [TOPIC] if case.sanctions else []
    properties = {"name": [_line(case.subject)], "country": [_COUNTRY], "topics": topics, **origin}
    if is_person:
        properties |= {"position": list(posts)}
    subject = _entity(schema, (case.subject, *sorted(posts), *scope), properties)
    yield subject
    for post, norm in posts.items():
        body = norm.get("organisation")
        organisation = _organisation(body, scope, origin) if body else None
        if organisation is not None:
            yield organisation
        properties = {
            "name": [post],
            "country": [_COUNTRY],
            "organization": [organisation["id"] if organisation else None],
            **origin,
        }
        position = _entity("Position", (post, *scope), properties)
        yield position
        properties = {
            "holder": [subject["id"]],
            "post": [position["id"]],
            "status": ["ended" if norm.get("former") or _FORMER.match(post) else None],
            "date": [record["date"]],
            **origin,
        }
        yield _entity("Occupancy", (subject["id"], position["id"]), properties)
    for measure, norm in _by_text(record, case.sanctions).items():
        norms = norms_of(norm or None)
        properties = {
            "entity": [subject["id"]],
            "program": [measure],
            "provisions": [each.code for each in norms],
            "duration": [each.term for each in norms],
            "authority": [fields["organ"]],
            "reason": list(_by_text(record, case.violations)),
            "country": [_COUNTRY],
            "startDate": [fields["date"]],
            "listingDate": [record["date"]],
            "recordId": [record["id"]],
            "summary": [fields["stage"]],
            **origin,
        }
        yield _entity("Sanction", (subject["id"], measure), properties)


def _by_text(record: Mapping[str, Any], indices: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Return the norms of entities by their text, each text once; an empty one where there is none."""
    entities = (record["entities"][index] for index in indices)
    return {_line(entity["text"]): entity["norm"] or {} for entity in entities}


def _organisation(name: str, scope: Sequence[str | None], origin: Mapping[str, list[str | None]]) -> Entity:
    schema = "Company" if _FIRM.search(name) else "PublicBody"
    return _entity(schema, (name, *scope), {"name": [name], "country": [_COUNTRY], **origin})


def _entity(schema: str, key: Sequence[str | None], properties: Mapping[str, Sequence[str | None]]) -> Entity:
    digest = sha256("\0".join((schema, *(part or "" for part in key))).encode("utf-8", "surrogatepass"))
    known = {name: [value for value in values if value] for name, values in properties.items()}
    return {
        "id": f"tongbao-{digest.hexdigest()[:40]}",
        "schema": schema,
        "properties": {name: values for name, values in known.items() if values},
    }


def _line(text: str) -> str:
    """Return a text without the line breaks and blanks that a page puts inside of it."""
    return re.sub(r"\s+", " " if text.isascii() else "", text)


def _url(source: str | None) -> str | None:
    """Return a source that is an address of the web."""
    if source is None or not re.fullmatch(r"https?://\S+", source):
        return None
    try:
        return source if urlsplit(source).hostname else None
    except ValueError:
        return None
