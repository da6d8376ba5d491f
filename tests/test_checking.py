"""Rules of the user's own: laid over the shipped ones, checked, and what is said of mistakes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from spacy.language import Language
from typer.testing import CliRunner

import pipeline
from pipeline import cli
from pipeline.checking.laws import unfiled
from pipeline.checking.run import check
from pipeline.commands.check import summary, told
from pipeline.errors import RuleError
from pipeline.fingerprint import fingerprint
from pipeline.nlp import load
from pipeline.rules.codes import instruments
from pipeline.rules.files import VARIABLE, merged, use_models
from pipeline.rules.status import status_words
from pipeline.schema import ArticleFact, CountFact, Report

DOCS = (Path(__file__).parents[1] / "docs" / "adding.md").read_text(encoding="utf-8")
LAW, WORDS = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)  # what the documentation shows is what is tried
SITES = """groups:
  - id: my-prisons
    sites: {MN: [Ganzorigt Prison]}
    match: {Ganzorigt Prison: MN}
    no_match: [Ganzorigt]
"""
runner = CliRunner()


@pytest.fixture(autouse=True)
def _shipped_rules_after() -> Iterator[None]:
    yield
    use_models(None)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    for file, text in (("codes/mn-cc.yml", LAW), ("lang/en/status.yml", WORDS), ("places/sites.yml", SITES)):
        path = tmp_path / "mine" / file
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "mine"


def law(mine: Path, old: str = "", new: str = "") -> Path:
    assert old in LAW
    path = mine / "codes" / "mn-cc.yml"
    path.write_text(LAW.replace(old, new), encoding="utf-8")
    return path


def test_a_new_law_in_one_file_is_right(mine: Path) -> None:
    done = check([law(mine)])
    assert (done.problems, done.own) == ((), 4)
    assert done.others > 1000


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(
            'article: "13.14"',
            "article: 13.14",
            ['line 13: match 1 article: must be text; put it in quotes: "13.14"'],
            id="number",
        ),
        pytest.param("'\\d{1,3}(\\.\\d{1,2})?'", '"\\d{1,3}"', ["line 11: ", "single quotes"], id="double-quotes"),
        pytest.param("  - Criminal Law", "\t- Criminal Law", ["line 7: a tab"], id="tab"),
        pytest.param("  - Criminal Law", "   - Criminal Law", ["line 6: “Criminal Code” goes on", "same column"], id="column"),
        pytest.param('Code.", article: "13', 'Code., article: "13', ["line 13: ", "a quote"], id="quote"),
        pytest.param('- "Parliament amended', "- Parliament said: ", ["line 1", "quotes"], id="colon"),
        pytest.param(
            "abbreviations", "abbreviation", ["line 8: unknown key 'abbreviation'; did you mean 'abbreviations'?"], id="key"
        ),
        pytest.param("{text: ", "{txt: ", ["unknown key 'txt'; did you mean 'text'?"], id="key-of-an-example"),
        pytest.param("provision: article\n", "", ["the key 'provision' is missing"], id="missing"),
        pytest.param("kind: criminal", "kind: penal", ["line 4: kind: 'penal' is none", "known are criminal, "], id="kind"),
        pytest.param(
            "jurisdiction: MN", "jurisdiction: Mongolia", ["line 3: ", "'Mongolia' is no state; write MN"], id="state-by-name"
        ),
        pytest.param(
            "jurisdiction: MN", "jurisdiction: mn", ["line 3: ", "'mn' is no state; write MN"], id="state-in-small-letters"
        ),
        pytest.param("jurisdiction: MN", "jurisdiction: MNG", ["line 3: ", "two capital letters"], id="three-letters"),
        pytest.param("jurisdiction: MN", "jurisdiction: KZ", ["as one of MN", "correct “jurisdiction:”"], id="another-state"),
        pytest.param("jurisdiction: MN", "jurisdiction: UK", ["line 3: ", "'UK' is no state", "write GB"], id="no-state"),
        pytest.param("id: mn-cc", "id: mn", ["line 1: id: 'mn' is not the file's name"], id="id"),
        pytest.param("[CC]", "CC", ["line 8: abbreviations: must be a list: [one, two]"], id="list"),
        pytest.param("2017-07-01", "1 July 2017", ["line 9: in_force from: '1 July 2017' is no day; write it as"], id="day"),
        pytest.param(
            "2017-07-01", "2017-02-30", ["line 9: 2017-02-30 is no day (day is out of range"], id="no-day-of-the-calendar"
        ),
        pytest.param(
            "{from: 2017-07-01, to: null}",
            "2017-07-01",
            ["line 9: ", "as {from: …, to: …}; here stands “2017-07-01”"],
            id="one-day",
        ),
        pytest.param(
            "{from: 2017-07-01,", "{from:2017-07-01,", ["line 9: ", "a space is missing behind the colon"], id="no-space"
        ),
        pytest.param("to: null", "to: 2016-01-01", ["line 9: ", "lies before the first"], id="days-reversed"),
        pytest.param("(\\.\\d{1,2})?", "(\\.\\d{1,2}", ["line 11: number: ", "is no pattern"], id="pattern"),
        pytest.param("'\\d{1,3}(\\.\\d{1,2})?'", "'.*'", ["line 11: number: “.*” allows too much"], id="loose-pattern"),
        pytest.param("'\\d{1,3}(\\.\\d{1,2})?'", "''", ["line 11: number: must not be empty"], id="empty-pattern"),
        pytest.param("'\\d{1,3}(\\.\\d{1,2})?'", "null", ["line 11: number: must not be empty"], id="null-pattern"),
        pytest.param(
            "'\\d{1,3}(\\.\\d{1,2})?'",
            "'\\d{1,3}\\.\\d\\(\\d\\)'",
            ["does not allow 19.4, as paragraphs are read apart"],
            id="paragraph-in-the-pattern",
        ),
        pytest.param("'\\d{1,3}(\\.\\d{1,2})?'", "‘\\d{1,3}’", ["line 11: the quotes of “", "straight ones"], id="bent-quotes"),
        pytest.param(
            '"A court in Ulaanbaatar fined the editor under',
            "A court, in Ulaanbaatar, fined the editor under",
            ["line 13: "],
            id="comma-and-one-quote",
        ),
        pytest.param("  - Criminal Law", "  -Criminal Law", ["a dash without a space behind it"], id="dash-without-space"),
        pytest.param(
            "abbreviations: [CC]\n",
            "abbreviations: [CC]\nname: Code\n",
            ["line 9: the key 'name' stands there twice"],
            id="twice",
        ),
        pytest.param(
            "  - Criminal Law\n",
            "",
            [
                "line 13: match: does not",
                "must give:  article 19.4(1), filed under mn-cc",
                "add a line “- Criminal Law” under “names:”",
            ],
            id="name-not-listed",
        ),
        pytest.param("(\\.\\d{1,2})?", "", ["gives:      13.14 of “Criminal Code” (MN)", "does not allow 13.14"], id="narrow"),
        pytest.param(
            " of Mongolia's Criminal Code", " of the CCM in Mongolia", ["“abbreviations:”, as [CCM]"], id="abbreviation"
        ),
        pytest.param(
            "A court in Ulaanbaatar fined the editor under Article 13.14 of Mongolia's",
            "A court fined the editor under Article 13.14 of the",
            ["read without a state", "Name the state"],
            id="no-state-in-the-sentence",
        ),
        pytest.param('"19.4(1)"', '"19.4.1"', ["gives:      article 19.4(1), filed under mn-cc"], id="another-number"),
        pytest.param("under Article 13", "under provision 13", ["no numbered provision at all"], id="no-provision"),
        pytest.param(
            "amended the", "amended Article 12 of the", ["line 16: no_match: ", "move it to “match:”"], id="near-miss-taken"
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(mine: Path, old: str, new: str, says: list[str]) -> None:
    done = check([law(mine, old, new)])
    text = " ".join(" ".join(map(told, done.problems)).split())
    assert [one for one in says if " ".join(one.split()) not in text] == [], text
    assert "mine/codes/mn-cc.yml" in text
    assert "pydantic" not in text


def test_a_text_without_quotes_and_with_a_comma_is_told_once(mine: Path) -> None:
    old, new = '"In Mongolia, Article 12 of the Criminal Code."', "In Mongolia, angrily, he spoke of Article 12(1)."
    path = law(mine, 'text: "Prosecutors in Mongolia charged him under article 19.4(1) of the Criminal Law."', f"text: {new}")
    assert old not in path.read_text(encoding="utf-8")
    (found,) = check([path]).problems
    assert told(found).endswith("line 14: match 2: a comma ends a text without quotes; put the whole text in quotes")


def test_mistakes_of_other_files_are_counted_apart(mine: Path) -> None:
    other = mine / "codes" / "no-cc.yml"
    other.write_text(LAW.replace("mn-cc", "no-cc").replace("MN", "NO"), encoding="utf-8")
    done = check([law(mine, '"19.4(1)"', '"19.4(2)"')])
    assert [one.where for one in done.problems[: -done.elsewhere]] == [f"{mine}/codes/mn-cc.yml, line 14"]
    assert done.elsewhere > 0
    assert summary(done).endswith(f"mn-cc.yml: 1 thing to mend, and {done.elsewhere} things in other files.")


def test_a_city_that_only_the_gazetteer_knows_tells_the_state(mine: Path) -> None:
    done = check([law(mine, "Prosecutors in Mongolia", "A court in Erdenet")])
    assert done.problems == ()


def test_two_laws_of_one_name_are_told(mine: Path) -> None:
    second = LAW.replace("id: mn-cc", "id: mn-old").replace("2017-07-01, to: null", "null, to: null")
    path = mine / "codes" / "mn-old.yml"
    path.write_text(second, encoding="utf-8")
    assert "“Criminal Code” is also a name of mn-cc" in " ".join(map(told, check([path]).problems))


def test_a_word_under_two_statuses_is_told(mine: Path) -> None:
    path = mine / "lang" / "en" / "status.yml"
    path.write_text(WORDS.replace("bundled off]", "bundled off, indicted]"), encoding="utf-8")
    (found,) = [one for one in check([path]).problems if "stands under" in one.what]
    assert (found.where.endswith("status.yml, line 2"), found.what) == (
        True,
        "“indicted” stands under detained and under charged",
    )


def test_a_word_in_capitals_is_the_same_word(mine: Path) -> None:
    path = mine / "lang" / "en" / "status.yml"
    path.write_text(WORDS.replace("bundled off]", "Bundled  Off]"), encoding="utf-8")
    assert check([path]).problems == ()


def test_a_site_in_no_state_is_told_with_its_file(mine: Path) -> None:
    path = mine / "places" / "sites.yml"
    path.write_text(SITES.replace("MN:", "Mongolia:"), encoding="utf-8")
    done = check([path])
    (found,) = done.problems
    assert done.elsewhere == 0
    assert told(found) == "places/sites.yml: 'Ganzorigt Prison' lies in Mongolia, no ISO 3166-1 code, such as AZ"


@pytest.mark.parametrize("key", ["match", "no_match"])
def test_words_without_an_example_are_told(mine: Path, key: str) -> None:
    path = mine / "lang" / "en" / "status.yml"
    before, _, after = WORDS.partition(f"\n{key}:")
    path.write_text(before + "\n" + (after[after.index("no_match") :] if key == "match" else ""), encoding="utf-8")
    assert [one.what for one in check([path]).problems] == [f"has nothing under “{key}:”"]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param("codes/mn-old.yaml", "call it mn-old.yml", id="ending"),
        pytest.param("code/mn-old.yml", "Did you mean a folder codes?", id="folder"),
        pytest.param("codes/mn-old.yml.txt", "call it mn-old.yml.", id="two-endings"),
        pytest.param("codes/asia/mn-old.yml", "codes itself", id="folder-within"),
        pytest.param("lang/en/statuses.yml", "Did you mean 'status.yml'?", id="name"),
    ],
)
def test_what_would_never_be_read_is_told(mine: Path, file: str, says: str) -> None:
    (mine / file).parent.mkdir(exist_ok=True)
    (mine / file).write_text(LAW, encoding="utf-8")
    use_models(mine)
    assert [told(one) for one in check().problems if says in told(one)]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param("mn-cc.yml", "Put a law into a folder called codes", id="no-folder"),
        pytest.param("codes/none.yml", "no such file", id="missing"),
        pytest.param(".", "is a folder; casefacts check --models", id="folder"),
    ],
)
def test_a_file_that_cannot_be_checked_is_refused(tmp_path: Path, file: str, says: str) -> None:
    (tmp_path / "mn-cc.yml").write_text(LAW, encoding="utf-8")
    with pytest.raises(RuleError, match=says):
        check([tmp_path / file])


def test_a_law_of_the_same_name_replaces_the_shipped_one(mine: Path) -> None:
    (mine / "codes" / "az-cc.yml").write_text(LAW.replace("mn-cc", "az-cc"), encoding="utf-8")
    use_models(mine)
    assert instruments().by_id["az-cc"].jurisdiction == "MN"
    assert len(instruments().all) == len({one.id for one in instruments().all})


@pytest.mark.parametrize(
    ("shipped", "own", "expected"),
    [
        pytest.param({"a": [1, 2]}, {"a": [3, 2]}, {"a": [3, 1, 2]}, id="lists-grow-own-first"),
        pytest.param({"a": {"x": [1]}}, {"a": {"y": [2]}}, {"a": {"x": [1], "y": [2]}}, id="tables-grow"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 2}, id="a-value-is-replaced"),
        pytest.param([{"id": "g", "n": [1]}], [{"id": "g", "n": [2]}], [{"id": "g", "n": [2, 1]}], id="same-id"),
        pytest.param(
            [{"id": "g", "n": [1]}], [{"id": "h", "n": [2]}], [{"id": "h", "n": [2]}, {"id": "g", "n": [1]}], id="new-id"
        ),
    ],
)
def test_how_own_rules_are_laid_over_the_shipped_ones(shipped: object, own: object, expected: object) -> None:
    assert merged(shipped, own) == expected


def test_nothing_leaks_between_folders_of_one_process(mine: Path) -> None:
    text = "In Mongolia some 40 people were bundled off. One was charged under Article 13.14 of the Criminal Law."

    def read(nlp: Language) -> tuple[set[str | None], set[str]]:
        (done,) = pipeline.extract([Report(id="r", text=text)], nlp=nlp)
        laws = {fact.instrument_id for fact in done.facts if isinstance(fact, ArticleFact)}
        return laws, {fact.rule for fact in done.facts if isinstance(fact, CountFact) and "40" in fact.text}

    before, shipped = read(load()), fingerprint()["rules"]
    pipeline.use_models(mine)
    own, layered = read(load()), fingerprint()["rules"]
    pipeline.use_models(None)
    assert before == read(load())
    assert before[0] == {None}
    assert own[0] == {"mn-cc"}
    assert any("passive" in rule for rule in own[1])
    assert not any("passive" in rule for rule in before[1])
    assert shipped == fingerprint()["rules"] != layered


def test_a_changed_file_is_read_anew(mine: Path) -> None:
    use_models(mine)
    assert "bundled off" in status_words().forms["detained"]
    (mine / "lang" / "en" / "status.yml").write_text(WORDS.replace("bundled off", "spirited away"), encoding="utf-8")
    use_models(mine)
    assert "spirited away" in status_words().forms["detained"]
    assert "bundled off" not in status_words().forms["detained"]


def test_a_pipeline_of_other_rules_is_refused(mine: Path, nlp: Language) -> None:
    use_models(mine)
    with pytest.raises(RuleError, match="load it again"):
        next(pipeline.extract([Report(id="r", text="Police held 12 men.")], nlp=nlp))


def test_processes_started_later_know_the_folder(mine: Path) -> None:
    use_models(mine)
    code = "from pipeline.rules.codes import instruments; print(instruments().by_id['mn-cc'].jurisdiction)"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "MN\n"


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="codes, lang, layouts, places"):
        use_models(tmp_path)
    assert VARIABLE not in os.environ


# the commands


def casefacts(*arguments: str) -> tuple[int, str]:
    result = runner.invoke(cli.app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_check_says_when_a_law_is_right_and_when_not(mine: Path) -> None:
    assert casefacts("check", str(law(mine)))[0] == 0
    code, says = casefacts("check", str(law(mine, "kind: criminal", "kind: penal")))
    assert (code, "1 thing to mend" in says) == (1, True)
    code, says = casefacts("check", str(mine / "codes" / "other.yml"))
    assert (code, "no such file" in says) == (2, True)


def test_check_tells_what_is_covered(mine: Path) -> None:
    code, says = casefacts("check", "--models", str(mine))
    assert (code, "right. " in says) == (0, True), says
    missing = says[says.index("No criminal code of these") :]
    assert "Mongolia" not in missing
    assert "Norway (NO)" in missing
    for kind in ("articles", "dates", "locations", "counts", "sentences"):
        assert f"\n  {kind} " in says


def test_a_new_code_is_told_until_it_is_filled_in(tmp_path: Path) -> None:
    code, says = casefacts("new-code", "Norway", "--models", str(tmp_path))
    path = tmp_path / "codes" / "no-cc.yml"
    assert (code, str(path) in says) == (0, True)
    assert "still says FILL IN" in casefacts("check", str(path))[1]
    filled = (
        path.read_text(encoding="utf-8").replace("FILL IN (", "the gazette (").replace("FILL IN Article", "It rests on Article")
    )
    path.write_text(filled, encoding="utf-8")
    assert casefacts("check", str(path))[0] == 0


def test_a_state_in_small_letters_is_known(tmp_path: Path) -> None:
    assert casefacts("new-code", "norway", "--models", str(tmp_path))[0] == 0
    code, told = casefacts("new-code", "Norway", "--models", str(tmp_path))
    assert (code, "go on with it" in told) == (2, True)


@pytest.mark.parametrize(
    ("state", "says"),
    [("Atlantis", "is no state"), ("ru", "ru-cc"), ("Russia", "models/codes/ru-cc.yml into ")],
    ids=["none", "code", "name"],
)
def test_a_code_that_is_there_or_of_no_state_is_not_begun(tmp_path: Path, state: str, says: str) -> None:
    code, told = casefacts("new-code", state, "--models", str(tmp_path))
    assert (code, says in told) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        pytest.param("In Mongolia he was charged under Article 13.14 of the Criminal Law.", "article “13.14”", id="own-law"),
        pytest.param("Article 13.14 of Mongolia's Criminal Law was used.", "13.14 is filed under mn-cc.", id="filed"),
        pytest.param("The meeting was cancelled.", "Nothing was found", id="nothing"),
    ],
)
def test_try_tells_what_a_sentence_gives(mine: Path, sentence: str, says: str) -> None:
    code, told = casefacts("try", sentence, "--models", str(mine))
    assert (code, says in told, "filed under no known law" in told) == (0, True, False), told


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        pytest.param("In Norway he was charged under Article 13 of the Tailoring Act.", "No law of NO goes by", id="no-law"),
        pytest.param("He was charged under Article 13 of the Penal Code.", "Nothing tells which state's", id="no-state"),
        pytest.param("In Azerbaijan he was charged under Article 13.", "Its law is not named near it.", id="no-name"),
        pytest.param(
            "In Azerbaijan Article 13ABC of the Criminal Code was used.", "az-cc may be meant, but the number", id="number"
        ),
        pytest.param(
            "Article 146-148 of Azerbaijan's Criminal Code was used.",
            "az-cc may be meant, but the number does not fit: see “number:” there. A range",
            id="range",
        ),
        pytest.param("In Azerbaijan Article 13 of the Criminal Code was used.", None, id="filed"),
    ],
)
def test_why_a_provision_is_filed_under_no_law(nlp: Language, sentence: str, says: str | None) -> None:
    (done,) = pipeline.extract([Report(id="r", text=sentence)], nlp=nlp)
    (fact,) = [fact for fact in done.facts if isinstance(fact, ArticleFact)]
    told = unfiled(fact)
    assert told is None if says is None else told and told.startswith(says)
