"""HTML to PDF and PNG, by a browser on this computer that has no window and asks for nothing."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from carpel.errors import CarpelError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
WIDTH = 1100
SECONDS = 60
_HEIGHT = re.compile(r'data-height="(\d+)"')
_MEASURE = (
    "<script>const page = document.documentElement;page.dataset.height = page.scrollHeight</script>"
)


def printed(page: str, kind: Literal["pdf", "png"] | str) -> bytes:
    """The page as a PDF or a PNG; raises CarpelError where no browser is there, or it fails."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise CarpelError(
            f"A {kind.upper()} is made by a browser, and none is installed here.",
            action="Install Chromium or Chrome, or write --to card.html and print that.",
        )
    with TemporaryDirectory() as folder:
        html, made = Path(folder, "page.html"), Path(folder, f"page.{kind}")
        html.write_text(page, encoding="utf-8")
        if kind == "pdf":
            _run(browser, folder, html, f"--print-to-pdf={made}", "--no-pdf-header-footer")
        else:
            height = _height(browser, folder, page)
            _run(
                browser,
                folder,
                html,
                f"--screenshot={made}",
                f"--window-size={WIDTH},{height}",
                "--hide-scrollbars",
            )
        if not made.exists():
            raise _failed(browser, kind)
        return made.read_bytes()


def _height(browser: str, folder: str, page: str) -> int:
    """How high the page is at its width, in points."""
    measured = Path(folder, "measured.html")
    open_ = re.sub(r"<meta http-equiv=.Content-Security-Policy[^>]*>", "", page)
    measured.write_text(open_.replace("</body>", f"{_MEASURE}</body>"), encoding="utf-8")
    said = _run(browser, folder, measured, "--dump-dom", f"--window-size={WIDTH},800")
    found = _HEIGHT.search(said)
    return int(found[1]) if found else 1600


def _run(browser: str, folder: str, page: Path, *options: str) -> str:
    command = [
        browser,
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-sync",
        "--no-proxy-server",
        f"--user-data-dir={folder}/profile",
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *options,
        page.as_uri(),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(browser, type(error).__name__) from error
    return done.stdout


def _failed(browser: str, what: str) -> CarpelError:
    return CarpelError(
        f"The browser {Path(browser).name} could not make it ({what}).",
        action="Write --to card.html and print that from a browser.",
    )
