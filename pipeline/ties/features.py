"""What the grammar and the order of the text say of a pair: this count or penalty, and that date, place or person."""

import math
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import get_args

from pipeline.normalise.phrases import one_of
from pipeline.normalise.status import folded, status_of_form
from pipeline.outline import Field, Outline
from pipeline.rules.claims import claim_words
from pipeline.schema import CountFact, Modality, SentenceFact, Status
from pipeline.ties.candidates import Candidate, Offered, within

Anchor = CountFact | SentenceFact
Features = dict[str, float]
_PREPOSITIONS = "in on since until by from of at after before for during between to near outside across".split()
_CLAUSE = re.compile(r"[;:–—,()]|\s(?:and|but|while|who|which|that|after|when|where|before|although|whereas|because)\s")
_FINER = {"country": 0.0, "region": 1.0, "city": 2.0, "court": 2.2, "site": 2.5}
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl", "conj"})


@dataclass(frozen=True)
class Story:
    """A report as the ties see it: its grammar, its counts and penalties, its year and its country."""

    outline: Outline
    anchors: tuple[Anchor, ...]
    year: int | None = None
    published: str | None = None
    country: str | None = None
    title: str = ""

    @cached_property
    def stages(self) -> list[tuple[int, Status]]:
        """Return each word of arrest, charge, sentence or release: its offset and its status."""
        return [(m.start(), status_of_form()[folded(m[0])]) for m in _stage().finditer(self.outline.text)]

    @cached_property
    def stage_starts(self) -> list[int]:
        """Return the offsets of the words of `stages`."""
        return [at for at, _ in self.stages]

    @cached_property
    def anchor_starts(self) -> list[int]:
        """Return the offsets of the counts and penalties."""
        return sorted(anchor.start for anchor in self.anchors)

    @cached_property
    def organisations(self) -> tuple[list[int], list[int]]:
        """Return where the organisations named begin and end."""
        spans = sorted((start, end) for start, end, label in self.outline.entities if label == "ORG")
        return [start for start, _ in spans], [end for _, end in spans]

    @cached_property
    def bullets(self) -> list[int]:
        """Return the offsets of the marks that begin another story."""
        return [m.start() for m in _bullet().finditer(self.outline.text)]


@cache
def _stage() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{one_of(status_of_form())})(?![\w-])", re.IGNORECASE)


@cache
def _bullet() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=\n)|(?<=\.\s))(?:{one_of(claim_words().bullets)})\s")


@cache
def _general() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().general)})(?!\w)", re.IGNORECASE)


@cache
def _lasting() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().lasting)})(?!\w)", re.IGNORECASE)


@cache
def _purpose() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().purpose)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """An anchor in its story, with all the candidates of one field: what is the same for each of them is found once."""

    story: Story
    anchor: Anchor
    rivals: Offered
    field: Field

    @cached_property
    def sent(self) -> int:
        """Return the number of the anchor's sentence."""
        return self.story.outline.sent(self.anchor.start)

    @cached_property
    def beside(self) -> tuple[Candidate, ...]:
        """Return the candidates in the anchor's sentence."""
        return self.rivals.inside(*self.story.outline.sent_span(self.sent))

    @cached_property
    def above(self) -> list[int]:
        """Return the word that the rest of the sentence holds the anchor by, and all that it depends on."""
        outline = self.story.outline
        return outline.above(outline.head_of(self.anchor.start, self.anchor.end))

    @cached_property
    def verb(self) -> int | None:
        """Return the verb whose clause holds the anchor."""
        return self.story.outline.verb_above(self.above[0])

    @cached_property
    def features(self) -> Features:
        """Return the features that no candidate changes."""
        return _anchor(self) | _sentence(self) | _verb(self)


