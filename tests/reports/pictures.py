"""Takes the screenshots in docs/images: python tests/reports/pictures.py REPORT.html [MATRIX.html].

REPORT.html is the report of requests-oauthlib, MATRIX.html the matrix that `make clients` writes to docs/_build/clients.
Chromium takes the screenshots.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parents[2] / "docs" / "images"
FINDING = "auth.basic-form-urlencoded"


def main(report: Path, matrix: Path | None = None, folder: Path = IMAGES) -> None:
    """Take the screenshots of a report, and those of a matrix if there is one."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce")
        page.goto(report.resolve().as_uri())
        page.screenshot(path=folder / "report.png")
        _open(page, FINDING)
        page.screenshot(path=folder / "report-finding.png")
        if matrix is not None:
            page.goto(matrix.resolve().as_uri())
            page.screenshot(path=folder / "matrix.png")
        browser.close()


def _open(page: Page, requirement: str) -> None:
    card = page.locator(f"[id='r-{requirement}']")
    card.locator("summary").first.click()
    card.evaluate("card => window.scrollTo(0, card.getBoundingClientRect().top + window.scrollY - 8)")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
