"""A run over reports of its own, with names, words that spreadsheets run, letters beyond the BMP, and an event told twice."""

import datetime
import json
from pathlib import Path

import pytest
from spacy.language import Language

import pipeline
from pipeline.archive import link_archive
from pipeline.batch import run
from pipeline.exports.runs import Run, open_run, with_texts
from pipeline.writers import Format

NAMES = ("Rauf Mammadzade", "Olga Starikova", "José Núñez-Barrios", "Farida Osmanova")
REPORTS = [
    {
        "id": "mammadzade-case",
        "title": "The case of Rauf Mammadzade",
        "published": "2017-10-03",
        "publisher": "Olga Starikova",
        "url": "https://example.org/2017/RaufMammadzade",
        "text": "Police detained at least 48 students in Ganja, Azerbaijan, on 23 September 2017, the lawyer Olga Starikova said. "
        "The Ministry of Internal Affairs said that 41 students were detained.\n\n"
        "Rauf Mammadzade was sentenced to 20 days of administrative detention under Article 535.1 of the Code of Administrative "
        "Offences. Mammadzade was released on 14 October 2017.",
    },
    {
        "id": "ganja-again",
        "title": "=HYPERLINK(1)",
        "published": "2017-10-05",
        "text": "On 23 September 2017 police detained 48 students in Ganja, Azerbaijan, after a protest. "
        "According to Rauf Mammadzade, all the students were released.",
    },
    {
        "id": "osmanova, farida | letter",
        "title": "A letter",
        "text": "😀 José Núñez-Barrios was arrested in Havana, Cuba, in March 2019 with 12 teachers. "
        "Nunez was charged under Article 103 of the Penal Code. Farida Osmanova, his wife, said that he got up to 10 years. "
        "She spoke in City Square.",
    },
    {"id": "quiet", "title": None, "text": "Nothing happened. The rain went on.\r\nThe river rose."},
]


def _made(folder: Path, nlp: Language, kind: Format = "parquet") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(report, ensure_ascii=False) for report in REPORTS)
    (folder / "reports.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "osmanova.css").write_text("x", encoding="utf-8")
    now = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)
    about = {"casefacts": "0.1.0"}
    sources = [folder / "reports.jsonl", folder / "osmanova.css"]
    out = folder / "tables"
    run(sources, out, extract=lambda texts: pipeline.extract(texts, nlp=nlp), clock=lambda: now, format=kind, about=lambda: about)
    link_archive(out)
    return out


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, nlp: Language) -> Path:
    """Return the folder of a run's tables."""
    return _made(tmp_path_factory.mktemp("export"), nlp)


@pytest.fixture(scope="session")
def opened(folder: Path) -> Run:
    return with_texts(open_run(folder))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory, nlp: Language, folder: Path) -> dict[str, Path]:
    """Return the same tables in each format of tables."""
    others: list[Format] = ["csv", "jsonl"]
    return {"parquet": folder} | {kind: _made(tmp_path_factory.mktemp(kind), nlp, kind) for kind in others}
