"""Merging: nothing disputed is taken unasked, nothing of either side is lost, and files are written once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import read_gold
from tongbao.corpus.merge import Side, conflicts_path, merge, write_merge
from tongbao.corpus.notice import Notice

from .notice_samples import AWKWARD, SHARED_VIOLATION, notice, notices

AGREED = notice("[甲](OFFICIAL 1)[旷工](VIOLATION 1)，[丙](OFFICIAL 2)[受贿](VIOLATION 2)。", notice_id="agreed")
RENUMBERED = notice("[甲](OFFICIAL 2)[旷工](VIOLATION 2)，[丙](OFFICIAL 1)[受贿](VIOLATION 1)。", notice_id="agreed")
LONG = notice("😀[林某](OFFICIAL 1)[受贿](VIOLATION 1)，被[警告](SANCTION 1)。", notice_id="disputed", annotator="chen")
SHORT = notice("😀[林某](OFFICIAL 1)[受贿](VIOLATION 1)，被警告。", notice_id="disputed", annotator="lin")


def test_other_case_numbers_are_no_conflict_and_those_of_a_stay() -> None:
    found = merge([AGREED], [RENUMBERED])
    assert (found.notices, found.conflicts, found.set_aside) == ((AGREED,), (), ())


@pytest.mark.parametrize(("prefer", "taken"), [(None, ()), ("a", (LONG,)), ("b", (SHORT,))])
def test_a_notice_in_conflict_is_taken_from_the_preferred_side_alone(
    prefer: Side | None, taken: tuple[Notice, ...]
) -> None:
    found = merge([LONG, AGREED], [RENUMBERED, SHORT], prefer=prefer)
    assert found.notices == (*taken, AGREED)
    assert [(each.id, each.start, each.kind, each.a, each.b) for each in found.conflicts] == [
        ("disputed", LONG.text.index("警告"), "only-a", "SANCTION 1 警告", "")
    ]
    assert (found.disputed, found.set_aside) == (("disputed",), () if prefer else ("disputed",))


@pytest.mark.parametrize("prefer", [None, "a", "b"])
def test_what_only_one_has_is_never_taken(prefer: Side | None) -> None:
    found = merge([AGREED, LONG], [SHARED_VIOLATION, AGREED], prefer=prefer)
    assert (found.notices, found.set_aside) == ((AGREED,), ("disputed", "shared-violation"))


def test_headers_say_both_annotators_and_the_later_time() -> None:
    a = notice("[甲](OFFICIAL)", form="brief", annotator="lin", confirmed="2026-05-04T09:12:44Z")
    b = notice("[甲](OFFICIAL)", form="report", title="通报", annotator="chen, lin", confirmed="2026-05-05T08:00:00Z")
    (merged,) = merge([a], [b]).notices
    assert merged.meta == {
        "form": "brief",
        "title": "通报",
        "annotator": "chen, lin",
        "confirmed": "2026-05-05T08:00:00Z",
    }


def members(of: Notice) -> list[list[int]]:
    """The members of each case, without its number."""
    numbers = {number for entity in of.entities for number in entity.cases}
    return sorted([entity.start for entity in of.entities if number in entity.cases] for number in numbers)


@given(notices(), st.data())
def test_a_notice_is_agreed_on_exactly_where_the_cases_have_the_same_members(one: Notice, data: st.DataObject) -> None:
    cases = st.sets(st.integers(1, 3), max_size=2).map(lambda numbers: tuple(sorted(numbers)))
    few = [[replace(entity, cases=data.draw(cases)) for entity in one.entities[:4]] for _ in "ab"]
    a, b = (replace(one, entities=tuple(entities)) for entities in few)
    assert bool(merge([a], [b]).notices) is (members(a) == members(b))


def test_texts_that_differ_are_refused() -> None:
    with pytest.raises(AnnotationError, match="agreed: the texts of the two annotations differ"):
        merge([AGREED], [replace(AGREED, text=AGREED.text + "。")])


def test_the_folder_holds_what_was_agreed_and_the_list_beside_it_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    outcomes = write_merge(merge([*AWKWARD, LONG], [*AWKWARD, SHORT]), folder)
    assert outcomes["written"] == [sample.id for sample in AWKWARD]
    back = {sample.id: sample for sample in read_gold(folder)}
    assert {name: (found.text, found.entities) for name, found in back.items()} == {
        sample.id: (sample.text, sample.entities) for sample in AWKWARD
    }
    (line,) = conflicts_path(folder).read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "id": "disputed",
        "start": 7,
        "kind": "only-a",
        "a": "SANCTION 1 警告",
        "b": "",
        "context": "😀林某受贿，被【警告】。",
        "taken": None,
    }
    again = write_merge(merge([*AWKWARD, LONG], [*AWKWARD, LONG]), folder)
    assert (again["written"], len(again["unchanged"])) == (["disputed"], len(AWKWARD))
    assert not conflicts_path(folder).exists()


def test_a_name_that_leads_out_of_the_folder_stops_all(tmp_path: Path) -> None:
    both = [AGREED, replace(LONG, id="../escaped")]
    with pytest.raises(AnnotationError, match=r"'../escaped' is no name of a file"):
        write_merge(merge(both, both), tmp_path / "gold")
    assert list(tmp_path.iterdir()) == []
