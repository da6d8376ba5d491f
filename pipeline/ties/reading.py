"""What the network is asked of a report, window by window: each count and penalty with all that may belong to it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from pipeline.components.encoding import softmax
from pipeline.outline import Field
from pipeline.schema import CountFact, Fact, LocationFact
from pipeline.ties.candidates import Candidate, Naming, clear_of, within
from pipeline.ties.network import FIELDS, Asked, Given, Network, Read
from pipeline.ties.reach import Near
from pipeline.ties.story import Anchor, Story
from pipeline.ties.windows import Reader, Span, Window, reader, together

SPOKEN = "spoken"
_SLIGHT, _NEARLY = 0.01, 0.2  # chances of a word: to be looked at, and to belong to the likeliest, as a share of its own


@dataclass(frozen=True, slots=True)
class Question:
    """A window, its anchors, and what is asked: `given` of each of `candidates`, which stand in the same order."""

    window: Window
    anchors: tuple[Anchor, ...]
    given: tuple[Given, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Spoken:
    """Where a report speaks of countries: each mention, those of the title, the main one, and for each anchor the likeliest."""

    mentions: tuple[Candidate, ...]
    title: frozenset[str]
    main: str | None
    here: Mapping[str, str | None]

    def known(self, anchor: Anchor, code: str) -> tuple[bool, bool, bool]:
        """Return of a country whether the title names it, and whether the report speaks of it most here, and as a whole."""
        return code in self.title, code == self.here.get(anchor.id), code == self.main


def mentions_of(facts: Sequence[Fact], namings: Sequence[Naming]) -> tuple[Candidate, ...]:
    """Return each mention of a country, of a people, and of a place whose country is known."""
    places = [Candidate(f.start, f.end, f.country, SPOKEN) for f in facts if isinstance(f, LocationFact) and f.country]
    named = [Candidate(one.start, one.end, one.code, SPOKEN) for one in namings]
    outside = filter(clear_of((one.start, one.end) for one in places), named)
    return tuple(sorted([*places, *outside], key=lambda one: one.start))


def questions(story: Story, near: Mapping[str, Near], spoken: Spoken, reader: Reader) -> Iterator[Question]:
    """Yield what is asked of a report; *near* holds the candidates of each anchor by its id.

    Where penalties stand alone that the law only threatens, with no person named near by, nothing is asked: most have no day,
    no place and no people, and in surveys of a country's law they are two windows in five.
    """
    spans = [(anchor.start, anchor.end) for anchor in story.anchors]
    starts = [one.start for one in spoken.mentions]
    for group in together(spans):
        anchors = story.anchors[group.start : group.stop]
        if all(_of_nobody(anchor, near[anchor.id]) for anchor in anchors):
            continue
        reach = reader.reach(spans[group.start : group.stop])
        places = [spoken.mentions[i] for low, high in reach for i in within(starts, low, high)]
        yield _question(story, anchors, near, places, spoken, reader)


def _of_nobody(anchor: Anchor, near: Near) -> bool:
    """Tell a penalty of the law's from one that somebody faces."""
    return mark_of(anchor) == "possible" and all(one.kind != "person" for one in near["who"])


_ORDER: tuple[Field, ...] = ("who", "where", "when")  # of candidates that overlap the last marks the words


def _question(
    story: Story,
    anchors: Sequence[Anchor],
    near: Mapping[str, Near],
    places: Sequence[Candidate],
    spoken: Spoken,
    reader: Reader,
) -> Question:
    marked = [(one.start, one.end, SPOKEN) for one in places]
    marked += [(one.start, one.end, one.kind) for field in _ORDER for a in anchors for one in near[a.id].get(field, ())]
    marked += [(a.start, a.end, mark_of(a)) for a in anchors]
    window = reader.window([(a.start, a.end) for a in anchors], marked)
    given: list[Given] = []
    candidates: list[Candidate] = []
    for i, anchor in enumerate(anchors):
        if not is_shown(window, anchor):
            continue
        for field, offered in _offered(story, anchor, near[anchor.id], places):
            shown = [(place, one) for one in offered if (place := window.place(one.start, one.end))]
            rivals = sorted(first for (first, _), _ in shown)
            for place, one in shown:
                known = spoken.known(anchor, one.value) if field == "country" else (False, False, False)
                steps = _steps(story, window, i, anchor, place, one, rivals)
                land = one.value if field == "country" else one.country
                given.append(Given(i, field, place, steps, one.means, land, known))
                candidates.append(one)
    return Question(window, tuple(anchors), tuple(given), tuple(candidates))


