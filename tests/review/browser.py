"""A real browser on a running `casefacts review`: Debian's Chromium, driven by Playwright."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `casefacts review` as people do, and give the address that it prints and the number of its process."""
    command = [sys.executable, "-m", "pipeline.cli", "review", str(folder), "--no-browser", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield _address(process), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[str]:
    """Run `casefacts review` as people do, and give the address that it prints."""
    with serving(folder, *options) as (address, _):
        yield address


def busy(process: int) -> float:
    """Return the seconds of processor time that a process has taken so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser without a window; Chromium's own sandbox does not work for root."""
    root = getattr(os, "geteuid", lambda: 1)() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        try:
            yield browser
        finally:
            browser.close()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line):
            return found[0]
    raise AssertionError("".join(told))
