"""Rules that say whose wrong a VIOLATION is and whom a SANCTION hits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from itertools import accumulate

from .cues import (
    AND_OTHERS,
    BY_WHOM,
    CAUSE,
    CHARGE_LEAD,
    COMITATIVE,
    COUNTED,
    FIRM,
    FORE,
    INVESTIGATOR,
    KIND_OF_CASES,
    MANY,
    NOT_HEAD,
    NOT_SHARED,
    OBLIQUE,
    RECOVERY,
    SAYS,
    STRANGER,
    number_of,
)
from .dealing import Subjects, deal, share
from .scene import SANCTION, VIOLATION, Scene
from .subjects import Cast, Mention

_MOST_LINKS = 50_000
"""In one text. More come of a roster whose hundreds of names are no group, and would fill the memory."""


def attach(scene: Scene, cast: Cast) -> list[Subjects]:
    """Return the subjects of each entity; only those of VIOLATION and SANCTION are filled."""
    return _Reading(scene, cast).run()


class _Reading:
    """One pass through a scene, which remembers whom the text speaks of."""

    def __init__(self, scene: Scene, cast: Cast) -> None:
        self.scene = scene
        self.cast = cast
        self.people = cast.mentions
        self.starts = [m.start for m in self.people]
        self.topic: Subjects = ()
        self.found: list[Subjects] = [()] * len(scene.entities)
        self.last_act = 0
        self.is_alone = len({who for mention in self.people for who in mention.subjects}) < 2

    def run(self) -> list[Subjects]:
        """Attach every entity in turn; charges of the headline wait for the end."""
        waiting: list[int] = []
        section = -1
        for index, entity in enumerate(self.scene.entities):
            if entity.letter not in (SANCTION, VIOLATION):
                continue
            here = self.scene.section(entity.at)
            if here != section:
                section = here
                self.topic = self.topic if self._goes_on(section) else ()
            got = self._violation(entity.at) if entity.letter == VIOLATION else self._sanction(entity.at)
            self.last_act = entity.at
            if got is None:
                waiting.append(index)
            else:
                self.found[index] = got
        held = tuple(sorted({who for got in self.found for who in got}))
        inside = self._by_section() if waiting else {}
        for index in waiting:
            section = self.scene.section(self.scene.entities[index].at)
            # A title that names nobody belongs to its section, a headline to the whole notice.
            self.found[index] = self._first(index, inside.get(section) or held)
        deal(self.scene, self.found)
        share(self.scene, self.found)
        self._recover(set(waiting))
        self._drop_firms()
        self._drop_excess()
        return self.found

    def _goes_on(self, section: int) -> bool:
        """Say whether a section names nobody and stands amid a line, or the notice speaks of one person."""
        sections = self.scene.sections
        start = sections[section]
        end = sections[section + 1] if section + 1 < len(sections) else len(self.scene.text)
        i = bisect_left(self.starts, start)
        if i < len(self.starts) and self.starts[i] < end:
            return False
        return start not in self.scene.lines or self.is_alone

    def _before(self, at: int, *, start: int) -> Mention | None:
        """Return the last group between two places that is no bystander of the act."""
        i = bisect_left(self.starts, at) - 1
        while i >= 0 and self.people[i].end > start:
            mention = self.people[i]
            lead = self.scene.text[max(start, mention.start - 4) : mention.start]
            if lead.endswith("由") and BY_WHOM.match(self.scene.text, mention.end):
                i -= 1
                continue
            close = at - mention.end <= 8
            if mention.end == at and self.scene.text[at] == SANCTION:
                return mention
            if close and COMITATIVE.search(lead) and i > 0 and self.starts[i - 1] >= start:
                first = self.people[i - 1]
                both = tuple(dict.fromkeys(first.subjects + mention.subjects))
                return Mention(first.start, mention.end, both, "group")
            if not OBLIQUE.search(lead) or i == 0 or (self.starts[i - 1] < start and not self.topic):
                return mention
            i -= 1
        return None

    def _after(self, at: int, *, end: int) -> Mention | None:
        i = bisect_right(self.starts, at)
        return self.people[i] if i < len(self.people) and self.starts[i] < end else None

    def _many(self, at: int, start: int) -> Subjects | None:
        """Return whom ``三人`` and the like stand for."""
        counts = list(MANY.finditer(self.scene.text, start, at))
        if not counts:
            return None
        last = counts[-1]
        if last[0] == "前者" or last[0] == "后者":
            pair = self._section_people(at)[-2:]
            return pair[:1] if last[0] == "前者" else pair[-1:]
        section = self._section_people(at)
        if last["all"]:
            return section
        count = 2 if last["pair"] else number_of(last["count"])
        if last["other"]:
            section = tuple(who for who in section if who not in self.topic[-1:])
        if len(section) >= count:
            recent = self._recent(at)
            chosen = [who for who in recent if who in section][:count]
            return tuple(who for who in section if who in chosen)
        return ()

    def _recent(self, at: int) -> list[int]:
        seen: dict[int, None] = {}
        for i in range(bisect_left(self.starts, at) - 1, max(-1, bisect_left(self.starts, at) - 12), -1):
            for who in reversed(self.people[i].subjects):
                seen.setdefault(who)
        return list(seen)

    def _section_people(self, at: int) -> Subjects:
        start = self.scene.sections[self.scene.section(at)]
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, at)
        return tuple(dict.fromkeys(who for mention in self.people[low:high] for who in mention.subjects))

    def _move_topic(self, at: int, sentence: int) -> None:
        """Take up the subject of a sentence in between that tells of no act."""
        scene = self.scene
        low = max(self.last_act, scene.sections[scene.section(at)])
        i = bisect_left(self.starts, low)
        moved: Subjects = ()
        seen = -1
        while i < len(self.starts) and self.starts[i] < sentence:
            mention = self.people[i]
            number = scene.sentence(mention.start)
            lead = scene.text[max(0, mention.start - 4) : mention.start]
            if (
                number != seen
                and (number > scene.sentence(low) or mention.start > self.last_act)
                and not OBLIQUE.search(lead)
                and mention.subjects
                and not all(map(self._investigates, mention.subjects))
            ):
                if not SAYS.match(scene.text, mention.end):
                    moved = mention.subjects
                seen = number
            i += 1
        if moved:
            self.topic = moved

    def _investigates(self, who: int) -> bool:
        """Say whether somebody's post is one of those that look into what others do."""
        entities = self.scene.entities
        return any(INVESTIGATOR.search(entities[index].text) for index in self.cast.subjects[who].posts)

    def _violation(self, at: int) -> Subjects | None:
        scene = self.scene
        sentence, end = scene.sentence_start(at), scene.sentence_end(at)
        before = self._before(at, start=sentence)
        after = self._after(at, end=end)
        if (
            after is not None
            and FORE.fullmatch(scene.text[at : after.start])
            and (
                before is None
                or scene.clause(before.start) != scene.clause(at)
                or scene.text[before.end : at] in "对，因"
            )
        ):
            self.topic = after.subjects
            return after.subjects
        return self._actor(at, before, after, sentence)

    def _actor(self, at: int, before: Mention | None, after: Mention | None, sentence: int) -> Subjects | None:
        scene = self.scene
        if before is not None and before.kind == "group" and AND_OTHERS.match(scene.text, before.end - 1):
            self.topic = before.subjects
            return None
        if (
            scene.text[at] == VIOLATION
            and KIND_OF_CASES.search(scene.text[max(sentence, at - 5) : at])
            and (before is None or before.kind == "body")
            and not scene.section(at)
        ):
            return None
        if before is None and after is not None and CAUSE.fullmatch(scene.text[sentence : after.start]):
            self.topic = after.subjects
            return after.subjects
        many = self._many(at, before.end if before else sentence)
        if many is not None:
            if not many and scene.text[at] == SANCTION:
                return many
            if not many:
                return self.topic or None
            self.topic = many
            return many
        if before is not None:
            self.topic = before.subjects
            return before.subjects
        self._move_topic(at, sentence)
        if self.topic:
            return self.topic
        section = self._section_people(at)
        if section:
            self.topic = section[-1:]
            return self.topic
        if (
            after is not None
            and scene.text[at] == VIOLATION
            and re.match(rf"{VIOLATION}(?:[^。]{{0,20}}{VIOLATION})*[，,]?", scene.text[at:])
        ):
            lead = scene.text[sentence:at]
            if scene.section(at) or "因" in lead or not CHARGE_LEAD.search(lead):
                return after.subjects
        return None

    def _sanction(self, at: int) -> Subjects | None:
        scene = self.scene
        sentence, end = scene.sentence_start(at), scene.sentence_end(at)
        if COUNTED.match(scene.text, at + 1):
            return ()
        before = self._before(at, start=sentence)
        if self._is_of_stranger(at, before.end if before else sentence):
            return ()
        after = self._after(at, end=end)
        if (
            before is None
            and after is not None
            and re.fullmatch(
                rf"{SANCTION}(?:[、和]{SANCTION})*(?:处分)?的(?:还有|有|是)?", scene.text[at : after.start]
            )
        ):
            self.topic = after.subjects
            return after.subjects
        got = self._actor(at, before, after, sentence)
        if got is None and not scene.section(at) and after is None:
            return None
        return got

    def _is_of_stranger(self, at: int, start: int) -> bool:
        """Say whether the measure hits somebody without a post, who stands at the head of a clause."""
        scene = self.scene
        last = None
        for found in STRANGER.finditer(scene.text, start, at):
            head = scene.text[max(start, scene.clause_start(found.start())) : found.start()]
            if len(head) < 25 and not NOT_HEAD.search(head):
                last = found
        return last is not None

    def _by_section(self) -> dict[int, Subjects]:
        """Collect who is attached in each section of a list."""
        found: dict[int, set[int]] = {}
        for entity, got in zip(self.scene.entities, self.found, strict=True):
            if got:
                found.setdefault(self.scene.section(entity.at), set()).update(got)
        found.pop(0, None)
        return {number: tuple(sorted(who)) for number, who in found.items()}

    def _first(self, index: int, who: Subjects) -> Subjects:
        """Return as many persons as ``等三人`` says, all where nothing is said."""
        at = self.scene.entities[index].at
        before = self._before(at, start=self.scene.sentence_start(at))
        match = AND_OTHERS.match(self.scene.text, before.end - 1) if before else None
        if before is None or match is None:
            return who
        others = [one for one in who if one not in before.subjects and self.cast.subjects[one].kind != "body"]
        count = number_of(match["count"])
        return tuple(sorted((*before.subjects, *(others[: max(0, count - len(before.subjects))] if count else others))))

    def _drop_excess(self) -> None:
        """Leave out what is attached to more and more subjects after `_MOST_LINKS`."""
        for index, count in enumerate(accumulate(len(got) for got in self.found)):
            if count > _MOST_LINKS:
                self.found[index] = ()

    def _recover(self, charges: Collection[int]) -> None:
        """Take back what was gained together from all who did wrong together, where each has got a measure before.

        The charges of headlines tell of no wrong that was done together.
        """
        entities = self.scene.entities
        wrongs: list[Subjects] = []
        punished: set[int] = set()
        section = -1
        for index, entity in enumerate(entities):
            if self.scene.section(entity.at) != section:
                section = self.scene.section(entity.at)
                wrongs, punished = [], set()
            got = self.found[index]
            if entity.letter == VIOLATION and index not in charges:
                wrongs.append(got)
            elif entity.letter == SANCTION:
                lead = self.scene.text[self.scene.clause_start(entity.at) : entity.at]
                if len(got) == 1 and RECOVERY.search(entity.text) and not NOT_SHARED.search(lead):
                    group = next((who for who in reversed(wrongs) if len(who) > 1 and got[0] in who), got)
                    if punished.issuperset(group):
                        self.found[index] = group
                punished.update(got)

    def _drop_firms(self) -> None:
        """Leave out bodies of which no wrong is told and that are fined or lose a licence: private firms."""
        entities = self.scene.entities
        acts: dict[int, list[int]] = {}
        for index, got in enumerate(self.found):
            for who in got:
                if self.cast.subjects[who].kind == "body":
                    acts.setdefault(who, []).append(index)
        firms = {
            who
            for who, indices in acts.items()
            if all(entities[i].letter == SANCTION and FIRM.search(entities[i].text) for i in indices)
            or not any(entities[i].letter == SANCTION for i in indices)
        }
        if firms:
            self.found = [tuple(who for who in got if who not in firms) for got in self.found]
