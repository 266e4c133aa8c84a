"""The pages: whole by themselves, with nothing in them that a notice could steer."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tongbao.corpus.errors import InputError, ModelError
from tongbao.corpus.notice import Notice
from tongbao.evaluation.evaluate import predict, score_predictions
from tongbao.evaluation.evaluation_page import evaluation_page
from tongbao.evaluation.page import write_page

from .pipelines import pipeline
from .samples import notice

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}&amp;\u2028\"'"
GOLD = [
    notice("[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。", id="a"),
    notice("𠮷𠮷[周某](OFFICIAL 1)[赌博](VIOLATION 1)，被[诫勉](SANCTION 1)。" + HOSTILE, id="b", form="<b>feature"),
]
WORDS = {"林某": "OFFICIAL", "私用": "VIOLATION", "警告": "SANCTION", "周某": "OFFICIAL", "赌博": "SANCTION"}


def page_of(gold: list[Notice]) -> str:
    predictions = predict(pipeline(WORDS), gold)
    report = score_predictions(gold, predictions, model=f"model {HOSTILE}", has_cases=True, n_boot=20)
    return evaluation_page(report, gold, predictions)


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


class Tags(HTMLParser):
    """Collects the tags of a page, and what its attributes would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.fetched += [
            value or "" for name, value in attrs if name in ("src", "srcset", "action", "xlink:href", "href")
        ]


def test_what_a_notice_says_is_never_mark_up() -> None:
    tags = Tags(page_of(GOLD)).found
    assert tags.count("script") == 2
    assert "img" not in tags


def test_texts_come_through_as_they_are() -> None:
    data = data_of(page_of(GOLD))
    (hostile,) = (each for each in data["notices"] if each["id"] == "b")
    assert hostile["text"] == GOLD[1].text
    assert hostile["form"] == "<b>feature"
    # Offsets count code points.
    start, end, label, cases, score = hostile["gold"][0]
    assert (hostile["text"][start:end], label, cases, score) == ("周某", "OFFICIAL", [1], None)


def test_nothing_is_fetched_and_no_other_script_runs() -> None:
    page = page_of(GOLD)
    assert all(link.startswith(("#", "data:")) for link in Tags(page).fetched)
    assert not re.search(r"@import|url\((?!#)", page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page


def test_errors_and_cases_of_the_page() -> None:
    data = data_of(page_of(GOLD))
    assert [(error["kind"], error["label"], error["found"]) for error in data["errors"]] == [
        ("wrong boundary", "VIOLATION", "VIOLATION"),
        ("wrong label", "VIOLATION", "SANCTION"),
        ("missed", "SANCTION", None),
    ]
    boundary = data["errors"][0]
    text = data["notices"][boundary["notice"]]["text"]
    assert text[boundary["start"] : boundary["end"]] == "公车私用"
    assert [each["errors"] for each in data["notices"]] == [2, 1]
    ((gold, found),) = data["notices"][0]["cases"]
    assert (gold["subject"], gold["VIOLATION"], gold["SANCTION"]) == ("周某", ["赌博"], ["诫勉"])
    assert (found["subject"], found["VIOLATION"], found["SANCTION"]) == ("周某", [], ["赌博"])


def test_errors_beside_another_model() -> None:
    words = {**WORDS, "公车私用": "VIOLATION", "周": "OFFICIAL"}
    del words["周某"], words["私用"]
    predictions, theirs = (predict(pipeline(each), GOLD) for each in (WORDS, words))
    other = [prediction.notice for prediction in theirs]
    report = score_predictions(GOLD, predictions, model="m", has_cases=True, n_boot=20)
    errors = data_of(evaluation_page(report, GOLD, predictions, other=other))["errors"]
    assert [(error["state"], error["kind"], error["label"]) for error in errors] == [
        ("new", "wrong boundary", "VIOLATION"),
        ("shared", "wrong label", "VIOLATION"),
        ("shared", "missed", "SANCTION"),
        ("mended", "wrong boundary", "OFFICIAL"),
    ]


def test_the_same_figures_give_the_same_page() -> None:
    assert page_of(GOLD) == page_of(GOLD)


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its folder does not exist"):
        write_page("", tmp_path / "missing" / "page.html")


def test_without_matplotlib_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModelError, match=r"pip install 'tongbao\[report\]'"):
        page_of(GOLD)
