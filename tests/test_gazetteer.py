"""The gazetteer: keys, look-ups in a real index, and where the index is kept."""

import pickle
from pathlib import Path

import pytest

from pipeline import gazetteer as module
from pipeline.gazetteer import Gazetteer, Place, file_name, fold, open_gazetteer, sound


@pytest.fixture(scope="module")
def index() -> Gazetteer:
    return open_gazetteer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N'Djamena", "N’Djaména"),
        ("Port-au-Prince", "port au prince"),
        ("St. Louis", "Saint Louis"),
        ("İstanbul", "Istanbul"),
        ("Łódź", "Lodz"),
        ("Gəncə", "Ganca"),
    ],
)
def test_spellings_share_a_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Andizhan", "Andijan"),
        ("Hissor", "Hisor"),
        ("al-Qamishli", "Kamishli"),
        ("Tadjoura", "Tajura"),
    ],
)
def test_transcriptions_share_a_sound(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@pytest.mark.parametrize(
    ("name", "country", "feature"),
    [
        ("Baku", "AZ", "city"),
        ("Bujumbura", "BI", "city"),
        ("Glynn County", "US", "region"),
        ("Helmand", "AF", "region"),
        ("Sverdlovskaya oblast'", "RU", "region"),
    ],
)
def test_names_lead_to_places(index: Gazetteer, name: str, country: str, feature: str) -> None:
    first = index.named(name)[0]
    assert (first.country, first.feature) == (country, feature)


def test_unknown_names_lead_nowhere(index: Gazetteer) -> None:
    assert index.named("Xyzzyville") == ()


def test_countries_have_geonames_ids_and_no_coordinates(index: Gazetteer) -> None:
    georgia = index.country("GE")
    assert georgia is not None
    assert (georgia.geonames_id, georgia.latitude) == (614540, None)


def test_divisions_are_named_where_the_codes_are_isos(index: Gazetteer) -> None:
    austin = next(place for place in index.named("Austin") if place.population > 500_000)
    baku = index.named("Baku")[0]
    assert (austin.admin1, baku.admin1) == ("Texas", "AZ.09")


def test_an_open_gazetteer_travels_between_processes(index: Gazetteer) -> None:
    assert pickle.loads(pickle.dumps(index)).named("Baku") == index.named("Baku")


def _tiny(path: Path) -> None:
    from pipeline.gazetteer_index import create, write

    place = Place(1, "Nowhere", "ZZ", None, 1.0, 2.0, 3, "city")
    with create(path) as connection:
        write(connection, [(place, frozenset({"Nowhere"}))])


def test_the_index_is_compiled_once_and_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.gazetteer_index.compile_index", _tiny)
    said: list[str] = []
    for _ in range(2):
        assert open_gazetteer(folder=tmp_path, announce=said.append).named("nowhere")
    assert len(said) == 1
    assert [path.name for path in tmp_path.iterdir()] == [file_name()]


def test_a_failed_compilation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise RuntimeError(path)

    monkeypatch.setattr("pipeline.gazetteer_index.compile_index", fail)
    with pytest.raises(RuntimeError):
        open_gazetteer(folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_folder_serves_where_the_cache_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    barred = tmp_path / "file"
    barred.write_text("no folder")
    spare = tmp_path / "spare"
    monkeypatch.setattr("pipeline.gazetteer_index.compile_index", _tiny)
    monkeypatch.setattr(module, "_folders", lambda: [barred / "cache", spare])
    assert open_gazetteer().path.parent == spare
