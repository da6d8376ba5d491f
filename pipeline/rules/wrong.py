"""What is wrong with a rule file, in words for those who wrote it: the line, what stands there, what should."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_OF_PYDANTIC = re.compile(r"[\[\](]|^(?:str|tuple|nullable)")  # steps of a place that only tell of a type
_BEGIN = 30  # characters of a text that tell which one is meant
_FEW = 12  # kinds are told all, keys and states by the nearest
_HINTS = {
    "tab character": "a tab at the begin of the line; indent with spaces",
    "escape": "a backslash in double quotes; put the text in single quotes, as '\\d{1,3}'",
    "token": "a sign that cannot begin a text (a tab, %, @ or `); indent with spaces, and put such a text in quotes",
    "mapping values are not allowed": "a colon inside a text; put the whole text in quotes",
    "end of stream": "a quote or a bracket is opened and never closed",
    "expected ':'": "a key without its colon, a dash without a space behind it, or a quote not closed, here or a line above",
    "expected ',' or": "a comma, quote or bracket is missing here or a line above, or a text that holds a quote stands bare",
    "expected <block end>": "this line is not indented as those above, or a text goes on behind its closing quote",
    "expected key": "this line is not indented as those above",
    "block end": "this line is not indented as those above, or a text goes on behind its closing quote",
    "not define an alias": "a text that begins with * must stand in quotes",
    "undefined alias": "a text that begins with * must stand in quotes",
}
_QUOTES = "“”„‟‘’‚«»"  # as word processors write them; YAML takes them for letters
_SHOULD_BE = {
    "string_type": 'must be text; put it in quotes: "{input}"',
    "tuple_type": "must be a list: [one, two], or a line for each that begins with a dash",
    "frozen_set_type": "must be a list: [one, two], or a line for each that begins with a dash",
    "dict_type": "must be keys with values, a line for each, as key: value",
    "model_type": "must be keys with values, as {{{keys}}}; here stands “{input}”",
    "too_short": "must not be empty",
    "int_type": "must be a number without a point; here stands {input!r}",
    "int_parsing": "must be a number without a point; here stands {input!r}",
    "date_type": "must be a day, as 2016-03-01, or null where it is not known",
    "date_parsing": "{input!r} is no day; write it as 2016-03-01, or null where it is not known",
    "date_from_datetime_parsing": "{input!r} is no day; write it as 2016-03-01, or null where it is not known",
    "date_from_datetime_inexact": "{input!r} is no day; write it as 2016-03-01, or null where it is not known",
}


def of_yaml(error: yaml.YAMLError) -> str:
    """Return where a file is no YAML and why: "line 7: a colon inside a text; …"."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
    hint = next((told for sign, told in _HINTS.items() if sign in problem), problem)
    return f"line {mark.line + 1}: {hint}" if mark else hint


def of_values(error: ValidationError, model: type[BaseModel], text: str) -> Iterator[str]:
    """Yield for each value that is wrong ", line 7: number: …"; *text* is the file's."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    errors = error.errors(include_url=False)
    unknown = [str(one["loc"][-1]) for one in errors if one["type"] == "extra_forbidden"]
    told = dict.fromkeys(_told_with_place(one, model, root) for one in errors if not _is_told_otherwise(one, unknown))
    yield from told


def _is_told_otherwise(one: ErrorDetails, unknown: Sequence[str]) -> bool:
    """Tell a missing key that stands there misspelt: it is told as the unknown one, with what was meant."""
    return one["type"] == "missing" and bool(get_close_matches(str(one["loc"][-1]), unknown))


def _told_with_place(one: ErrorDetails, model: type[BaseModel], root: yaml.Node | None) -> str:
    """Return ", line 7: number: …" for a value that is wrong."""
    loc = one["loc"]
    keys = [key for key in (loc[:-1] if _is_of_key(one) else loc) if isinstance(key, int) or not _OF_PYDANTIC.search(key)]
    whole = [*keys, loc[-1]] if _is_of_key(one) else keys
    where = f", line {line}" if (one["type"] != "missing" or len(whole) > 1) and (line := _line(root, whole)) else ""
    path = " ".join(str(key + 1) if isinstance(key, int) else key for key in keys)
    return f"{where}: {f'{path}: ' if path else ''}{_told(one, model)}"


def repeated_keys(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line and name of each key that its table has already: YAML would forget the first without a word.

    >>> list(repeated_keys("a: 1\nb: 2\na: 3"))
    [(3, 'a')]
    """
    for node in _nodes(yaml.compose(text, Loader=yaml.CSafeLoader)):
        yield from _repeated(node)