def is_shown(window: Window, anchor: Anchor) -> bool:
    """Tell whether an anchor stands in its window: words of many sub-words push others out."""
    return window.place(anchor.start, anchor.end) is not None


def _offered(
    story: Story, anchor: Anchor, near: Near, places: Sequence[Candidate]
) -> Iterator[tuple[Asked, Sequence[Candidate]]]:
    yield "country", story.beside(anchor, places)
    yield from near.items()


def _steps(
    story: Story, window: Window, i: int, anchor: Anchor, place: Span, one: Candidate, rivals: Sequence[int]
) -> tuple[int, int, int, int]:
    own, its = bisect_left(rivals, window.anchors[i][0]), bisect_left(rivals, place[0])
    rank = own - 1 - its if its < own else own - its - 1
    return window.between(i, place, story.outline.sent(anchor.start) - story.outline.sent(one.start), rank)


def mark_of(anchor: Anchor) -> str:
    """Return how an anchor is marked: a count by its stage, a penalty by whether it was imposed."""
    return anchor.status if isinstance(anchor, CountFact) else anchor.modality


def reader_of(story: Story, tokenizer: Tokenizer, ends: Span) -> Reader:
    """Return what cuts windows out of a report."""
    return reader(story.outline.text, story.title, story.outline.sent_span(0)[1], tokenizer, ends)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of one anchor.

    `chances` are those of each value of a field against none, 0 to 1; a value that no window showed has none.
    `speaker` are the characters of the speaker's name, None where nobody is named, with the chance that the statement is
    theirs, or somebody's without a name.
    """

    chances: Mapping[Asked, Mapping[str, float]]
    speaker: Span | None
    attributed: float


NO_ANSWER = Answer({}, None, 0.0)


def answers(asked: Iterable[Question], network: Network) -> dict[str, Answer]:
    """Return the network's answer for each anchor, by its id."""
    found: dict[str, Answer] = {}
    for question in asked:
        read = network.read(question.window, question.given)
        for i, anchor in enumerate(question.anchors):
            if not is_shown(question.window, anchor):
                continue
            found[anchor.id] = Answer(_chances(question, read, i), *_speaker(question.window, read, i))
    return found


def _chances(question: Question, read: Read, i: int) -> dict[Asked, dict[str, float]]:
    fits: dict[Asked, list[tuple[str, float]]] = {}
    for given, one, fit in zip(question.given, question.candidates, read.fits.tolist(), strict=True):
        if given.anchor == i:
            fits.setdefault(given.field, []).append((one.means, fit))
    found: dict[Asked, dict[str, float]] = {}
    for field, scored in fits.items():
        none, *powers = softmax(np.array([read.none[i, FIELDS.index(field)], *(fit for _, fit in scored)])).tolist()
        values: dict[str, float] = {}
        for (value, _), power in zip(scored, powers, strict=True):
            values[value] = values.get(value, 0.0) + power
        found[field] = {value: power / (power + none) for value, power in values.items()}
    return found


def _speaker(window: Window, read: Read, i: int) -> tuple[Span | None, float]:
    """Return the words that most likely name the speaker: the likeliest word, and those beside it that are nearly as likely."""
    source = FIELDS.index("source")
    chances = softmax(np.concatenate([read.none[i, source : source + 2], read.speaks[i]]))
    words: dict[Span, float] = {}
    for sub_word in np.flatnonzero(chances[2:] > _SLIGHT).tolist():
        if word := window.characters(sub_word):
            words[word] = words.get(word, 0.0) + float(chances[2 + sub_word])
    named = sum(words.values())
    if float(chances[1]) >= named:
        return None, float(chances[1])
    best = max(words, key=lambda word: words[word])
    ordered = sorted(words)
    first = last = ordered.index(best)
    enough = words[best] * _NEARLY
    while first and words[ordered[first - 1]] >= enough and ordered[first][0] - ordered[first - 1][1] <= 1:
        first -= 1
    while last + 1 < len(ordered) and words[ordered[last + 1]] >= enough and ordered[last + 1][0] - ordered[last][1] <= 1:
        last += 1
    return (ordered[first][0], ordered[last][1]), named
