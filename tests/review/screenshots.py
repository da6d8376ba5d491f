"""Make the pictures of docs/review.md again: `python -m tests.review.screenshots` in the checkout."""

import datetime
import io
import tempfile
from pathlib import Path

from PIL import Image
from typer.testing import CliRunner

from pipeline import cli
from pipeline.archive import run_rows
from pipeline.review.values import judged
from pipeline.review.verdicts import VerdictFile, place, verdict
from tests.review.browser import chromium, running

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
REPORT = "baku-raids.txt"


def main() -> None:
    """Extract the samples, let Ben judge some facts of one, and take pictures of what Anna sees and does."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        CliRunner().invoke(cli.app, ["extract", str(ROOT / "data" / "raw"), "-o", str(folder), "--quiet"])
        reports, texts, facts = (list(rows) for rows in run_rows(folder, "reports", "texts", "facts"))
        number, report = next((n, row) for n, row in enumerate(reports, 1) if row["id"] == REPORT)
        text = next(row["text"] for row in texts if row["report_id"] == REPORT)
        _ben(folder, report["sha256"], text, [row for row in facts if row["report_id"] == REPORT])
        with running(folder, "--reader", "Anna") as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1366, "height": 768}, device_scale_factor=1.25)
            page.goto(address)
            home = address.partition("?")[0]
            page.goto(f"{home}report/{number}")
            for key in "aaaa":
                page.wait_for_timeout(700)
                page.keyboard.press(key)
            page.goto(f"{home}report/{number}?type=count")
            page.keyboard.press("a")
            page.wait_for_timeout(3500)
            _kept(page.screenshot(), "review-report.png")
            page.keyboard.press("c")
            page.wait_for_timeout(300)
            _kept(page.screenshot(clip={"x": 950, "y": 48, "width": 416, "height": 560}), "review-correct.png")
            page.goto(f"{home}?order=doubt")
            page.keyboard.press("j")
            _kept(page.screenshot(), "review-list.png")
    print(f"Pictures in {IMAGES}")  # noqa: T201


def _kept(picture: bytes, name: str) -> None:
    """Keep a picture in 128 colours: a third of the size."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(IMAGES / name, optimize=True)


def _ben(folder: Path, sha256: str, text: str, facts: list[dict[str, object]]) -> None:
    verdicts = VerdictFile(folder / "verdicts.jsonl")
    at = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
    for row in [row for row in facts if row["type"] == "count"]:
        said = judged("count", row)
        start, end = int(str(row["start"])), int(str(row["end"]))
        right = said | {"status": "sentenced"} if row["low"] == 48 else said
        act = "accept" if right == said else "correct"
        about = {"type": "count", "place": place(text, start, end), "found": said, "value": right}
        verdicts.append(verdict("Ben", act, at=at, report_id=REPORT, sha256=sha256, **about))


if __name__ == "__main__":
    main()
