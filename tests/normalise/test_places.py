"""Places: the examples under models/places/, and how a report decides between namesakes."""

import re
from pathlib import Path

import pytest

from pipeline.errors import RuleError
from pipeline.normalise.place_kinds import region_name
from pipeline.normalise.place_spans import trimmed
from pipeline.normalise.places import (
    Atlas,
    Resolved,
    country_mentions,
    known_places,
    landmarks,
    resolve,
    title_countries,
)
from pipeline.normalise.scene import Scene
from pipeline.rules.places import place_rules

RULES = place_rules()


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return known_places()


def _resolve(atlas: Atlas, name: str, report: str = "", title: str | None = None) -> Resolved:
    """Resolve *name* at the place where the report has it, or at its end."""
    text = report if name in report else f"{report} {name}"
    titles = title_countries(title, names=atlas.names)
    scene = Scene(titles, country_mentions(text, names=atlas.names, title=titles))
    return resolve(name, text.index(name), scene=scene, atlas=atlas)


# knowledge as data


@pytest.mark.parametrize("missing", ["countries", "regions", "sites", "organisations"])
def test_an_empty_file_is_an_error(tmp_path: Path, missing: str) -> None:
    from pipeline.rules.files import models_dir

    for path in (models_dir() / "places").glob("*.yml"):
        text = "" if path.stem == missing else path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=f"{missing}.yml"):
        place_rules(tmp_path)


# what a report tells


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Amnesty International Report 2009", ()),
        ("Chad: 2019 Country Report on Human Rights Practices", ("TD",)),
        ("CAT/C/45/D/339/2008 (Denmark,Iran (Islamic Republic of))", ("DK", "IR")),
        ("Turkish court jails four reporters", ("TR",)),
        ("Protesters held in Harare", ("ZW",)),
        ("Georgia: 2020 report", ("GE",)),
        (None, ()),
    ],
)
def test_titles(atlas: Atlas, title: str | None, codes: tuple[str, ...]) -> None:
    assert title_countries(title, names=atlas.names) == codes


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("He left Niger for Nigeria.", ["NE", "NG"]),
        ("The Congolese army left Kinshasa.", ["CD", "CD"]),
        ("The Congolese army left Brazzaville.", ["CG", "CG"]),
        ("They told us nothing; the US did.", ["US"]),
        ("A CAR minister took the car.", ["CF"]),
        ("The United\nStates and Cote d'Ivoire", ["US", "CI"]),
        ("Victoria was released.", []),
    ],
)
def test_mentions(atlas: Atlas, sentence: str, codes: list[str]) -> None:
    assert [code for _, code in country_mentions(sentence, names=atlas.names)] == codes


@pytest.mark.parametrize(
    ("name", "report", "country"),
    [
        ("Tripoli", "Militias in Libya hold the port.", "LY"),
        ("Tripoli", "The Lebanese army entered Tripoli. Lebanon mourned.", "LB"),
        ("Hyderabad", "Four men were held in Hyderabad, Pakistan, and India protested.", "PK"),
        ("Georgia", "Police in Atlanta and in Alabama sought him as far as Georgia.", "US"),
        ("Georgia", "He fled from Azerbaijan to Georgia.", "GE"),
        ("Congo", "Rebels left Kinshasa; Congo accused Rwanda.", "CD"),
        ("Punjab", "The Pakistani authorities banned rallies in Punjab.", "PK"),
        ("Mbwakira", "Villagers of Mbwakira fled. Burundi denied it.", "BI"),
        ("Mbwakira", "", None),
        ("Kivumu police station", "The Rwandan police denied it.", "RW"),
        ("Geneva", "Delegates from Myanmar spoke.", "CH"),
        ("Paris", "Delegates from Myanmar spoke.", "FR"),
        ("Port Harcourt", "Nigerian officers spoke.", "NG"),
        ("San Mbwakira prison", "Guatemala closed it.", "GT"),
    ],
)
def test_the_report_decides(atlas: Atlas, name: str, report: str, country: str | None) -> None:
    assert _resolve(atlas, name, report).country == country


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Peru", "country"),
        ("Hong Kong", "region"),
        ("Gansu", "region"),
        ("Kasai province", "region"),
        ("Lusaka", "city"),
        ("Port Harcourt", "city"),
        ("St. Louis", "city"),
        ("Remand Centre No. 2", "site"),
        ("headquarters of the Third Division", "site"),
        ("Tahrir Square", "site"),
    ],
)
def test_kinds(atlas: Atlas, name: str, kind: str) -> None:
    assert _resolve(atlas, name).kind == kind


def test_the_detector_decides_between_a_city_and_its_province(atlas: Atlas) -> None:
    scene = Scene(("BI",), ())
    guessed = [resolve("Gitega", 0, scene=scene, atlas=atlas, guess=(kind, 0.9)).kind for kind in ("city", "region")]
    assert guessed == ["city", "region"]


def test_a_city_has_its_gazetteer_entry(atlas: Atlas) -> None:
    found = _resolve(atlas, "Baku", "Azerbaijan")
    assert (found.name, found.geonames_id) == ("Baku", 587084)
    assert found.latitude == pytest.approx(40.4, abs=0.1)


def test_places_that_cannot_be_mistaken_tell_the_country(atlas: Atlas) -> None:
    assert landmarks([("Surabaya", 3), ("Cordoba", 9)], atlas=atlas) == ((3, "ID"),)


def test_where_a_title_tells_the_country_a_small_town_elsewhere_does_not(atlas: Atlas) -> None:
    told = frozenset({"BF"})
    assert landmarks([("Damba", 3)], atlas=atlas) == ((3, "AO"),)
    assert landmarks([("Damba", 3), ("Surabaya", 9)], atlas=atlas, told=told) == ((9, "ID"),)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Katanga province", "Katanga"),
        ("the Republic of Dagestan", "Dagestan"),
        ("Cross River State", "Cross River"),
        ("Lusaka", "Lusaka"),
    ],
)
def test_region_names(name: str, bare: str) -> None:
    assert region_name(name.removeprefix("the "), RULES) == bare


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("in [the Gaza Strip’s] north", "Gaza Strip"),
        ("the [U.S]. embassy", "U.S."),
        ("from [Lusaka.]", "Lusaka"),
        ("“[“Camp 14”]", "Camp 14"),
    ],
)
def test_edges(marked: str, name: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = re.sub(r"[\[\]]", "", marked)
    assert text[slice(*trimmed(text, start, end))] == name
