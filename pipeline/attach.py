"""Rules that say whose wrong a VIOLATION is and whom a SANCTION hits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from .lexicon import characters
from .scene import OFFICIAL, SANCTION, VIOLATION, Scene
from .subjects import Cast, Mention

Subjects = tuple[int, ...]

_COUNT = {"二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_MANY = re.compile(
    r"(?P<other>另|其余|其他)?(?:上述|以上|这|该|等)?(?P<count>[二两三四五六七八九十]|\d{1,2})(?:名|位|个)?(?:村|基层|责任|涉案|公职|党员)?"
    r"(?:人|干部|同志|党员|责任人|人员)(?!民|大|员会|次|，其中)|(?P<pair>俩|二者|双方|叔侄|夫妻|父子|兄弟)|前者|后者|(?P<all>(?:上述|以上|有关|相关)(?:责任)?人(?:员)?)"
)
_OBLIQUE = re.compile(
    r"(?:[与和同跟向替为让比找请]|伙同|指使|安排|授意|要求|听取|接替|通过|提供给|转交|送给|交给|为了|因为|收受|叫|据)$"
)
_COMITATIVE = re.compile(r"(?:[与和同跟]|伙同|串通|勾结|联合)$")
_FORE = re.compile(
    rf"{VIOLATION}(?:[、，和及并]{{0,2}}{VIOLATION})*(?:一案|等)?(?:问题|行为|案|情况|现象)?(?:[^，。；{OFFICIAL}]{{0,8}})?的?[“”]?$"
)
_STRANGER = re.compile(
    rf"[{''.join(sorted(characters('surname') - set('某')))}]某[某甲乙丙丁A-Z]?|"
    r"老板|店主|业主|法定代表人|负责人员|经营者|"
    r"等[\d二两三四五六七八九十]+名?人|[\d一二两三四五六七八九十]+名(?![^，。；被]{0,4}(?:干部|同志|党员|官员|责任|公职))|"
    r"司机|家属|妻子|丈夫|外甥|亲戚|小舅子|同伙|其[子妻女弟兄夫妹父母](?!.{0,2}(?:去世|病|婚|生日))|村民|群众|商户|行贿人|嫌疑人|供应商|承包[人商]|律师|家长|男子|女子|总经理|董事长|经理|合伙人|当事人|股东|房东"
)
_CAUSE = re.compile(
    rf"[^，。；]{{0,20}}(?:因|由于|就|鉴于)[^，。；]{{0,12}}{VIOLATION}[^，。；]{{0,8}}(?:，[^，。；]{{0,12}})?"
)
_AND_OTHERS = re.compile(r".?等(?:(?P<count>[\d二两三四五六七八九十]+)名?)?(?:人|[^，。；被]{0,4}(?:干部|官员|党员))")
_SAYS = re.compile(r"[^，。；]{0,6}(?:说|介绍|表示|强调|指出|称|告诉|认为|回忆|感慨|坦言)")
_NOT_HEAD = re.compile(r"(?:[与和同跟向替为让比找请由从将把]|伙同|收受|的)[^、，]{0,8}$|其$|所[^，]*$")
_COUNTED = re.compile(
    r"(?:和处[理分])?[^，。；\n]{0,8}?[\d一二三四五六七八九十百两]+(?:余|多)?(?:人|名|件|起|个|次)(?![^，。；]{0,3}[年月日])"
)
_KIND_OF_CASES = re.compile(r"[\d一二三四五六七八九十两几多]+(?:起|例|宗|件)$")
_FIRM = re.compile(r"罚|吊销|黑名单|列入|停业|没收|许可|资质")
_CHARGE_LEAD = re.compile(r"(?:[\d一二三四五六七八九十两几多]+(?:起|例|宗|件|个|批)|关于|查处|通报|曝光|对|因)")


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
        self._zip()
        self._drop_firms()
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
            close = at - mention.end <= 8
            if mention.end == at and self.scene.text[at] == SANCTION:
                return mention
            if close and _COMITATIVE.search(lead) and i > 0 and self.starts[i - 1] >= start:
                first = self.people[i - 1]
                both = tuple(dict.fromkeys(first.subjects + mention.subjects))
                return Mention(first.start, mention.end, both, "group")
            if not _OBLIQUE.search(lead) or i == 0 or (self.starts[i - 1] < start and not self.topic):
                return mention
            i -= 1
        return None

    def _after(self, at: int, *, end: int) -> Mention | None:
        i = bisect_right(self.starts, at)
        return self.people[i] if i < len(self.people) and self.starts[i] < end else None

    def _many(self, at: int, start: int) -> Subjects | None:
        """Return whom ``三人`` and the like stand for."""
        counts = list(_MANY.finditer(self.scene.text, start, at))
        if not counts:
            return None
        last = counts[-1]
        if last[0] == "前者" or last[0] == "后者":
            pair = self._section_people(at)[-2:]
            return pair[:1] if last[0] == "前者" else pair[-1:]
        section = self._section_people(at)
        if last["all"]:
            return section
        count = 2 if last["pair"] else _number(last["count"])
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
                and not _OBLIQUE.search(lead)
                and mention.subjects
            ):
                if not _SAYS.match(scene.text, mention.end):
                    moved = mention.subjects
                seen = number
            i += 1
        if moved:
            self.topic = moved

    def _violation(self, at: int) -> Subjects | None:
        scene = self.scene
        sentence, end = scene.sentence_start(at), scene.sentence_end(at)
        before = self._before(at, start=sentence)
        after = self._after(at, end=end)
        if (
            after is not None
            and _FORE.fullmatch(scene.text[at : after.start])
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
        if before is not None and before.kind == "group" and _AND_OTHERS.match(scene.text, before.end - 1):
            self.topic = before.subjects
            return None
        if (
            scene.text[at] == VIOLATION
            and _KIND_OF_CASES.search(scene.text[max(sentence, at - 5) : at])
            and (before is None or before.kind == "body")
            and not scene.section(at)
        ):
            return None
        if before is None and after is not None and _CAUSE.fullmatch(scene.text[sentence : after.start]):
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
            if scene.section(at) or "因" in lead or not _CHARGE_LEAD.search(lead):
                return after.subjects
        return None

    def _sanction(self, at: int) -> Subjects | None:
        scene = self.scene
        sentence, end = scene.sentence_start(at), scene.sentence_end(at)
        if _COUNTED.match(scene.text, at + 1):
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
        for found in _STRANGER.finditer(scene.text, start, at):
            head = scene.text[max(start, scene.clause_start(found.start())) : found.start()]
            if len(head) < 25 and not _NOT_HEAD.search(head):
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
        match = _AND_OTHERS.match(self.scene.text, before.end - 1) if before else None
        if before is None or match is None:
            return who
        others = [one for one in who if one not in before.subjects and self.cast.subjects[one].kind != "body"]
        count = _number(match["count"])
        return tuple(sorted((*before.subjects, *(others[: max(0, count - len(before.subjects))] if count else others))))

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
            if all(entities[i].letter == SANCTION and _FIRM.search(entities[i].text) for i in indices)
            or not any(entities[i].letter == SANCTION for i in indices)
        }
        if firms:
            self.found = [tuple(who for who in got if who not in firms) for got in self.found]

    def _zip(self) -> None:
        """Deal measures out to a group in order, as ``分别受到`` says."""
        entities = self.scene.entities
        places = {entity.at: index for index, entity in enumerate(entities) if entity.letter}
        for match in _LIST.finditer(self.scene.text):
            items = [
                [places[place] for place in range(*part.span()) if place in places]
                for part in _ITEM.finditer(self.scene.text, match.start("list"), match.end("list"))
            ]
            who = self.found[items[0][0]]
            if 1 < len(who) < len(items):
                items = _merge(self.scene.text, items, places)
            if len(who) == len(items) > 1:
                for indices, one in zip(items, who, strict=True):
                    for index in indices:
                        self.found[index] = (one,)


def _merge(text: str, items: list[list[int]], places: dict[int, int]) -> list[list[int]]:
    """Take measures joined by 、 for one item where 和 parts the items."""
    at = {index: place for place, index in places.items()}
    merged = [list(items[0])]
    for item in items[1:]:
        place = at[item[0]]
        if text[place - 1] in "和与及":
            merged.append(list(item))
        else:
            merged[-1] += item
    return merged


_ITEM = re.compile(f"[{SANCTION}{VIOLATION}]")
_LIST = re.compile(
    rf"(?:分别|各自|依次)[^。；，{SANCTION}{VIOLATION}]{{0,12}}(?P<list>[{SANCTION}{VIOLATION}](?:(?:处分)?(?:[、和与及]|以及)[{SANCTION}{VIOLATION}])+)"
)


def _number(written: str | None) -> int:
    """Return a small number, 0 where none is written."""
    if written is None:
        return 0
    return int(written) if written.isdigit() else _COUNT.get(written, 0)
