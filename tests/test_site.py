"""The documentation as a site: it builds, every page is in it, no link leads nowhere, and what it prints is what the program prints."""

import io
import logging
import re
import runpy
import shutil
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from pipeline.console import so_far
from pipeline.summary import Progress, Summary

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"?(?:https?:)?//|<link[^>]+stylesheet[^>]+(?:https?:)?//|url\(\s*[\"']?https?:|@import"
)


def built(folder: Path, docs: Path = DOCS) -> Path:
    """Build the site as `make docs` does, into a folder of its own; return that folder."""
    build(load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(folder / "site")))
    return folder / "site"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Return a copy of the pages that may be spoilt."""
    return Path(shutil.copytree(DOCS, tmp_path / "docs"))


def refused(docs: Path, folder: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Return what the build of *docs* complains of."""
    with caplog.at_level(logging.WARNING, "mkdocs"), pytest.raises(Abort):
        built(folder, docs)
    return caplog.text


def test_builds_with_every_page_and_fetches_nothing(tmp_path: Path) -> None:
    site = built(tmp_path)
    assert {page.stem for page in DOCS.glob("*.md")} <= {page.stem for page in site.glob("*.html")}
    assert [
        page.name for page in [*site.glob("*.html"), *site.glob("*.css")] if FETCHED.search(page.read_text(encoding="utf-8"))
    ] == []


def test_a_page_that_the_nav_lacks_fails(docs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (docs / "forgotten.md").write_text("# Forgotten\n", encoding="utf-8")
    assert "forgotten.md" in refused(docs, tmp_path, caplog)


@pytest.mark.parametrize("link", ["gone.md", "tables.md#no-such-heading", "#no-such-heading"])
def test_a_link_that_leads_nowhere_fails(link: str, docs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (docs / "scale.md").write_text(f"# Scale\n\n[there]({link})\n", encoding="utf-8")
    assert link in refused(docs, tmp_path, caplog)


def test_commands_md_is_the_help_of_the_commands() -> None:
    page = runpy.run_path(str(DOCS / "commands.py"))["page"]
    assert page() == (DOCS / "commands.md").read_text(encoding="utf-8"), "run make docs"


def test_the_tutorial_prints_what_it_says() -> None:
    """Figures may change with the detector (make refresh writes them anew); commands, columns, names and words may not."""
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    now = runpy.run_path(str(DOCS / "tutorial.py"))["told"](text)
    assert now.count("$ casefacts") >= 4
    assert figureless(now) == figureless(text), "run make refresh"


def test_how_far_a_slow_run_has_come_is_no_part_of_the_tutorial() -> None:
    told = so_far(Progress(Summary(reports=1), words_done=98, words_left=0, all_read=True), 14.0)
    assert runpy.run_path(str(DOCS / "tutorial.py"))["_SO_FAR"].sub("", f"{told}\nNext\n") == "Next\n"


def figureless(text: str) -> list[str]:
    """Return the lines of *text* without figures and without the width of the columns around them."""
    return [" ".join(re.sub(r"[\d.,]*\d", "0", line).split()) for line in io.StringIO(text)]
