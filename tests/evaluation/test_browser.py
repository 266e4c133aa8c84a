"""The pages in a real browser: filters filter, counts are right, nothing is complained of, nothing is fetched."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from tongbao.corpus.folder import HELDOUT, read_gold
from tongbao.corpus.notice import Notice
from tongbao.evaluation.batch import read_batch
from tongbao.evaluation.batch_page import batch_page
from tongbao.evaluation.comparison import compare
from tongbao.evaluation.evaluate import marked_already, score_predictions
from tongbao.evaluation.evaluation_page import evaluation_page
from tongbao.evaluation.page import write_page

from .samples import bare, notice

pytest.importorskip("selenium")
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from .browser import browser, complaints

pytestmark = pytest.mark.slow

HOSTILE = "</script><script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">"
GOLD = [
    notice("[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。", id="a"),
    notice("𠮷𠮷，[周某](OFFICIAL 1)[赌博](VIOLATION 1)，被[诫勉](SANCTION 1)。" + HOSTILE, id="b", form="feature"),
    notice("天晴，[吴某](OFFICIAL)说。", id="c", form="feature"),
]
FOUND = [
    notice("[林某](OFFICIAL 1)公车[私用](VIOLATION 1)，受到[警告](SANCTION 1)。", id="a"),
    notice("𠮷𠮷，[周某](OFFICIAL 1)[赌博](SANCTION 1)，被诫勉。" + HOSTILE, id="b", form="feature"),
    notice("天晴，[吴某](OFFICIAL)说。", id="c", form="feature"),
]


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def chromium(downloads: Path) -> Iterator[Chrome]:
    with browser(downloads=downloads) as driver:
        yield driver


@pytest.fixture
def driver(chromium: Chrome) -> Iterator[Chrome]:
    """The browser; after each test the console must be empty: a script that fails or is blocked speaks there."""
    chromium.get("about:blank")
    complaints(chromium)
    yield chromium
    assert complaints(chromium) == []


def open_page(driver: Chrome, page: str, folder: Path) -> None:
    out = folder / "page.html"
    write_page(page, out)
    driver.get(out.as_uri())


def evaluated(gold: list[Notice], found: list[Notice]) -> str:
    predictions = marked_already(found)
    report = score_predictions(gold, predictions, model=HOSTILE, has_cases=True, n_boot=20)
    return evaluation_page(report, gold, predictions)


def texts(driver: Chrome, selector: str) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, selector)]


def open_first_notice(driver: Chrome) -> None:
    driver.find_element(By.CSS_SELECTOR, "#notice-list summary").click()
    # It is filled when the browser tells that it was opened, which is a moment later.
    WebDriverWait(driver, 10).until(lambda each: each.find_elements(By.CSS_SELECTOR, "details[open] .sides"))


def choose(driver: Chrome, id: str, value: str) -> None:  # noqa: A002
    Select(driver.find_element(By.ID, id)).select_by_visible_text(value)


def test_errors_are_filtered(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, evaluated(GOLD, FOUND), tmp_path)
    assert texts(driver, "#error-count") == ["3 of 3 errors"]
    choose(driver, "error-label", "VIOLATION")
    assert texts(driver, "#error-count") == ["2 of 3 errors"]
    choose(driver, "error-kind", "wrong boundary")
    assert texts(driver, "#error-count") == ["1 of 3 errors"]
    assert texts(driver, "#error-list .error .side:first-child mark.focus") == ["公车私用\u20601"]
    assert texts(driver, "#error-list .error .side:last-child mark.focus") == ["私用\u20601"]
    choose(driver, "error-form", "feature")
    assert texts(driver, "#error-count") == ["0 of 3 errors"]
    for id, value in (("error-label", "every label"), ("error-kind", "every kind")):  # noqa: A001
        choose(driver, id, value)
    assert texts(driver, "#error-count") == ["2 of 3 errors"]
    driver.find_element(By.ID, "error-search").send_keys("被诫勉")
    assert texts(driver, "#error-count") == ["2 of 3 errors"]
    driver.find_element(By.ID, "error-search").send_keys("了")
    assert texts(driver, "#error-count") == ["0 of 3 errors"]


def test_errors_that_another_model_does_not_make(driver: Chrome, tmp_path: Path) -> None:
    predictions, other = marked_already(FOUND), [GOLD[0], bare(GOLD[1]), GOLD[2]]
    report = score_predictions(GOLD, predictions, model="m", has_cases=True, n_boot=20)
    comparison = compare(GOLD, FOUND, other, other="other", with_links=True, n_boot=20)
    compared = replace(report, comparison=comparison)
    open_page(driver, evaluation_page(compared, GOLD, predictions, other=other), tmp_path)
    assert texts(driver, "#error-count") == ["3 of 5 errors"]
    choose(driver, "error-state", "new")
    assert texts(driver, "#error-list .error b") == ["VIOLATION", "VIOLATION"]
    choose(driver, "error-state", "mended")
    assert texts(driver, "#error-list .side:last-child small") == ["found by the other model"] * 2
    assert texts(driver, "#error-list .side:last-child mark") == []


def test_a_count_leads_to_its_errors(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, evaluated(GOLD, FOUND), tmp_path)
    button = driver.find_element(By.CSS_SELECTOR, "[data-error-label=SANCTION][data-error-kind=missed]")
    assert button.text == "1"
    button.click()
    assert texts(driver, "#error-count") == ["1 of 3 errors"]
    assert texts(driver, "#error-list .error b") == ["SANCTION"]


def test_a_notice_opens_with_its_cases(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, evaluated(GOLD, FOUND), tmp_path)
    choose(driver, "notice-state", "with errors")
    assert texts(driver, "#notice-count") == ["2 of 3 notices"]
    open_first_notice(driver)
    assert texts(driver, "details[open] .side:first-child mark")[0] == "周某\u20601"
    rows = [
        [cell.text for cell in row.find_elements(By.TAG_NAME, "td")]
        for row in driver.find_elements(By.CSS_SELECTOR, "details[open] tbody tr")
    ]
    assert rows == [["gold", "周某", "", "赌博", "诫勉"], ["found", "周某", "", "", "赌博"]]


def test_what_a_notice_says_stays_text(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, evaluated(GOLD, FOUND), tmp_path)
    open_first_notice(driver)
    assert HOSTILE in texts(driver, "details[open] .side:first-child")[0]
    assert driver.find_element(By.TAG_NAME, "h1").text == HOSTILE
    assert driver.title.startswith("</script>")
    assert driver.find_elements(By.TAG_NAME, "img") == []


def test_nothing_is_fetched_or_cut_off(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, evaluated(GOLD, FOUND), tmp_path)
    assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0
    wide, shown = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown
    assert driver.execute_script("return document.querySelectorAll('svg.plot path').length") > 0


def test_a_thousand_notices_are_shown_a_page_at_a_time(driver: Chrome, tmp_path: Path) -> None:
    heldout = read_gold(HELDOUT)
    gold = [Notice(f"{each.id}-{i}", each.text, each.meta, each.entities) for i in range(25) for each in heldout]
    found = [Notice(each.id, each.text, each.meta, each.entities[1:]) for each in gold]
    open_page(driver, evaluated(gold, found), tmp_path)
    assert texts(driver, "#notice-count") == ["1000 of 1000 notices"]
    assert len(driver.find_elements(By.CSS_SELECTOR, "#notice-list > *")) == 50
    driver.find_element(By.ID, "notice-more").click()
    assert len(driver.find_elements(By.CSS_SELECTOR, "#notice-list > *")) == 100
    driver.find_element(By.ID, "notice-search").send_keys("b001-7")
    assert texts(driver, "#notice-count") == ["1 of 1000 notices"]


RECORDS: list[dict[str, Any]] = [
    {
        "id": f"n{i}",
        "title": HOSTILE,
        "text": f"{name}受到{measure}。",
        "entities": [
            {"label": "OFFICIAL", "start": 0, "end": 2},
            {"label": "SANCTION", "start": 4, "end": 4 + len(measure)},
        ],
        "cases": [{"official": name, "subject": name, "sanctions": [1], "date": date, "stage": "discipline"}],
        "model": "m",
    }
    for i, (name, measure, date) in enumerate(
        [
            ("林某", "党内警告处分", "2020-03-01"),
            ("=周", "政务记过处分", "2021-04"),
            ("吴某", "党内严重警告处分", "2021"),
        ]
    )
]


def test_cases_are_filtered_opened_and_downloaded(driver: Chrome, tmp_path: Path, downloads: Path) -> None:
    records = tmp_path / "out.jsonl"
    records.write_text("".join(json.dumps(each) + "\n" for each in RECORDS), "utf-8")
    open_page(driver, batch_page(list(read_batch(records)), title=HOSTILE), tmp_path)
    assert texts(driver, "#case-count") == ["3 of 3 cases"]
    choose(driver, "case-kind", "party")
    assert texts(driver, "#case-list button") == ["林某", "吴某"]
    choose(driver, "case-kind", "every measure")
    choose(driver, "case-year", "2021")
    assert texts(driver, "#case-count") == ["2 of 3 cases"]
    driver.find_element(By.CSS_SELECTOR, "#case-list button").click()
    assert texts(driver, ".opened mark") == ["=周\u20601", "政务记过处分\u20601"]
    driver.find_element(By.ID, "case-csv").click()
    with downloaded(downloads / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["subject"], row["sanctions"]) for row in rows] == [
        ("'=周", "政务记过处分"),
        ("吴某", "党内严重警告处分"),
    ]
    assert re.fullmatch(r"\d of 3 cases", texts(driver, "#case-count")[0])


def downloaded(path: Path) -> Path:
    """Wait until the browser has written a file."""
    end = monotonic() + 30
    while not path.exists() and monotonic() < end:
        sleep(0.1)
    return path
