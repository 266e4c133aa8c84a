"""Who a notice speaks of: persons, unnamed holders of posts, bodies, and the places that mention them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from .bodies import Bodies, bodies_in
from .names import same_people
from .scene import OFFICIAL, POSITION, SANCTION, VIOLATION, Placed, Scene

Kind = Literal["person", "post", "body"]

_BRACKET = rf"[（(【\[][^）)】\]。；\n{OFFICIAL}-{VIOLATION}]{{0,40}}[）)】\]]"
POSTS = rf"{POSITION}(?:{_BRACKET})?(?:(?:[、/兼和及暨]|兼任|以及|[，, ])?{POSITION}(?:{_BRACKET})?)*"
_UNIT = rf"(?:{POSTS}[，,：: \n“”]?)?{OFFICIAL}(?:同志|等)?(?:{_BRACKET})?”?"
_GROUP = re.compile(
    rf"{_UNIT}(?:(?:[、和与及同/ ]|以及|，[ ]?|并)?{_UNIT}|[、和与及]{POSTS})*|{POSTS}(?:[、和与及]{_UNIT})*"
)
_CAREER = re.compile(
    r"(?:任|为|系|是|从|做|当|过|选|到|在|职务|升|转|兼|以|身份|至|起|了|由|自|去|“|成|调|聘|叫|称|作|上|里的|年|他的|她的|其)$"
)
_CV = re.compile(r"^[\s|\d.年月—\-－–~～至今起,，:：;；（(|/、后其间在的又再先后]*$")

_REACH = 40
"""How many posts back the holder of a post is looked for."""


class Mention(NamedTuple):
    """A place that names one or several subjects side by side.

    Parameters
    ----------
    start, end
        Place in the scene's text.
    subjects
        Numbers of the subjects, in order.
    kind
        ``group`` of persons and posts, or ``body``.
    """

    start: int
    end: int
    subjects: tuple[int, ...]
    kind: Literal["group", "body"]


@dataclass(slots=True)
class Subject:
    """Somebody or some body that may be held to account; the lists index the entities."""

    kind: Kind
    text: str
    start: int
    names: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Cast:
    """The subjects of a scene, their mentions in order of the text, and the persons by their names."""

    subjects: list[Subject] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)

    def new(self, kind: Kind, text: str, start: int) -> int:
        """Add a subject and return its number."""
        self.subjects.append(Subject(kind, text, start))
        return len(self.subjects) - 1


def cast(scene: Scene) -> Cast:
    """Find the subjects of a scene, and give each person the posts."""
    found = Cast()
    index_at = {entity.at: index for index, entity in enumerate(scene.entities) if entity.letter}
    person_of = _people(scene, found)
    holders: dict[str, int] = {}
    last: int | None = None
    for group in _GROUP.finditer(scene.text):
        members: list[int] = []
        posts: list[int] = []
        shared: list[int] = []
        for place in range(group.start(), group.end()):
            letter = scene.text[place]
            if letter == POSITION:
                posts.append(index_at[place])
            elif letter == OFFICIAL:
                index = index_at[place]
                person = person_of[index]
                if not posts and members and found.subjects[person].names[0] == index:
                    # One post before several new names belongs to each of them.
                    posts = shared
                _give(scene, found, person, posts, holders)
                members.append(person)
                shared, posts = posts, []
        if posts:
            loose = _holder_of_loose(scene, found, posts, members[-1] if members else last, holders)
            _give(scene, found, loose, posts, holders)
            starts_clause = _acts(scene, group.end())
            if loose not in members and (found.subjects[loose].kind == "post" or starts_clause):
                members.append(loose)
        if members:
            found.mentions.append(Mention(group.start(), group.end(), tuple(dict.fromkeys(members)), "group"))
            last = next((who for who in reversed(members) if found.subjects[who].kind == "person"), last)
    _name_headline(scene, found)
    _name_openings(scene, found)
    _add_missed(scene, found)
    _add_bodies(scene, found)
    found.mentions.sort()
    return found


def _people(scene: Scene, found: Cast) -> dict[int, int]:
    indices = [index for index, entity in enumerate(scene.entities) if entity.letter == OFFICIAL]
    names = [scene.entities[index].text for index in indices]
    introduced = [scene.text[max(0, scene.entities[index].at - 1)] == POSITION for index in indices]
    person_of: dict[int, int] = {}
    for index, number in zip(indices, same_people(names, introduced=introduced), strict=True):
        entity = scene.entities[index]
        if number == len(found.subjects):
            found.new("person", entity.text, entity.at)
        person = found.subjects[number]
        person.names.append(index)
        if len(entity.text) > len(person.text):
            person.text = entity.text
        person_of[index] = number
        found.people[entity.text] = number
    return person_of


def _give(scene: Scene, found: Cast, subject: int, posts: list[int], holders: dict[str, int]) -> None:
    for index in posts:
        if index not in found.subjects[subject].posts:
            found.subjects[subject].posts.append(index)
        holders[scene.entities[index].text] = subject


def _holder_of_loose(scene: Scene, found: Cast, posts: list[int], last: int | None, holders: dict[str, int]) -> int:
    """Say whose posts are those that no name follows: of the person before, or of somebody unnamed."""
    first, end = scene.entities[posts[0]], scene.entities[posts[-1]].at + 1
    before = scene.text[scene.clause_start(first.at) : first.at]
    post = first.text
    for length in (4, 3, 2):
        # A name that was not recognised here but is elsewhere.
        person = found.people.get(scene.text[end : end + length])
        if person is not None:
            return person
    row = next((m for m in found.mentions[-1:] if scene.line(m.start) == scene.line(first.at)), None)
    if row is not None and "|" in scene.text[row.end : first.at]:
        return row.subjects[-1]
    if last is not None:
        tail = scene.text[max(0, first.at - 12) : first.at]
        after_name = re.search(rf"{OFFICIAL}(?:的|[，,：:（( “]*(?:[男女][，,])?)$", tail)
        if after_name or _CAREER.search(before) or (_CV.match(before) and not _acts(scene, end)):
            return last
    for known, holder in islice(reversed(holders.items()), _REACH):
        if known.endswith(post) and not known.endswith(f"副{post}"):
            return holder
    if last is not None and not _acts(scene, end) and re.search(rf"[{POSITION}][^。\n]{{0,12}}$", before):
        return last
    return found.new("post", post, first.at)


def _acts(scene: Scene, end: int) -> bool:
    """Say whether what ends here is the subject of an act or the patient of a measure."""
    return (
        re.match(
            rf"，?[^，。；\n{OFFICIAL}{POSITION}]{{0,10}}[{VIOLATION}{SANCTION}]|被|受到|因", scene.text[end : end + 12]
        )
        is not None
    )


def _name_headline(scene: Scene, found: Cast) -> None:
    """Give the unnamed posts of the headline to the persons whom the text names later."""
    end = scene.lines[1] if len(scene.lines) > 1 else 0
    posts = [
        number
        for number, one in enumerate(found.subjects)
        if one.kind == "post" and one.start < end and not scene.section(one.start)
    ]
    people = [number for number, one in enumerate(found.subjects) if one.kind == "person"]
    taken: set[int] = set()
    for number in posts:
        tail = found.subjects[number].text[-2:]
        holders = (
            who for who in people if any(scene.entities[i].text.endswith(tail) for i in found.subjects[who].posts)
        )
        person = next((who for who in holders if who not in taken), None)
        if person is None:
            person = next((who for who in people if who not in taken), None)
        if person is None:
            continue
        taken.add(person)
        _merge(found, number, person)


def _name_openings(scene: Scene, found: Cast) -> None:
    """Give the unnamed posts that open a text or an item of a list, like a title, to the only one named there later."""
    for number, one in enumerate(found.subjects):
        if one.kind != "post" or not one.posts:
            continue
        section = scene.section(one.start)
        end = scene.sections[section + 1] if section + 1 < len(scene.sections) else len(scene.text)
        if OFFICIAL in scene.text[scene.sections[section] : one.start]:
            continue
        holders = [
            who
            for who, other in enumerate(found.subjects)
            if other.kind == "person"
            and any(one.start < at < end and text.endswith(one.text) for _, text, at in _posts(scene, other))
        ]
        if len(holders) == 1:
            _merge(found, number, holders[0])


def _posts(scene: Scene, subject: Subject) -> Iterator[Placed]:
    return (scene.entities[index] for index in subject.posts)


def _merge(found: Cast, post: int, person: int) -> None:
    """Make an unnamed holder of a post and a person one."""
    found.subjects[person].posts[:0] = found.subjects[post].posts
    found.subjects[post].posts.clear()
    found.mentions[:] = [
        mention._replace(subjects=tuple(person if who == post else who for who in mention.subjects))
        for mention in found.mentions
    ]


def _add_missed(scene: Scene, found: Cast) -> None:
    """Add mentions of known names that are no entity; shorter ones may be ordinary words."""
    numbers = {
        one.text: number for number, one in enumerate(found.subjects) if one.kind == "person" and len(one.text) > 2
    }
    for name, number in numbers.items():
        at = scene.text.find(name)
        while at >= 0:
            found.mentions.append(Mention(at, at + len(name), (number,), "group"))
            at = scene.text.find(name, at + len(name))


def _add_bodies(scene: Scene, found: Cast) -> None:
    """Add the bodies that a measure hits, with the places where they act; others have no case."""
    measures = {entity.at: entity.text for entity in scene.entities if entity.letter == SANCTION}
    bodies = list(bodies_in(scene.text, measures))
    names: dict[str, int] = {}
    for body in bodies:
        names.setdefault(body.name, body.start)
    every, known, numbers = Bodies(), Bodies(), []
    for name in names:
        every.add(name)
    spellings = list(names)
    for body in bodies:
        if body.is_hit and not known.like(body.name):
            full = [spellings[number] for number in every.like(body.name)]
            name = max(full, key=len)
            known.add(name)
            numbers.append(found.new("body", name, min(names[other] for other in full)))
    for body in bodies:
        alike = known.like(body.name)
        if alike:
            found.mentions.append(Mention(body.start, body.end, (numbers[alike[-1]],), "body"))
