"""How far the matter of a case has gone, told by the wording of its measures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, get_args

Stage = Literal["clue", "investigation", "discipline", "prosecution", "verdict"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order in which a matter goes through them.

``discipline`` is any measure imposed without a criminal court: by Party, state, employer or police; ``prosecution``
begins where the matter is handed to criminal justice.
"""

# The first that fits a measure counts; simplified characters.
_WORDINGS: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    ("discipline", re.compile("(?:行政|司法)拘留|拘留.{1,3}[日天]|免予起诉")),
    (
        "verdict",
        re.compile(
            "判[处刑决监罚]|获刑|徒刑|死刑|死缓|拘役|缓刑|管制|罚金|没收(?:个人|全部)+财产|"
            "剥夺政治权利|免[予于]刑事处[罚分]|驳回上诉|维持原判|有罪"
        ),
    ),
    ("investigation", re.compile("移[送交].{0,8}(?:监委|监察|纪委|纪检)")),
    (
        "prosecution",
        re.compile(
            "起诉|公诉|逮捕|批捕|法办|通缉|移[送交].{0,14}(?:司法|检察|检查机关|检方|公安|警方|法院|依法)|司法机关|"
            "刑事拘留|刑拘|取保候审|监视居住|刑事强制|刑事立案|立案侦查"
        ),
    ),
    ("investigation", re.compile("立案|留置|审查|调查|[双两]规|“[双两]规”|拘留")),
    ("clue", re.compile("函询|线索|初核|初步核实")),
)


def stage_of(measure: str) -> Stage:
    """Return the stage that a measure belongs to: ``党内警告处分`` discipline, ``留置`` investigation."""
    return next((stage for stage, wording in _WORDINGS if wording.search(measure)), "discipline")


def furthest(measures: Iterable[str]) -> Stage | None:
    """Return the furthest stage that the measures of a case reach, None without a measure."""
    return max(map(stage_of, measures), key=STAGES.index, default=None)
