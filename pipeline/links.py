"""How sure it is that an entity belongs to a subject: a logistic regression over where the two stand."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from math import exp, log1p
from pathlib import Path

from ..corpus.errors import ModelError
from .dealing import Subjects
from .scene import POSITION, SANCTION, VIOLATION, Scene
from .subjects import Cast, Mention

SHIPPED = Path(__file__).with_name("links.json")
FEATURES = (
    *("linked", "share", "n_linked", "n_subjects", "n_acts", "has_no_act", "n_with_acts", "nobody_linked"),
    *("before", "before_distance", "before_others", "before_sentence", "before_clause", "before_section"),
    *("after", "after_distance", "after_others", "after_sentence", "after_section"),
    *("recency", "of_last_act", "of_next_act", "is_body", "is_post", "has_post", "is_repeated"),
    *("in_preamble", "has_sections"),
)
"""What a pair of a subject and an entity is judged by: what the rules say, and the nearest mentions on both sides."""
KINDS = {POSITION: "posts", SANCTION: "acts", VIOLATION: "acts"}
"""Which weights an entity is judged by, by the letter of its label."""

_FAR = 8.0
"""In the place of the logarithm of a distance, where there is no mention."""
_MOST = 5
_REACH = 200
"""How many mentions are looked through for other subjects."""
_ACTS = (SANCTION, VIOLATION)


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic regression: one coefficient for each of `FEATURES`, and the intercept."""

    coefficients: tuple[float, ...]
    intercept: float

    def probability(self, row: Sequence[float]) -> float:
        """Return how probable it is that the subject and the entity of a row of features belong together."""
        score = self.intercept + sum(weight * value for weight, value in zip(self.coefficients, row, strict=True))
        return 1 / (1 + exp(-score)) if score > -_MOST * _FAR else 0.0


class Pairs:
    """The pairs of one scene: subjects on one side, their posts, wrongs and measures on the other.

    Parameters
    ----------
    scene, cast
        The scene and who is in it.
    linked
        The subjects of each entity by the rules; of a POSITION those who hold it.
    """

    def __init__(self, scene: Scene, cast: Cast, linked: Sequence[Subjects]) -> None:
        self.scene = scene
        self.cast = cast
        self.linked = linked
        self.starts = [mention.start for mention in cast.mentions]
        self.acts = [index for index, entity in enumerate(scene.entities) if entity.letter in _ACTS]
        self.n_acts = Counter(who for index in self.acts for who in linked[index])
        # Bodies are of the cast where a measure hits them; of the others every one may be meant.
        self.subjects = [who for who, subject in enumerate(cast.subjects) if subject.kind != "body" or self.n_acts[who]]
        self.mentions: dict[int, list[Mention]] = {}
        for mention in cast.mentions:
            for who in mention.subjects:
                self.mentions.setdefault(who, []).append(mention)
        self.starts_of = {who: [mention.start for mention in told] for who, told in self.mentions.items()}
        self.recent: list[list[int]] = [[]]
        for mention in cast.mentions:
            latest = dict.fromkeys((*reversed(mention.subjects), *self.recent[-1]))
            self.recent.append(list(islice(latest, _MOST)))

    def row(self, index: int, who: int) -> list[float]:
        """Return the `FEATURES` of the pair of an entity and a subject."""
        scene, at = self.scene, self.scene.entities[index].at
        linked = self.linked[index]
        mentions = self.mentions.get(who, [])
        place = bisect_left(self.starts_of.get(who, ()), at)
        before = mentions[place - 1] if place else None
        after = mentions[place] if place < len(mentions) else None
        recent = self.recent[bisect_left(self.starts, at)]
        last, following = self._neighbours(index)
        subject = self.cast.subjects[who]
        return [
            who in linked,
            (who in linked) / max(1, len(linked)),
            log1p(len(linked)),
            log1p(len(self.subjects)),
            log1p(self.n_acts[who]),
            not self.n_acts[who],
            len(self.n_acts),
            not linked,
            before is not None,
            log1p(max(0, at - before.end)) if before else _FAR,
            self._others(before.start + 1, at) if before else _MOST,
            before is not None and scene.sentence(before.start) == scene.sentence(at),
            before is not None and scene.clause(before.start) == scene.clause(at),
            before is not None and scene.section(before.start) == scene.section(at),
            after is not None,
            log1p(after.start - at) if after else _FAR,
            self._others(at + 1, after.start) if after else _MOST,
            after is not None and scene.sentence(after.start) == scene.sentence(at),
            after is not None and scene.section(after.start) == scene.section(at),
            recent.index(who) if who in recent else _MOST,
            who in last,
            who in following,
            subject.kind == "body",
            subject.kind == "post",
            bool(subject.posts),
            len(subject.names) > 1,
            not scene.section(at),
            len(scene.sections) > 1,
        ]

    def probability(self, index: int, who: int) -> float:
        """Return how probable it is that an entity belongs to a subject, given that both are what they seem."""
        weights = shipped()[KINDS[self.scene.entities[index].letter]]
        return weights.probability(self.row(index, who))

    def _others(self, start: int, end: int) -> int:
        """Count who is mentioned between two places, `_MOST` at most."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        seen: set[int] = set()
        for mention in self.cast.mentions[low : min(high, low + _REACH)]:
            seen.update(mention.subjects)
            if len(seen) >= _MOST:
                return _MOST
        return len(seen)

    def _neighbours(self, index: int) -> tuple[Subjects, Subjects]:
        """Return the subjects of the wrong or measure before an entity and of the one after it."""
        place = bisect_left(self.acts, index)
        following = place + (place < len(self.acts) and self.acts[place] == index)
        return (
            self.linked[self.acts[place - 1]] if place else (),
            self.linked[self.acts[following]] if following < len(self.acts) else (),
        )


def to_json(weights: Mapping[str, Weights]) -> str:
    """Write weights down, those of each of `KINDS` by name."""
    content = {
        "features": list(FEATURES),
        **{kind: asdict(each) for kind, each in weights.items()},
    }
    return json.dumps(content, indent=1) + "\n"


@cache
def shipped() -> dict[str, Weights]:
    """Read the weights that ship.

    Raises
    ------
    ModelError
        When their file is missing, damaged or of other features.
    """
    try:
        content = json.loads(SHIPPED.read_text("utf-8"))
        if tuple(content["features"]) != FEATURES:
            raise ValueError("made for other features")
        return {
            kind: Weights(tuple(content[kind]["coefficients"]), content[kind]["intercept"])
            for kind in set(KINDS.values())
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"cannot be read ({error}): install tongbao again", where=str(SHIPPED)) from None
