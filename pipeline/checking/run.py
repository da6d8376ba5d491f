"""Check rule files: can they be read, do their examples come out right, does anything contradict."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.checking.template import TO_FILL
from pipeline.errors import RuleError
from pipeline.rules.codes import Instrument
from pipeline.rules.files import PARTS, files_in, layer, models_dir, name, own_files, read_yaml, rule_files, use_models, validated
from pipeline.rules.layouts import Layout
from pipeline.rules.places import place_rules
from pipeline.rules.wrong import line_of, nearest, repeated_keys, swallowed, typographic

if TYPE_CHECKING:
    from pipeline.checking.example import Example

_IGNORED = ("trained", "ties", "MANIFEST.yml", "README.md")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: where, what; for an example its text, what must come out and what does; and what to do."""

    where: str
    what: str
    text: str | None = None
    expected: str | None = None
    found: str | None = None
    do: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `own` examples of the files and `others` were tried; none if a file cannot be read.

    `elsewhere` of the problems stand in other files than those asked for. `replaced` are the shipped files that one of the
    user's stands for.
    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    own: int = 0
    others: int = 0
    replaced: tuple[str, ...] = ()
    elsewhere: int = 0


def check(files: Collection[Path] = (), *, progress: Callable[[str], None] | None = None) -> Checked:
    """Check *files*, or all: those that ship with casefacts and the user's own. The latter are loaded anew.

    A file that lies in a folder of own rules is checked with all of that folder.
    """
    use_models(_folder_of(files) if files else layer())
    wanted = tuple(path.resolve() for path in files) or tuple(rule_files())
    names = {name(path) for path in wanted}

    def elsewhere(problem: Problem) -> bool:
        where = problem.where.partition(",")[0]
        return bool(files) and where not in names and not any(known.endswith(f"/{where}") for known in names)

    problems = sorted(dict.fromkeys([*_misplaced(), *_unreadable()]), key=elsewhere)
    if problems:
        return Checked(wanted, tuple(problems), elsewhere=sum(map(elsewhere, problems)))
    examples = _chosen(wanted if files else ())
    if progress:
        progress(f"Trying {len(examples)} examples")
    problems = sorted([*_wrong(examples), *_contradictions(wanted), *_without_examples(wanted)], key=elsewhere)
    own = sum(_where(one.file, one.text).partition(",")[0] in names for one in examples) if files else len(examples)
    return Checked(wanted, tuple(problems), own, len(examples) - own, tuple(_replaced()), sum(map(elsewhere, problems)))


def _folder_of(files: Collection[Path]) -> Path | None:
    """Return the folder of own rules in which files lie, or the one in use; None if they are those of casefacts."""
    roots = {_root(path.resolve()) for path in files}
    if len(roots) > 1:
        raise RuleError(
            f"these files lie in several folders of rules: {', '.join(map(str, sorted(roots)))}; check one folder at a time"
        )
    root = roots.pop()
    return layer() if root == models_dir() else root


def _root(path: Path) -> Path:
    if path.is_dir():
        folder = next((one for one in (path, *path.parents) if one.name not in (*PARTS, "en")), path)
        raise RuleError(f"{path}: is a folder; casefacts check --models {folder} checks all rules in it")
    if not path.is_file():
        raise RuleError(f"{path}: no such file")
    at = next((parent for parent in path.parents if parent.name in PARTS and parent.parent.name not in PARTS), None)
    if at is None:
        close = get_close_matches(path.parent.name, PARTS, n=1)
        do = (
            f"Rename the folder to {close[0]}"
            if close
            else f"Put a law into a folder called codes: {path.parent / 'codes' / path.name}"
        )
        raise RuleError(f"{path}: rules lie in folders whose names tell what they are. {do}, and check it there")
    if path.suffix != ".yml":
        raise RuleError(f"{path}: is not read, since its name does not end in .yml; call it {_with_ending(path)}")
    return at.parent


def _with_ending(path: Path) -> str:
    """Return what a file is to be called: bg-cc.yml for bg-cc.yaml, and for the bg-cc.yml.txt of an editor of plain texts."""
    return re.sub(r"(?i)(?:\.(?:ya?ml|txt))*$", "", path.name) + ".yml"


