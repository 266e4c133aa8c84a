"""Writes the pictures of the pages that README shows, with the shipped model (``make screenshots``)."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

import tongbao
from selenium.webdriver import Chrome
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.evaluation.batch_page import batch_page
from tongbao.evaluation.evaluate import score_predictions
from tongbao.evaluation.evaluation_page import evaluation_page
from tongbao.evaluation.marked import mark
from tongbao.evaluation.page import write_page
from tongbao.evaluation.slices import names_of

from .browser import browser

DOCS = Path(__file__).parents[2] / "docs"
WIDTH = 1240
BATCH = 300


def evaluated() -> str:
    gold = read_gold(HELDOUT)
    marked = mark(None, gold)
    report = score_predictions(
        gold,
        marked.predictions,
        model=marked.name,
        has_cases=marked.has_cases,
        gold_path=str(HELDOUT),
        known_names=names_of(read_gold(TRAIN)),
    )
    return evaluation_page(report, gold, marked.predictions)


def tagged(folder: Path) -> str:
    texts = ({"id": each.id, "text": each.text} for each in read_gold(TRAIN)[:BATCH])
    # A name without a folder, for it stands in the picture.
    os.chdir(folder)
    inbox = Path("inbox.jsonl")
    inbox.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    nlp = tongbao.load()
    if "norms" not in nlp.pipe_names:
        nlp.add_pipe("tongbao.norms", name="norms")
    return batch_page(list(tongbao.tag(tongbao.read(str(inbox)), nlp=nlp)), title="cases.jsonl")


def take(driver: Chrome, name: str, *, first: str, last: str, most: int) -> None:
    """Photograph the page from one element to the end of another, but no more than so many pixels."""
    box = "document.querySelector(arguments[0]).getBoundingClientRect()"
    top = driver.execute_script(f"return window.scrollY + {box}.top", first)
    bottom = driver.execute_script(f"return window.scrollY + {box}.bottom", last)
    clip = {"x": 0, "y": max(0, top - 10), "width": WIDTH, "height": min(bottom - top + 20, most), "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    (DOCS / name).write_bytes(b64decode(shot["data"]))


def main() -> None:
    with TemporaryDirectory() as folder, browser(width=WIDTH) as driver:
        page = Path(folder) / "page.html"
        write_page(evaluated(), page)
        driver.get(page.as_uri())
        take(driver, "evaluation_figures.png", first="header", last="h3 + .wide", most=1100)
        take(driver, "evaluation_errors.png", first="#confusion", last=".error:nth-child(4)", most=1100)
        write_page(tagged(Path(folder)), page)
        driver.get(page.as_uri())
        driver.execute_script("document.querySelector('#case-list button').click()")
        take(driver, "batch_counts.png", first="header", last=".grid > :nth-child(2)", most=1100)
        take(driver, "batch_cases.png", first="#cases", last="#case-list tr:nth-child(7)", most=1100)


if __name__ == "__main__":
    main()
