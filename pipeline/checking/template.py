"""The beginning of a rule file, to be filled in."""

from pathlib import Path

from pipeline.checking.coverage import state_names
from pipeline.errors import RuleError
from pipeline.normalise.names import known_names
from pipeline.rules.codes import instruments
from pipeline.rules.files import files_in

TO_FILL = "FILL IN"
_TEXT = """\
# The criminal code of {state}. Replace every FILL IN, then: casefacts check {path}
# Where the names and days come from: FILL IN (the law's text or its gazette, and where it can be read)
id: {id}
name: Criminal Code
jurisdiction: {code}
kind: criminal
# Every name under which reports in English cite it, without the state's name. Take away what nobody uses.
names:
  - Criminal Code
  - Penal Code
# Such as [CC]; [] if it has none.
abbreviations: []
# First and last day in force, as 2017-07-01; null where it is open or you do not know.
in_force: {{from: null, to: null}}
# What its provisions are called: article or section.
provision: article
# What a number of a provision looks like, in single quotes. '\\d{{1,3}}' is one to three figures, '(\\.\\d{{1,2}})?' behind it
# allows 12.1 as well, '[A-Z]?' 12A. Leave paragraphs out: "Article 12(3)" has the number 12.
number: '\\d{{1,3}}(\\.\\d{{1,2}})?'
# Sentences as reports write them, of persons whom you made up, each with one provision that it cites; the state, its people
# or a city of it stands in each. Three are better than one; one with a paragraph, if reports cite paragraphs: "12(3)".
match:
  - {{text: "FILL IN Article 12 of the Criminal Code of {state}.", article: "12"}}
# Near misses: sentences that look alike and cite no provision of this law.
no_match:
  - "Parliament amended the Criminal Code of {state} twice that year."
  - "FILL IN Article 12 of {neighbour}'s Criminal Code: a law of the same name, of a neighbour."
"""


def write(state: str, folder: Path) -> Path:
    """Write the beginning of a state's criminal code into a folder of own rules, and return its path; it is never overwritten."""
    code = _code(state)
    known = [one.id for one in instruments().all if one.jurisdiction == code and one.kind == "criminal"]
    if known:
        file = next(path for path in files_in("codes") if path.stem == known[-1])
        do = f"to add a name to it, copy {file} into {folder / 'codes'} and change the copy"
        raise RuleError(f"{state_names()[code]} has one already: {', '.join(known)}; {do}")
    path = folder / "codes" / f"{code.lower()}-cc.yml"
    if path.exists():
        raise RuleError(f"{path}: is there already; go on with it, or delete it to begin anew")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_filled(code, path), encoding="utf-8")
    return path


def _code(state: str) -> str:
    """Return the ISO code of a state that is named by it, or by a name."""
    if state.upper() in state_names():
        return state.upper()
    found = known_names().exactly(state) or known_names().exactly(state.title())
    if found is None or found.role != "country" or not found.codes[0]:
        raise RuleError(
            f"{state!r} is no state; name it in English, or by its two letters of ISO 3166-1, such as MN for Mongolia"
        )
    return found.codes[0]


def _filled(code: str, path: Path) -> str:
    told = state_names()[code]
    neighbour = "Kazakhstan" if code != "KZ" else "Uzbekistan"
    return _TEXT.format(state=told, code=code, id=path.stem, path=path, neighbour=neighbour)