def _replaced() -> Iterator[str]:
    """Yield the shipped laws and layouts that a file of the user's stands for."""
    own = layer()
    if own:
        for shipped in (path.relative_to(own) for path in own_files(own)):
            if shipped.parts[0] in ("codes", "layouts") and (models_dir() / shipped).is_file():
                yield shipped.as_posix()


def _misplaced() -> Iterator[Problem]:
    """Yield what lies in the folder of own rules and would never be read."""
    own = layer()
    if own is None:
        return
    for path in sorted(own.iterdir()):
        if path.name not in (*PARTS, *_IGNORED) and not path.name.startswith("."):
            close = get_close_matches(path.name, PARTS, n=1)
            yield Problem(
                name(path), "is not read", do=f"Did you mean a folder {close[0]}?" if close else f"Rules lie in {_or(PARTS)}."
            )
    for path in sorted(one for part in PARTS for one in (own / part).rglob("*")):
        if path.is_file() and path.suffix != ".yml" and not path.name.startswith("."):
            yield Problem(name(path), "is not read", do=f"Files of rules end in .yml; call it {_with_ending(path)}.")
    for path in own_files(own):
        if path.parent.name not in PARTS and path.relative_to(own).parts[0] in ("codes", "layouts"):
            folder = path.relative_to(own).parts[0]
            yield Problem(name(path), "is not read", do=f"Move it into {name(own / folder)} itself, out of the folder within it.")
        shipped = models_dir() / path.relative_to(own)
        if path.relative_to(own).parts[0] in ("lang", "places") and not shipped.is_file():
            known = sorted(one.name for one in shipped.parent.glob("*.yml")) if shipped.parent.is_dir() else []
            hint = nearest(path.name, known).capitalize() if known else f"The folder must be called {_or(['lang/en', 'places'])}."
            yield Problem(name(path), "is not read; no such file of rules is known", do=hint)


def _unreadable() -> Iterator[Problem]:
    """Yield what keeps files from being read, of all files that may be the user's."""
    own = layer()
    for path in own_files(own) if own else rule_files():
        try:
            read_yaml(path)
            yield from _misread(path)
            yield from _left(path)
            _load(path)
        except RuleError as error:
            yield from (Problem(*_parted(line)) for line in str(error).splitlines())


def _misread(path: Path) -> Iterator[Problem]:
    """Yield what is YAML and yet not what its writer meant."""
    text = path.read_text(encoding="utf-8")
    for line, key in repeated_keys(text):
        yield Problem(f"{name(path)}, line {line}", f"the key {key!r} stands there twice; only the last would count")
    for line, begin in swallowed(text):
        do = "Begin the dashes of a list all in the same column."
        yield Problem(f"{name(path)}, line {line}", f"“{begin}” goes on in the next line, dash and all", do=do)
    for nth, (line, begin) in enumerate(typographic(text)):
        straight = "Write straight ones (\" or '), in an editor of plain text; a word processor bends them again."
        what = f"the quotes of “{begin.strip('“”‘’')}…” are bent, so they belong to the text"
        yield Problem(f"{name(path)}, line {line}", what, do=None if nth else straight)


def _left(path: Path) -> Iterator[Problem]:
    """Yield what a template left to be filled in."""
    for line, told in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if TO_FILL in told.replace(f"Replace every {TO_FILL}", ""):
            yield Problem(f"{name(path)}, line {line}", f"still says {TO_FILL}")


def _load(path: Path) -> None:
    if path.parent.name == "codes":
        _load_law(path)
    elif path.parent.name == "layouts":
        validated(Layout, path)
    elif path.parent.name == "places":
        place_rules()
    else:
        _load_words(path)


def _load_law(path: Path) -> None:
    one = validated(Instrument, path)
    if one.id != path.stem:
        do = f"write “id: {path.stem}”, or rename the file to {one.id}.yml"
        raise RuleError(f"{_at(path, one.id)}: id: {one.id!r} is not the file's name; {do}")
    states = {code for group in place_rules().countries.groups for code in group.countries}
    if one.jurisdiction not in {*states, "INT"}:
        where, code = _at(path, one.jurisdiction), one.jurisdiction
        raise RuleError(f"{where}: jurisdiction: {code!r} is no state of ISO 3166-1; {_state_meant(code)}")