@dataclass(frozen=True)
class Pair:
    """An anchor with what is asked of it, and a candidate."""

    asked: Asked
    candidate: Candidate

    @property
    def story(self) -> Story:
        """Return the report."""
        return self.asked.story

    @property
    def anchor(self) -> Anchor:
        """Return the count or the penalty."""
        return self.asked.anchor

    @property
    def rivals(self) -> Offered:
        """Return all the candidates among which this one stands."""
        return self.asked.rivals

    @property
    def beside(self) -> tuple[Candidate, ...]:
        """Return the rivals in the anchor's sentence."""
        return self.asked.beside

    @cached_property
    def gap(self) -> tuple[int, int]:
        """Return the offsets of what stands between the two."""
        one, other = self.anchor, self.candidate
        return (other.end, one.start) if other.start < one.start else (one.end, other.start)

    @cached_property
    def between(self) -> str:
        """Return the text between the two, at most 600 characters."""
        low, high = self.gap
        return self.story.outline.text[low : min(high, low + 600)]

    @cached_property
    def same(self) -> bool:
        """Tell whether they share a sentence."""
        return self.asked.sent == self.sent

    @cached_property
    def sent(self) -> int:
        """Return the number of the candidate's sentence."""
        return self.story.outline.sent(self.candidate.start)

    @cached_property
    def above(self) -> list[int]:
        """Return the word that the rest of the sentence holds the candidate by, and all that it depends on."""
        outline = self.story.outline
        return outline.above(outline.head_of(self.candidate.start, self.candidate.end))

    @cached_property
    def verb(self) -> int | None:
        """Return the verb whose clause holds the candidate."""
        return self.story.outline.verb_above(self.above[0])

    @cached_property
    def preposition(self) -> str:
        """Return the word before the candidate, articles and the like left out."""
        before = self.story.outline.text[max(0, self.candidate.start - 24) : self.candidate.start].casefold().split()
        return next((word for word in reversed(before) if word not in ("the", "early", "late", "mid")), "")


def status_of(anchor: Anchor) -> Status:
    """Return the stage that an anchor is about; a penalty is about its sentence."""
    return anchor.status if isinstance(anchor, CountFact) else "sentenced"


def features(pair: Pair) -> Features:
    """Return the features of a pair."""
    own: dict[Field, Callable[[Pair], Features]] = {"when": _date, "where": _place, "who": _person}
    groups = (_order, _place_of_candidate, _stages, _words, _hold, _grammar, own[pair.asked.field])
    found = pair.asked.features | {name: value for group in groups for name, value in group(pair).items()}
    return {name: float(value) for name, value in found.items()}


def _order(pair: Pair) -> Features:
    outline, anchor, one = pair.story.outline, pair.anchor, pair.candidate
    low, high = pair.gap
    before = one.start < anchor.start
    nearer = len(within(pair.rivals.starts, low, high))
    return {
        "sentences": _within(-3, pair.asked.sent - pair.sent, 8),
        "paragraphs": _within(-2, outline.paragraph(anchor.start) - outline.paragraph(one.start), 4),
        "bullets": min(3, len(within(pair.story.bullets, low, high))),
        "before": before,
        "distance": math.log1p(max(0, high - low)),
        "anchors_between": min(6, len(within(pair.story.anchor_starts, low, high))),
        "rank": min(8, nearer) if before else max(-4, -1 - nearer),
        "beside": min(5, len(pair.beside)),
        "rivals": min(20, len(pair.rivals.all)),
        "same_value": min(8, pair.rivals.values[one.value]),
        "same_value_beside": min(4, sum(r.value == one.value for r in pair.beside)),
    }


def _anchor(asked: Asked) -> Features:
    anchor = asked.anchor
    penalty = anchor if isinstance(anchor, SentenceFact) else None
    found: Features = {"penalty": penalty is not None}
    found |= {f"is_{status}": status == status_of(anchor) for status in get_args(Status)}
    found |= {f"is_{modality}": penalty is not None and modality == penalty.modality for modality in get_args(Modality)}
    found["detention"] = penalty is not None and penalty.penalty in ("pretrial_detention", "administrative_detention")
    found["final"] = penalty is not None and penalty.penalty in ("death", "life")
    found["back"] = bool(
        re.search(r"\b(?:the|all|both|these|those|other)\s+$", asked.story.outline.text[max(0, anchor.start - 8) : anchor.start])
    )
    return found


def _sentence(asked: Asked) -> Features:
    outline = asked.story.outline
    low, high = outline.sent_span(asked.sent)
    text = outline.text[low:high]
    return {
        "general": bool(_general().search(text)),
        "lasting": bool(_lasting().search(text)),
        "length": min(600, high - low),
        "sentence_number": min(40, asked.sent),
        "pronoun": bool(re.match(r"\W*(?:they|he|she|it|the \w+|all|both|these|those)\b", text.casefold())),
    }


