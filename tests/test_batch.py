"""A run from end to end, with a stand-in for the extraction."""

import datetime
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from pipeline import batch
from pipeline.batch import Reading, Summary, groups, results, run, stream
from pipeline.errors import RuleError
from pipeline.readers import read
from pipeline.readers.rows import clean
from pipeline.schema import Extraction, Rejected, Report
from tests.stand_in import TEXT, extract

READING = Reading(duplicates=True, published=datetime.date(2017, 10, 3))


def clock() -> Iterator[datetime.datetime]:
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    return (start + datetime.timedelta(seconds=n) for n in range(9))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Forty reports, one of which no extraction survives, and an empty one."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(40):
        text = "EXPLODE" if n == 21 else TEXT
        (folder / f"{n:02}.txt").write_text(text, encoding="utf-8")
    (folder / "40.txt").touch()
    return folder


def ran(archive: Path, out: Path) -> Summary:
    ticks = clock()
    return run([archive], out, extract=extract, clock=lambda: next(ticks), reading=READING)


def test_the_run_ends_with_its_counts(archive: Path, tmp_path: Path) -> None:
    summary = ran(archive, tmp_path / "out")
    assert summary.reports == 39
    assert summary.rejected == {"failed": 1, "empty": 1}
    assert summary.facts["date"] == summary.countries["AZ"] == summary.years["2019"] == 39
    assert summary.words == 39 * len(TEXT.split())


def test_the_report_that_fails_is_rejected_alone(archive: Path, tmp_path: Path) -> None:
    ran(archive, tmp_path / "out")
    failed, empty = parquet.read_table(tmp_path / "out/rejected.parquet").to_pylist()
    assert (failed["reason"], Path(failed["source"]).name) == ("failed", "21.txt")
    assert "ValueError: boom" in failed["message"]
    assert empty["reason"] == "empty"
    read = parquet.read_table(tmp_path / "out/reports.parquet")["id"].to_pylist()
    assert read == [f"{n:02}.txt" for n in range(40) if n != 21]


def test_the_manifest(archive: Path, tmp_path: Path) -> None:
    ticks = clock()
    run(
        [archive],
        tmp_path / "out",
        extract=extract,
        clock=lambda: next(ticks),
        reading=READING,
        about=lambda: {"casefacts": "1.2"},
    )
    manifest = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert manifest["casefacts"] == "1.2"
    assert manifest["arguments"]["published"] == "2017-10-03"
    assert manifest["counts"]["rejected"] == {"empty": 1, "failed": 1}
    assert manifest["counts"]["facts"]["article"] == 39
    assert (manifest["started"], manifest["seconds"]) == ("2024-01-01T00:00:00+00:00", 1.0)
    assert manifest["tables"]["reports"]["rows"] == 39


def test_a_second_run_gives_the_same_tables_and_never_reads_its_own(archive: Path) -> None:
    ran(archive, archive / "out")
    first = (archive / "out/facts.parquet").read_bytes()
    summary = ran(archive, archive / "out")
    assert summary.reports == 39
    assert (archive / "out/facts.parquet").read_bytes() == first


@pytest.mark.parametrize("error", [RuleError("codes/x.yml: empty"), ImportError("no onnxruntime")])
def test_an_error_that_is_not_the_report_s_ends_the_run(archive: Path, tmp_path: Path, error: Exception) -> None:
    def broken(_: Iterable[Report]) -> Iterator[Extraction]:
        raise error

    with pytest.raises(type(error)):
        run(
            [archive],
            tmp_path / "out",
            extract=broken,
            clock=lambda: next(clock()),
            reading=READING,
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_an_extraction_that_loses_a_report_is_found_out(archive: Path) -> None:
    def lossy(reports: Iterable[Report]) -> Iterator[Extraction]:
        return (found for found in extract(reports) if found.report.id != "03.txt")

    items = results([archive / "02.txt", archive / "03.txt"], extract=lossy, reading=READING)
    assert [type(item) for item in items] == [Extraction, Rejected]


def test_what_is_rejected_keeps_its_place(archive: Path) -> None:
    sources: list[str | Path] = [
        "nope.txt",
        archive / "00.txt",
        archive / "40.txt",
        archive / "01.txt",
    ]
    found = [type(item) for item in results(sources, extract=extract, reading=READING)]
    assert found == [Rejected, Extraction, Rejected, Extraction]


def test_a_line_of_json_a_report(archive: Path) -> None:
    output = io.StringIO()
    seen: list[int] = []
    stream(
        [archive],
        output,
        extract=extract,
        reading=READING,
        watch=lambda progress: seen.append(progress.summary.reports),
    )
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert len(lines) == 39
    assert len(lines[0]["facts"]) == 5
    assert (seen[0], seen[-1], len(seen)) == (16, 39, 4)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([10] * 40, [16, 16, 8], id="short reports"),
        pytest.param([10, 300_000, 10], [2, 1], id="a long one fills its group"),
        pytest.param([], [], id="none"),
    ],
)
def test_groups_are_bounded(sizes: list[int], expected: list[int]) -> None:
    reports = (Report(id=str(n), text="x" * size) for n, size in enumerate(sizes))
    assert [len(group) for group in groups(reports)] == expected


def test_reads_no_further_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Report] = []

    def endless(*_: object, **__: object) -> Iterator[Report]:
        while True:
            read.append(Report(id=str(len(read)), text=TEXT))
            yield read[-1]

    monkeypatch.setattr(batch, "read", endless)
    next(results(["x"], extract=extract))
    assert len(read) == 16


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_any_text_survives_read_write_read(tmp_path: Path, texts: list[str]) -> None:
    source, output = tmp_path / "r.jsonl", tmp_path / "out"
    # The folder is that of all examples, and a run that reads nothing leaves the former tables.
    shutil.rmtree(output, ignore_errors=True)
    source.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts), encoding="utf-8")

    def whole(reports: Iterable[Report]) -> Iterator[Extraction]:
        for report in reports:
            (found,) = extract([Report(id=report.id, text="2019")])
            fact = found.facts[0].model_copy(update={"context": report.text, "text": report.text})
            yield Extraction(report=report, facts=(fact,))

    ticks = clock()
    run([source], output, extract=whole, clock=lambda: next(ticks), reading=READING, format="jsonl")
    kept = [clean(text) for text in texts if clean(text).strip()]
    again = [item.text for item in read(output / "facts.jsonl", published=READING.published, duplicates=True)
             if isinstance(item, Report)]  # fmt: skip
    assert again == [clean(text) for text in kept]