def _at(path: Path, value: str) -> str:
    """Return a file with the line in which a value stands."""
    line = line_of(path.read_text(encoding="utf-8"), value) if path.is_file() else None
    return f"{name(path)}, line {line}" if line else name(path)


def _state_meant(code: str) -> str:
    """Return what to write for a code that no state has: the United Kingdom is GB, not UK."""
    from pipeline.normalise.names import known_names

    meant = known_names().exactly(code)
    return f"write {meant.codes[0]}" if meant and meant.codes else "places/countries.yml lists them with their names"


def _load_words(path: Path) -> None:
    """Load a file of words as it is laid over the shipped one."""
    from pipeline.checking.words import FILES

    examples = FILES.get("/".join(path.parts[-3:]))
    if examples:
        list(examples())


def _parted(line: str) -> tuple[str, str]:
    """Return where and what of a message: "codes/az-cc.yml, line 3: number: …"."""
    where, _, what = line.partition(": ")
    return (where, what) if what else ("", line)


def _chosen(files: Collection[Path]) -> "list[Example]":
    """Return the examples to try: all; of one file its own, and for a law those of all laws, from which it may take some."""
    from pipeline.checking import laws, places, words

    if not files:
        return [*laws.examples(), *places.examples(), *words.examples()]
    parts = {path.parent.name for path in files}
    keys = {"/".join(path.parts[-3:]) for path in files} | {"/".join(path.parts[-2:]) for path in files} | (parts & {"layouts"})
    chosen = list(laws.examples()) if "codes" in parts else []
    for found in (places.FILES, words.FILES):
        chosen += [one for file, examples in found.items() if file in keys for one in examples()]
    return chosen


def _wrong(examples: "Collection[Example]") -> Iterator[Problem]:
    from pipeline.checking.example import Tools

    tools = Tools()
    if whole := [one.text for one in examples if one.whole]:
        tools.read_ahead(whole)
    for one in examples:
        if wrong := one.wrong(tools):
            what = f"{one.entry}: does not come out right"
            yield Problem(_where(one.file, one.text), what, one.text, one.expected, wrong.found, wrong.do)


def _where(file: str, value: str) -> str:
    """Return the file and line of a value; it may stand in the user's file or in the shipped one."""
    own = layer()
    found = (_at(path, value) for path in (*([own / file] if own else []), models_dir() / file, Path(file)))
    return next((at for at in found if ", line " in at), file)


def _contradictions(files: Collection[Path]) -> Iterator[Problem]:
    from pipeline.checking.laws import days, rivals
    from pipeline.checking.overlaps import overlaps

    known = {name(path) for path in files}
    for one, other, called in rivals():
        where = _file_of(other)
        if {where, _file_of(one)} & known:
            yield Problem(
                where,
                f"“{called}” is also a name of {one.id}, a law of the same state",
                do=f"Laws may share a name if they were in force one after the other: see “in_force:” here ({days(other)}) and "
                f"there ({days(one)}). Fill in the days, or take the name away from one of them.",
            )
    for file, phrase, (first, second) in overlaps():
        where = _where(file, phrase)
        if where.partition(",")[0] in known:
            yield Problem(where, f"“{phrase}” stands under {first} and under {second}", do="Keep it under one of them.")


def _file_of(one: Instrument) -> str:
    return next(name(path) for path in files_in("codes") if path.stem == one.id)


def _without_examples(files: Collection[Path]) -> Iterator[Problem]:
    """Yield the user's files of words and places that add something and show nothing."""
    own = layer()
    for path in files:
        if own and path.is_relative_to(own) and path.parent.name not in ("codes", "layouts"):
            missing = [key for key in ("match", "no_match") if not any(_under(read_yaml(path), key))]
            for key in missing:
                what = (
                    "a text that it must recognise" if key == "match" else "a near miss, that looks alike and must not be taken"
                )
                yield Problem(
                    name(path), f"has nothing under “{key}:”", do=f"Add {what}, as the shipped file of that name has them."
                )


def _under(value: object, key: str) -> Iterator[object]:
    """Yield what stands under a key at any depth and is not empty."""
    if isinstance(value, dict):
        yield from (inner for found, inner in value.items() if found == key and inner)
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _under(inner, key)


def _or(words: Collection[str]) -> str:
    return ", ".join(list(words)[:-1]) + f" or {list(words)[-1]}"
