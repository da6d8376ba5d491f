"""The spaCy component for locations: detected spans and known names -> drafts of location facts.

The network finds most places (failing it, spaCy's entities do); known names that it missed are
added. In a blank pipeline those names are found, and the cities that are certain.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Clue, Detected, Draft, context_of, detected, register, set_drafts, text_of
from pipeline.context import Context
from pipeline.normalise.names import Named
from pipeline.normalise.phrases import one_of
from pipeline.normalise.place_kinds import kind_by_noun
from pipeline.normalise.place_spans import (
    after_preposition,
    entries,
    first_paragraph,
    headed,
    in_reference,
    inside_other_name,
    joints,
    noun_follows,
    trimmed,
    whole_words,
    with_site_noun,
    without_region_noun,
)
from pipeline.normalise.places import (
    GREAT,
    Atlas,
    Guess,
    Resolved,
    country_mentions,
    known_places,
    landmarks,
    resolve,
    title_countries,
)
from pipeline.normalise.scene import Scene
from pipeline.rules.places import Name

_ENTITIES = frozenset({"GPE", "LOC", "FAC"})
_LISTED = re.compile(r"\s*,?\s+(?:and|or|nor)\s+|,\s+")
_LIKELY, _SURE = 0.65, 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be a place, with the network's guess at its kind."""

    start: int
    end: int
    guess: Guess | None = None


