"""Chromium without a window, as the tests of the pages drive it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def complaints(driver: Any) -> list[str]:
    """Return what the console has been told since it was asked last: errors of scripts, and what was blocked."""
    return [entry["message"] for entry in driver.get_log("browser")]


@contextmanager
def browser(
    *, width: int = 1280, height: int = 900, dark: bool = False, downloads: Path | None = None
) -> Iterator[Chrome]:
    """Start a browser with a profile of its own, and end it."""
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise RuntimeError(f"the browser tests need {' and '.join(missing)}: run `make browser`")
    options = ChromeOptions()
    options.binary_location = str(found["chromium"])
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if downloads is not None:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    with TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        driver = Chrome(options=options, service=Service(str(found["chromedriver"])))
        try:
            if dark:
                scheme = [{"name": "prefers-color-scheme", "value": "dark"}]
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
            yield driver
        finally:
            driver.quit()