def _verb(asked: Asked) -> Features:
    outline = asked.story.outline
    own = asked.verb
    return {
        "anchor_main_verb": own is not None and outline.deps[own] == "ROOT",
        "perfect": own is not None
        and any(outline.heads[i] == own and outline.word(i) in ("has", "have", "had") for i in range(max(0, own - 5), own)),
    }


def _place_of_candidate(pair: Pair) -> Features:
    return {
        "head": pair.sent <= 1,
        "front": min(60, pair.candidate.start - pair.story.outline.sent_span(pair.sent)[0]),
    }


def _stages(pair: Pair) -> Features:
    outline, status, stages = pair.story.outline, status_of(pair.anchor), pair.story.stages
    sentence = outline.sent_span(pair.sent)
    beside = (stages[i] for i in within(pair.story.stage_starts, *sentence))
    near = sorted((abs(at - pair.candidate.start), stage) for at, stage in beside)
    across = [stages[i][1] for i in within(pair.story.stage_starts, *pair.gap)]
    own = near[0][1] if near else None
    return {
        "stage_agrees": 0 if own is None else 1 if own == status else -1,
        "stage_near": any(stage == status for _, stage in near),
        "stages_between": min(6, len(across)),
        "own_stage_between": status in across,
        "other_stage_between": any(stage != status for stage in across),
    }


def _words(pair: Pair) -> Features:
    text, one = pair.story.outline.text, pair.candidate
    after = text[one.end : one.end + 3]
    found: Features = {f"behind_{word}": pair.preposition == word for word in _PREPOSITIONS}
    found["comma_after"] = after[:1] == ","
    found["possessive"] = after[:2] in ("’s", "'s")
    found["commas"] = min(8, pair.between.count(",")) if pair.same else -1
    found["semicolon"] = ";" in pair.between if pair.same else -1
    found["clauses"] = min(8, len(_CLAUSE.findall(pair.between))) if pair.same else -1
    found["purpose_between"] = bool(_purpose().search(pair.between)) if pair.same and one.start > pair.anchor.start else -1
    clause = max((m.end() for m in re.finditer(r"[.;,:]\s|\band\s", text[max(0, one.start - 60) : one.start])), default=0)
    found["opens_clause"] = len(text[max(0, one.start - 60) : one.start][clause:].split()) <= 1
    return found


_NO_GRAMMAR: Features = dict.fromkeys(
    (
        "path_anchor",
        "path",
        "path_between",
        "same_verb",
        "meets_in_verb",
        "verbs_between",
        "clause_between",
        "anchor_clause",
        "through_noun",
    ),
    -1.0,
)


_NO_HOLD: Features = dict.fromkeys(
    ("depth", "main_verb", "held_by_verb", "subject", "passive_subject", "object"),
    -1.0,
)


def _hold(pair: Pair) -> Features:
    """Return what holds a candidate in its sentence; of another sentence than the anchor's only the people's grammar is read."""
    if not pair.same and pair.asked.field != "who":
        return _NO_HOLD
    outline, head, verb = pair.story.outline, pair.above[0], pair.verb
    holder = outline.heads[outline.heads[head]] if outline.deps[head] == "pobj" else outline.heads[head]
    return {
        "depth": len(pair.above),
        "main_verb": verb is not None and outline.deps[verb] == "ROOT",
        "held_by_verb": outline.tags[holder].startswith("V"),
        "subject": outline.deps[head] in ("nsubj", "nsubjpass"),
        "passive_subject": outline.deps[head] == "nsubjpass",
        "object": outline.deps[head] == "dobj",
    }


def _grammar(pair: Pair) -> Features:
    """Return how anchor and candidate hang together, where they share a sentence."""
    if not pair.same:
        return _NO_GRAMMAR
    own = pair.asked.verb
    return _path(pair.story.outline, pair.above, pair.asked.above) | {"same_verb": pair.verb == own and own is not None}