class Locations:
    """Adds drafts of location facts; uses the context, detected spans and entities if present."""

    def __init__(self, atlas: Atlas) -> None:
        """Take what is known of places."""
        self.atlas = atlas

    def __call__(self, doc: Doc) -> Doc:
        """Set the drafts of one Doc."""
        return set_drafts(doc, self.match(doc))

    def match(self, doc: Doc) -> list[Draft]:
        """Return the drafts of the locations in *doc*, in the order of the text."""
        text = text_of(doc)
        context = _with_countries(text, context_of(doc), self.atlas)
        found = sorted(self._candidates(doc, text, context), key=lambda c: c.start)
        scene = self._scene(text, context, found)
        own = [self._told_by_neighbour(text, one, found[max(0, i - 1) : i], found[i + 1 : i + 2]) for i, one in enumerate(found)]
        made = [
            self._draft(text, c, Scene((told[0],)) if told else scene, context.offset) for c, told in zip(found, own, strict=True)
        ]
        return [
            replace(one, clues=(Clue("country", "words", told[1].start, told[1].end),)) if told else one
            for one, told in zip(made, own, strict=True)
        ]

    def _told_by_neighbour(
        self, text: str, one: Candidate, before: Sequence[Candidate], behind: Sequence[Candidate]
    ) -> tuple[str, Candidate] | None:
        """Return the country of an ambiguous name, and which place directly before or behind it tells that."""
        listed = self.atlas.names.exactly(text[one.start : one.end])
        if listed is None or len(listed.codes) == 1:
            return None
        for city in before:
            if country := self._told_by_city(text, city, one):
                return country, city
        state = self._state_of_its_own(text[one.start : one.end], listed)
        pairs = [(text[other.end : one.start], other) for other in before] + [(text[one.end : o.start], o) for o in behind]
        return next(
            ((state, o) for gap, o in pairs if state and _LISTED.fullmatch(gap) and self._is_state(text, o, listed)), None
        )

    def _state_of_its_own(self, text: str, listed: Name) -> str | None:
        """Return the country whose name is elsewhere a division's: Georgia, but not the Congo, which is two countries'."""
        divided = {place.country for place in self.atlas.gazetteer.named(text) if place.feature == "region"}
        own = [code for code in listed.codes if code not in divided]
        return own[0] if len(own) == 1 else None

    def _is_state(self, text: str, other: Candidate, listed: Name) -> bool:
        """Tell a country by which an ambiguous name is known for one: Georgia beside Iran; beside the US it may be either."""
        name = self.atlas.names.exactly(text[other.start : other.end])
        return name is not None and name.role == "country" and len(name.codes) == 1 and name.codes[0] not in listed.codes

    def _told_by_city(self, text: str, before: Candidate, candidate: Candidate) -> str | None:
        """Return where an ambiguous name lies that stands behind its city: "Atlanta, Georgia" is not in the Caucasus."""
        listed = self.atlas.names.exactly(text[candidate.start : candidate.end])
        if listed is None or text[before.end : candidate.start] != ", ":
            return None
        places = self.atlas.gazetteer.named(text[before.start : before.end])
        return next((place.country for place in places if place.country in listed.codes), None)

    def _candidates(self, doc: Doc, text: str, context: Context) -> list[Candidate]:
        """Return the candidates, none overlapping another: those marked, then the names left."""
        named = list(self.atlas.names.found_in(text))
        network = doc._.casefacts_detected is not None
        marked = self._marked(doc, text) if network else self._entities(doc, text)
        numbered = list(self._numbered(text))
        pieces = [_whole(p, named) for c in marked if not _joins(c, numbered) for p in self._pieces(text, c)]
        known = {code for _, code in context.countries}.union(context.title_countries)
        spans = list(entries(text, self.atlas.rules.organisations))
        spans += [] if context.offset else headed(text)
        spans += [] if network else after_preposition(text)
        certain = self._certain(text, spans, known)
        return _apart((*pieces, *self._free(text, named, known), *certain, *numbered))

    def _numbered(self, text: str) -> Iterator[Candidate]:
        """Yield the facilities that have a number for a name: "Prison No. 6", "penal colony #4"."""
        for found in _numbered(self.atlas.rules.site_nouns).finditer(text):
            yield Candidate(*found.span(), ("site", 1.0))

    def _marked(self, doc: Doc, text: str) -> list[Candidate]:
        """Return the spans that the network marked and is sure enough of."""
        spans = detected(doc, "location")
        return [Candidate(*whole_words(text, s.start, s.end), s.attributes.get("kind")) for s in spans if self._believed(text, s)]

    def _believed(self, text: str, span: Detected) -> bool:
        """Weigh the network's score against what the words around say."""
        if span.score < _LIKELY or in_reference(text, span.start, span.end):
            return False
        words = self.atlas.rules.organisations
        return span.score >= _SURE or not inside_other_name(text, span.start, span.end, words)

    def _entities(self, doc: Doc, text: str) -> list[Candidate]:
        """Return the places among spaCy's entities."""
        words = self.atlas.rules.organisations
        spans = [(e.start_char, e.end_char) for e in doc.ents if e.label_ in _ENTITIES]
        return [Candidate(*s) for s in spans if not inside_other_name(text, *s, words)]

    def _free(self, text: str, named: Iterable[Named], known: set[str]) -> Iterator[Candidate]:
        """Yield the names that are no part of another name, a site's with its noun."""
        rules = self.atlas.rules
        for n in named:
            inside = inside_other_name(text, n.start, n.end, rules.organisations)
            if _stands(n.name, known) and not inside and not _is_pronoun(text, n.start, n.end):
                state = n.name.role == "country"
                end = n.end if state else with_site_noun(text, n.end, rules)
                yield Candidate(n.start, end)

    def _certain(self, text: str, spans: Iterable[tuple[int, int]], known: set[str]) -> Iterator[Candidate]:
        """Yield the cities among the capitalised names that stand where a place would, of the report's countries or great."""
        for span in spans:
            start, end = trimmed(text, *span)
            places = self.atlas.gazetteer.named(text[start:end])
            inside = inside_other_name(text, start, end, self.atlas.rules.organisations)
            if not inside and any(p.country in known or p.population >= GREAT for p in places):
                end = with_site_noun(text, end, self.atlas.rules)
                yield Candidate(start, end)

    def _pieces(self, text: str, candidate: Candidate) -> Iterator[Candidate]:
        """Trim a candidate and part it into its places; "Baku, Azerbaijan" is two, and so are the lines of a heading."""
        start, end = first_paragraph(text, candidate.start, candidate.end)
        pieces = list(joints(text, start, end))
        if len(pieces) == 1 or not all(self._is_name(text[slice(*piece)]) for piece in pieces):
            pieces = self._lines(text, start, end)
        for piece in pieces:
            start, end = trimmed(text, *piece)
            if start < end and self._is_place(text, start, end):
                yield self._with_edges(text, replace(candidate, start=start, end=end))

    def _lines(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return the lines of a span if there are several and each names a country, else the span."""
        lines = [(start + line.start(), start + line.end()) for line in re.finditer(r"[^\n]+", text[start:end])]
        listed = (self.atlas.names.exactly(text[slice(*line)]) for line in lines)
        return lines if len(lines) > 1 and all(name and name.role == "country" for name in listed) else [(start, end)]

    def _with_edges(self, text: str, piece: Candidate) -> Candidate:
        """Give a site its noun, and take a region's off."""
        rules = self.atlas.rules
        if piece.guess and piece.guess[0] == "site":
            return replace(piece, end=with_site_noun(text, piece.end, rules))
        return replace(piece, end=without_region_noun(text, piece.start, piece.end, rules))

    def _is_name(self, text: str) -> bool:
        start, end = trimmed(text, 0, len(text))
        name = text[start:end]
        listed = self.atlas.names.exactly(name)
        return bool(name) and (listed is not None or bool(self.atlas.gazetteer.named(name)))

    def _is_place(self, text: str, start: int, end: int) -> bool:
        name = text[start:end]
        listed = self.atlas.names.exactly(name)
        if listed and listed.role == "people":
            return False
        return any(letter.isupper() for letter in name) and text[end : end + 1] != "$" and not _is_pronoun(text, start, end)

    def _scene(self, text: str, context: Context, found: Iterable[Candidate]) -> Scene:
        """Return where the report plays: by the context, and by places that are unmistakable."""
        named = ((text[c.start : c.end], c.start + context.offset) for c in found)
        told = context.spoken_of if context.title_countries else frozenset()
        mentions = (*context.countries, *landmarks(named, atlas=self.atlas, told=told))
        return Scene(context.title_countries, tuple(sorted(mentions)), context.entries)

    def _draft(self, text: str, candidate: Candidate, scene: Scene, offset: int) -> Draft:
        start, end = candidate.start, candidate.end
        guess = candidate.guess
        if noun_follows(text, end, self.atlas.rules) and not kind_by_noun(text[start:end], self.atlas.rules):
            guess = ("region", 1.0)
        place = resolve(text[start:end], start + offset, scene=scene, atlas=self.atlas, guess=guess)
        values = asdict(place)
        return Draft(
            "location", start, end, values.pop("rule"), values, self._clues(text[start:end], start, place, scene, offset)
        )

    def _clues(self, name: str, start: int, place: Resolved, scene: Scene, offset: int) -> tuple[Clue, ...]:
        """Return what told the country of a name that is not one country's alone: its nearest mention, or the title."""
        if place.country is None or (place.rule.startswith("places.") and not self._is_shared(name)):
            return ()
        told = scene.told_by(place.country, start + offset)
        if told is not None:
            return (Clue("country", "words", told - offset),)
        return (Clue("country", "title"),) if place.country in scene.title else ()

    def _is_shared(self, name: str) -> bool:
        listed = self.atlas.names.exactly(name)
        return listed is None or len(listed.codes) > 1


def _whole(piece: Candidate, named: Sequence[Named]) -> Candidate:
    """Return the known name that *piece* is cut from ("Côte d" of "Côte d'Ivoire"), or it."""
    position = bisect_right(named, piece.start, key=lambda n: n.start) - 1
    if position >= 0 and piece.end <= named[position].end and named[position].name.role != "people":
        return replace(piece, start=named[position].start, end=named[position].end)
    return piece


def _joins(marked: Candidate, numbered: Sequence[Candidate]) -> bool:
    """Tell a span that runs over two facilities: "Prison No. 6 to penal colony #4"."""
    return sum(marked.start <= one.start and one.end <= marked.end for one in numbered) > 1


def _is_pronoun(text: str, start: int, end: int) -> bool:
    """Tell "CONTACT US" in a line of capitals from the United States."""
    return text[start:end] == "US" and re.search(r"(?<![A-Z])[A-Z]{4,}\s$", text[max(0, start - 20) : start]) is not None


def _stands(name: Name, known: set[str]) -> bool:
    """Tell whether a name is a place's: a person's too, only where its country is spoken of."""
    return name.role != "people" and (not name.doubtful or not known.isdisjoint(name.codes))


def _apart(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep the candidates that overlap none before them."""
    taken: set[int] = set()
    kept: list[Candidate] = []
    for candidate in candidates:
        letters = range(candidate.start, candidate.end)
        if taken.isdisjoint(letters):
            taken.update(letters)
            kept.append(candidate)
    return kept


def _with_countries(text: str, context: Context, atlas: Atlas) -> Context:
    if context.countries or context.offset:
        return context
    title = context.title_countries or title_countries(context.title, names=atlas.names)
    mentions = country_mentions(text, names=atlas.names, title=title)
    return Context(title=context.title, countries=mentions, title_countries=title)


@cache
def _numbered(nouns: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(nouns)})\s+(?:(?:No|Nr)\.?|Number|#|№)\s?\d+(?![\w/-])", re.IGNORECASE)


def build_locations() -> Locations:
    """Build the component with all that is known."""
    register()
    return Locations(known_places())


@Language.factory("casefacts_locations", assigns=["doc.spans"])
def make_locations(nlp: Language, name: str) -> Locations:
    """Build the component for a pipeline."""
    return build_locations()
