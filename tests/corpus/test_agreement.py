"""Agreement: strict spans, cases whatever their numbers, and each difference once."""

from __future__ import annotations

import pytest
from tongbao.corpus.agreement import Score, agreement
from tongbao.corpus.errors import AnnotationError

from .notice_samples import AWKWARD, SHARED_VIOLATION, notice


def test_one_annotation_agrees_with_itself() -> None:
    found = agreement(AWKWARD, AWKWARD)
    assert (found.micro.f1, found.cases.f1, found.differences) == (1.0, 1.0, ())
    assert found.micro.both == sum(len(sample.entities) for sample in AWKWARD)


def test_scores_are_strict_and_by_label() -> None:
    a = notice("给予[镇长](POSITION 1)[林某](OFFICIAL 1)[党内警告处分](SANCTION 1)，[周某](OFFICIAL)未到")
    b = notice("给予[镇长](POSITION 1)[林某](OFFICIAL 1)[党内警告](SANCTION 1)处分，周某未到")
    found = agreement([a], [b])
    assert found.labels == {
        "OFFICIAL": Score(1, 2, 1),
        "POSITION": Score(1, 1, 1),
        "SANCTION": Score(0, 1, 1),
        "VIOLATION": Score(),
    }
    assert found.micro == Score(2, 4, 3)
    assert (found.labels["OFFICIAL"].precision, found.labels["OFFICIAL"].recall) == (1.0, 0.5)
    assert found.labels["VIOLATION"].f1 == 1.0
    assert [(each.kind, each.a, each.b) for each in found.differences] == [
        ("edges", "SANCTION 1 党内警告处分", "SANCTION 1 党内警告"),
        ("only-a", "OFFICIAL 周某", ""),
    ]
    assert found.differences[0].context == "给予镇长林某【党内警告处分】，周某未到"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[林某](POSITION 1)受贿", "label"),
        ("[林](OFFICIAL 1)某受贿", "edges"),
        ("[林某受贿](VIOLATION 1)", "label-and-edges"),
        ("林某受贿", "only-a"),
        ("[林某](OFFICIAL)受贿", "cases"),
    ],
)
def test_differences_are_told_apart(body: str, kind: str) -> None:
    found = agreement([notice("[林某](OFFICIAL 1)受贿")], [notice(body)])
    assert [each.kind for each in found.differences] == [kind]


def test_other_numbers_for_the_same_cases_are_no_difference() -> None:
    a = notice("[甲](OFFICIAL 1)[乙](SANCTION 1)[丙](OFFICIAL 2)[丁](SANCTION 2)")
    b = notice("[甲](OFFICIAL 3)[乙](SANCTION 3)[丙](OFFICIAL 1)[丁](SANCTION 1)")
    found = agreement([a], [b])
    assert (found.cases, found.differences) == (Score(4, 4, 4), ())


def test_a_member_of_another_case_is_a_difference() -> None:
    a = notice("[甲](OFFICIAL 1)[乙](SANCTION 1)[丙](OFFICIAL 2)[丁](SANCTION 2)[戊](SANCTION 2)")
    b = notice("[甲](OFFICIAL 1)[乙](SANCTION 1)[丙](OFFICIAL 2)[丁](SANCTION 1)[戊](SANCTION 2)")
    found = agreement([a], [b])
    assert found.cases == Score(4, 5, 5)
    assert [(each.kind, each.a, each.b) for each in found.differences] == [("cases", "SANCTION 2 丁", "SANCTION 1 丁")]


def test_notices_of_one_side_are_named() -> None:
    other = notice("无。", notice_id="n2")
    found = agreement([SHARED_VIOLATION, notice("甲")], [SHARED_VIOLATION, other])
    assert (found.only_a, found.only_b) == (("n1",), ("n2",))


@pytest.mark.parametrize(("body", "message"), [("甲。", "n1: the texts .* differ"), (None, "no notice in common")])
def test_what_cannot_be_compared_is_refused(body: str | None, message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        agreement([notice("甲")], [] if body is None else [notice(body)])