def swallowed(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line and begin of each text that took in the next entry of its list, since that is indented further.

    >>> list(swallowed("names:\n  - Penal Code\n   - Criminal Code"))
    [(2, 'Penal Code')]
    """
    for node in _nodes(yaml.compose(text, Loader=yaml.CSafeLoader)):
        if (
            isinstance(node, yaml.ScalarNode)
            and not node.style
            and node.start_mark.line < node.end_mark.line
            and " - " in node.value
        ):
            yield node.start_mark.line + 1, node.value.partition(" - ")[0]


def typographic(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line and begin of each text that stands in the quotes of a word processor, which then belong to it.

    >>> list(typographic("name: Criminal Code\nnumber: ‘12’"))
    [(2, '‘12’')]
    """
    for node in _nodes(yaml.compose(text, Loader=yaml.CSafeLoader)):
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value[:1] in tuple(_QUOTES):
            yield node.start_mark.line + 1, node.value[:_BEGIN]


def line_of(text: str, value: str) -> int | None:
    """Return the line of a file in which *value* begins, as YAML reads it; None if it is not there."""
    nodes = _nodes(yaml.compose(text, Loader=yaml.CSafeLoader))
    return next((node.start_mark.line + 1 for node in nodes if node.value == value), None)


def nearest(wrong: str, known: Sequence[str]) -> str:
    """Return a question after what was meant, or the list of what is known."""
    close = get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"


def _is_of_key(one: ErrorDetails) -> bool:
    return one["type"] in ("extra_forbidden", "missing")


def _told(one: ErrorDetails, model: type[BaseModel]) -> str:
    kind, key = one["type"], str(one["loc"][-1]) if one["loc"] else ""
    if kind == "missing":
        return f"the key {key!r} is missing"
    if kind == "extra_forbidden":
        no_key = _no_key(key, one["loc"]) if one["input"] is None else None
        return no_key or f"unknown key {key!r}; {nearest(key, _keys(model, one['loc'][:-1]))}"
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", one["ctx"]["expected"])
        meant = f"known are {', '.join(known)}" if len(known) < _FEW else nearest(str(one["input"]), known)
        return f"{one['input']!r} is none of those known; {meant}"
    if kind == "string_type" and (one["input"] is None or isinstance(one["input"], dict)):
        colon = "a colon made a key of its begin; put the whole text in quotes"
        return colon if one["input"] else "must not be empty"
    if kind in _SHOULD_BE:
        keys = ", ".join(f"{known}: …" for known in _keys(model, one["loc"]))
        return _SHOULD_BE[kind].format(input=one["input"], keys=keys)
    return one["msg"].removeprefix("Value error, ")


def _no_key(key: str, loc: Sequence[int | str]) -> str | None:
    """Return what made a key of something that was not meant as one; such a key has no value."""
    if ":" in key:
        return f"a space is missing behind the colon of “{key}”"
    if " " in key or (len(loc) > 1 and isinstance(loc[-2], int)):
        return "a comma ends a text without quotes; put the whole text in quotes"
    return None


def _keys(model: Any, loc: Sequence[int | str]) -> list[str]:
    """Return the keys that are known at a place in a file."""
    for key in loc:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _inner(fields[str(key)].annotation) if key in fields else None
        elif inner := [kind for kind in get_args(model) if kind is not Ellipsis]:
            model = _inner(inner[-1])
    return [field.alias or name for name, field in model.model_fields.items()] if hasattr(model, "model_fields") else []


def _inner(kind: Any) -> Any:
    """Return a type without what is said of it, and without None."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return kind


def _line(node: yaml.Node | None, keys: Sequence[int | str]) -> int | None:
    """Return the line of a value, or of the innermost table or list around it."""
    if node is None:
        return None
    line = node.start_mark.line + 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next(((name, value) for name, value in node.value if name.value == str(key)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield a node and all within it, in the order of the file."""
    if node is None:
        return
    yield node
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for one in child if isinstance(child, tuple) else (child,):
            yield from _nodes(one)


def _repeated(node: yaml.Node) -> Iterator[tuple[int, str]]:
    seen = set[str]()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in seen:
            yield key.start_mark.line + 1, str(key.value)
        seen.add(str(key.value))