def _path(outline: Outline, up: list[int], anchor_up: list[int]) -> Features:
    """Return how the two hang together in the tree of their sentence."""
    meet = next((i for i in up if i in anchor_up), None)
    if meet is None:
        return dict.fromkeys(_NO_GRAMMAR, 12.0)
    mine, other = up[: up.index(meet)], anchor_up[: anchor_up.index(meet)]
    return {
        "path_anchor": len(other),
        "path": len(mine) + len(other),
        "path_between": len(mine),
        "meets_in_verb": outline.tags[meet].startswith("V"),
        "verbs_between": sum(outline.tags[i].startswith("V") for i in (*mine, *other)),
        "clause_between": any(outline.deps[i] in _CLAUSES for i in mine),
        "anchor_clause": any(outline.deps[i] in _CLAUSES for i in other),
        "through_noun": sum(outline.tags[i].startswith("N") for i in mine[1:]),
    }


_PRECISION = {"day": 3, "month": 2, "range": 2, "year": 1, "vague": 0}


def _date(pair: Pair) -> Features:
    one, story = pair.candidate, pair.story
    year = int(one.value[:4]) if one.value[:4].isdigit() else None
    text = story.outline.text[one.start : one.end].casefold()
    return {
        "precision": _PRECISION[one.kind],
        "most_precise": max((_PRECISION[rival.kind] for rival in pair.beside), default=0),
        "range": one.kind == "range",
        "in_words": not re.search(r"\d", text),
        "following": bool(re.match(r"(?:the )?(?:same|following|next)", text)),
        "same_month": sum(rival.value[:7] == one.value[:7] for rival in pair.beside),
        "years_back": _within(-10, year - story.year, 3) if year and story.year else -20,
        "day_of_publication": one.value == story.published,
    }


def _place(pair: Pair) -> Features:
    one, story = pair.candidate, pair.story
    text = story.outline.text
    after, before = text[one.end : one.end + 25].casefold(), text[max(0, one.start - 40) : one.start].casefold()
    found: Features = {f"kind_{kind}": one.kind == kind for kind in _FINER}
    return found | {
        "main_country": one.country == story.country,
        "in_organisation": _in_organisation(one, story),
        "modifier": bool(re.match(r" [a-z]", after)) and pair.preposition not in _PREPOSITIONS,
        "finer": sum(_FINER[r.kind] > _FINER[one.kind] for r in pair.beside),
        "finer_anywhere": min(4, sum(n for kind, n in pair.rivals.kinds.items() if _FINER[kind] > _FINER[one.kind])),
        "capitals": text[one.start : one.end].isupper(),
        "institution": bool(
            re.match(r"(?:['’]s)?\s*(?:court|prison|\w+ court|police|ministry|government|authorit|parliament|president)", after)
        ),
        "of_institution": bool(
            re.search(
                r"(?:ministry|government|president|university|bank|embassy|republic|citizens?|nationals?|from)"
                r"(?: of| the| in)*\s*$",
                before,
            )
        ),
        "of_court": bool(re.search(r"(?:court|prison|jail|tribunal|police|station)(?: of| in| the)*\s*$", before)),
    }


def _in_organisation(one: Candidate, story: Story) -> bool:
    """Tell whether a place stands within an organisation's name; entities do not overlap, so the last before it decides."""
    starts, ends = story.organisations
    last = bisect_right(starts, one.start)
    return bool(last) and one.end <= ends[last - 1]


def _person(pair: Pair) -> Features:
    one, story = pair.candidate, pair.story
    found: Features = {
        f"kind_{kind}": one.kind == kind for kind in ("person", "group", "nsubj", "nsubjpass", "dobj", "pobj", "appos")
    }
    word = one.value.split()[-1].casefold() if one.value else ""
    found["share_of_names"] = pair.rivals.share_of_names(word)
    found["in_title"] = len(word) > 3 and word in story.title.casefold()
    found["personal"] = bool(_personal().search(one.value))
    found["plural"] = word.endswith("s")
    return found


@cache
def _personal() -> re.Pattern[str]:
    return re.compile(
        r"(?:\w(?:er|or|ist|man|men|woman|women|ant|ee|eer|ian|ive|al|mate|ate|ees|ers|ors|ists|ants|ians)s?|boys?|girls?|child|children|people|student\w*|officers?|soldiers?|author)$",
        re.IGNORECASE,
    )


def _within(low: int, value: int, high: int) -> int:
    return max(low, min(high, value))
