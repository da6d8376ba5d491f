"""Archives and tables on other filesystems, called by an address: the same tables as from here to here."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import fs

from pipeline.batch import Reading, Running, Summary, run
from pipeline.errors import CasefactsError
from pipeline.folders import Folder
from pipeline.readers import read
from pipeline.schema import Rejected
from pipeline.writers import Format
from tests.stand_in import TEXT, extract

READING = Reading(duplicates=True, published=datetime.date(2017, 10, 3))
NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    for n in range(20):
        inside = folder / ("b/c" if n % 3 else "")
        inside.mkdir(parents=True, exist_ok=True)
        (inside / f"{n:02}.txt").write_text(f"{TEXT} It was number {n}.", encoding="utf-8")
    (folder / "b/rows.jsonl").write_text(json.dumps({"id": "row", "text": TEXT}), encoding="utf-8")
    (folder / "b/.hidden.txt").write_text(TEXT, encoding="utf-8")
    (folder / "a.txt").touch()
    return folder


def ran(source: str, out: str | Path, kind: Format = "parquet") -> Summary:
    return run([source], out, extract=extract, clock=lambda: NOW, reading=READING, running=Running(seconds=0.0), format=kind)


def test_an_archive_elsewhere_is_read_in_the_same_order(archive: Path) -> None:
    here = list(read([archive], duplicates=True))
    there = list(read([f"file://{archive}"], duplicates=True))
    assert [getattr(item, "id", None) for item in there] == [getattr(item, "id", None) for item in here]
    assert [getattr(item, "text", None) for item in there] == [getattr(item, "text", None) for item in here]
    assert [item.source for item in there] == [
        f"file://{archive}/{Path(item.source or '').relative_to(archive)}" for item in here
    ]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the address of a bucket of a server that speaks S3, with a gap for the path."""
    server = pytest.importorskip("moto.server", reason="no server that speaks S3: moto").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    options = f"endpoint_override={host}:{port}&scheme=http&region=us-east-1&allow_bucket_creation=true"
    yield f"s3://bucket/%s?{options}"
    server.stop()


def test_from_s3_to_s3(archive: Path, tmp_path: Path, bucket: str) -> None:
    there = Folder.of(bucket % "reports")
    there.files.create_dir("bucket")
    for path in Folder.of(archive).below():
        folder, _, name = f"reports/{path}".rpartition("/")
        Folder(there.files, f"bucket/{folder}").write(name, pa.py_buffer((archive / path).read_bytes()))
    ran(bucket % "reports", tmp_path / "here")
    first = ran(bucket % "reports", bucket % "tables")
    again = ran(bucket % "reports", bucket % "tables")
    assert (first.kept, first.reports, again.kept) == (0, 21, 21)
    for name in ("reports", "facts", "claims", "incidents", "rejected"):
        with there.files.open_input_file(f"bucket/tables/{name}.parquet") as file:
            assert file.read() == (tmp_path / "here" / f"{name}.parquet").read_bytes()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("file:///nowhere/at/all", "missing", id="not there"),
        pytest.param("nothing://bucket/reports", "unreadable", id="no such filesystem"),
    ],
)
def test_an_address_that_cannot_be_read_is_rejected(address: str, reason: str) -> None:
    (found,) = read([address])
    assert isinstance(found, Rejected)
    assert (found.source, found.reason) == (address, reason)


def test_tables_elsewhere_are_those_of_here(archive: Path, tmp_path: Path) -> None:
    ran(f"file://{archive}", tmp_path / "here")
    first = ran(f"file://{archive}", f"file://{tmp_path}/there")
    names = sorted(path.name for path in (tmp_path / "here").glob("*.parquet"))
    assert len(names) == 6
    for name in names:
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    (archive / "new.txt").write_text(f"{TEXT} New.", encoding="utf-8")
    again = ran(f"file://{archive}", f"file://{tmp_path}/there")
    assert (first.kept, again.kept, again.reports) == (0, 21, 22)


def test_tables_elsewhere_of_another_format_and_of_others(archive: Path, tmp_path: Path) -> None:
    there = f"file://{tmp_path}/there"
    ran(str(archive), there)
    ran(str(archive), there, "csv")
    visible = sorted(path.name for path in (tmp_path / "there").iterdir() if not path.name.startswith("."))
    assert visible == ["claims.csv", "facts.csv", "incidents.csv", "rejected.csv", "reports.csv", "run.json", "texts.csv"]
    (tmp_path / "there/run.json").unlink()
    with pytest.raises(CasefactsError, match="which no run of casefacts made"):
        ran(str(archive), there, "csv")


def test_keys_in_an_address_are_not_told(archive: Path, tmp_path: Path) -> None:
    ran("file://user:secret@localhost/nowhere", tmp_path / "out")
    assert "secret" not in (tmp_path / "out/run.json").read_text(encoding="utf-8")
    assert b"secret" not in (tmp_path / "out/rejected.parquet").read_bytes()


def test_a_folder_that_is_not_of_this_machine(tmp_path: Path) -> None:
    there = Folder(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()), "parts")
    there.write("one", pa.py_buffer(b"content"))
    there.fetch("one", tmp_path / "copy")
    there.put(tmp_path / "copy")
    assert (there.names(), (tmp_path / "copy").read_bytes()) == (["copy", "one"], b"content")
    there.remove("one")
    there.remove("none")
    assert there.names() == ["copy"]
