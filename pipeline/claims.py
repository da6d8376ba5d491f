"""Facts to claims: each count and each penalty with its day, place, people, source and articles, and how each was tied."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.context import Context
from pipeline.events import grouped
from pipeline.normalise.places import Resolved, known_places, resolve
from pipeline.outline import Field, Outline
from pipeline.schema import ArticleFact, Claim, CountFact, DateFact, Fact, LocationFact, Report, SentenceFact, Tie, stable_id
from pipeline.ties import candidates
from pipeline.ties.articles import articles_of, of_events, penal
from pipeline.ties.candidates import Candidate, Offered, offered
from pipeline.ties.choose import Tied, choose, tie_of
from pipeline.ties.countries import Countries, countries_of
from pipeline.ties.groups import joined_penalties, wholes
from pipeline.ties.network import known_tokenizer, network
from pipeline.ties.people import group_of
from pipeline.ties.reach import Near, Offers, near_of
from pipeline.ties.reading import NO_ANSWER, Answer, Spoken, answers, mentions_of, questions, reader_of
from pipeline.ties.speakers import speaker_of
from pipeline.ties.story import Anchor, Story, namings_of

_Values = dict[str, Any]
_LIKELY = 0.9  # the chance from which on the network knows a country better than what the report speaks of most
_NOWHERE = offered(())
_COUNTED = ("status", "low", "high", "approx")
_PUNISHED = ("penalty", "min", "max", "min_days", "max_days", "modality")


@dataclass(frozen=True)
class _Found:
    """What a report offers to be tied to: dates, places, people, the fullest form of each name; and the network's answers."""

    story: Story
    offers: Offers
    near: Mapping[str, Near]
    answers: Mapping[str, Answer]
    countries: Countries
    named: Mapping[str, Offered]
    names: Mapping[str, str]
    articles: list[ArticleFact]
    penalties: Mapping[str, SentenceFact]
    groups: Mapping[str, CountFact]

    def choose(self, anchor: Anchor, field: Field) -> Tied | None:
        """Return what belongs to an anchor in a field."""
        return choose(self.story, anchor, self.near[anchor.id][field], self.answer(anchor), field)

    def answer(self, anchor: Anchor) -> Answer:
        """Return what the network says of an anchor; of one that it was not asked about, nothing."""
        return self.answers.get(anchor.id, NO_ANSWER)


def claims(report: Report, facts: Sequence[Fact], outline: Outline, context: Context) -> list[Claim]:
    """Return the claims of a report, in the order of the text; *context* is the whole report's."""
    story = story_of(report, facts, outline, context)
    if not story.anchors:
        return []
    offers = offers_of(facts, story)
    laws = penal([fact for fact in facts if isinstance(fact, ArticleFact)])
    penalties = joined_penalties(story)
    near = {anchor.id: near_of(story, anchor, offers) for anchor in story.anchors}
    countries = countries_of(facts, story, context)
    read = network()
    found = _Found(
        story=story,
        offers=offers,
        near=near,
        answers=answers(questions(story, near, spoken_of(story, facts, countries), reader_of(story, *known_tokenizer())), read),
        countries=countries,
        named=_by_country(offers["where"].all),
        names=candidates.full_names(offers["who"].all),
        articles=laws,
        penalties=penalties,
        groups={
            penalty.id: count for count in story.anchors if isinstance(count, CountFact) and (penalty := penalties.get(count.id))
        },
    )
    whole = wholes(story)
    made = [_claim(anchor, found, whole.get(anchor.id)) for anchor in story.anchors]
    told = of_events(story, laws)
    return shared_articles(made, grouped(made, outline), told) if told else made


def offers_of(facts: Sequence[Fact], story: Story) -> Offers:
    """Return all candidates of a report, field by field."""
    text = story.outline.text
    return {
        "when": offered(candidates.dates(facts, text)),
        "where": offered(candidates.places(facts, text, story.namings)),
        "who": offered(candidates.people(facts, story.outline)),
    }


def spoken_of(story: Story, facts: Sequence[Fact], countries: Countries) -> Spoken:
    """Return where a report speaks of countries."""
    here = {anchor.id: countries.at(anchor.start) for anchor in story.anchors}
    return Spoken(mentions_of(facts, story.namings), frozenset(countries.context.title_countries), story.country, here)


def shared_articles(
    made: Sequence[Claim], groups: Sequence[Sequence[Claim]], told: Mapping[str, Sequence[ArticleFact]]
) -> list[Claim]:
    """Return the claims, each without articles given those that the report tells of the whole event."""
    new: dict[str, Claim] = {}
    for group in groups:
        laws = [law for claim in group for law in told.get(claim.fact_id, ())]
        for claim in group if laws else ():
            if not claim.articles:
                articles = tuple(dict.fromkeys(law.article for law in laws))
                ids = tuple(dict.fromkeys((*claim.facts, *(law.id for law in laws))))
                new[claim.id] = claim.model_copy(update={"articles": articles, "articles_tie": "carried", "facts": ids})
    return [new.get(claim.id, claim) for claim in made]


def story_of(report: Report, facts: Sequence[Fact], outline: Outline, context: Context) -> Story:
    """Return what the ties need to know of a report."""
    spoken = Counter(fact.country for fact in facts if isinstance(fact, LocationFact) and fact.country)
    main = context.title_countries[0] if context.title_countries else next((code for code, _ in spoken.most_common(1)), None)
    return Story(
        outline=outline,
        anchors=tuple(fact for fact in facts if isinstance(fact, CountFact | SentenceFact)),
        country=main,
        title=report.title or "",
        scene=context.scene,
        namings=namings_of(outline.text, context.countries),
    )


def _claim(anchor: Anchor, found: _Found, whole: CountFact | None) -> Claim:
    when, where = found.choose(anchor, "when"), found.choose(anchor, "where")
    speaker = speaker_of(found.story, anchor, found.answer(anchor))
    laws, laws_tie = articles_of(found.story, anchor, found.articles)
    values: _Values = _numbers(anchor, found) | _people(anchor, found) | _when(when) | _where(anchor, where, found)
    tied = [fact for one in (when, where) if one for fact in one.candidate.facts]
    partner = found.penalties.get(anchor.id) or found.groups.get(anchor.id)
    return Claim(
        id=claim_id(anchor),
        report_id=anchor.report_id,
        fact_id=anchor.id,
        type=anchor.type,
        text=anchor.text,
        start=anchor.start,
        end=anchor.end,
        articles=tuple(dict.fromkeys(law.article for law in laws)),
        articles_tie=laws_tie,
        source=speaker,
        source_tie=_source_tie(found.story, anchor, speaker),
        assertion=anchor.assertion,
        joined_id=claim_id(partner) if partner else None,
        part_of=claim_id(whole) if whole else None,
        facts=tuple(dict.fromkeys(fact.id for fact in (anchor, *([partner] if partner else []), *tied, *laws))),
        **values,
    )


def _source_tie(story: Story, anchor: Anchor, speaker: str | None) -> Tie | None:
    """Return whether the speaker stands in the sentence, or was carried over from another."""
    if speaker is None:
        return None
    low, high = story.outline.sent_span(story.outline.sent(anchor.start))
    sentence = " ".join(story.outline.text[low:high].split())
    return "sentence" if speaker == "reports" or speaker in sentence else "carried"


def claim_id(anchor: Anchor) -> str:
    """Return the id of the claim that stands on a fact: the same for the same words at the same place."""
    return stable_id("claim", anchor.id)


def _numbers(anchor: Anchor, found: _Found) -> _Values:
    """Return how many and how long: of a group and its penalty each holds the other's too."""
    count = anchor if isinstance(anchor, CountFact) else found.groups.get(anchor.id)
    penalty = anchor if isinstance(anchor, SentenceFact) else found.penalties.get(anchor.id)
    values: _Values = {"what": anchor.status if isinstance(anchor, CountFact) else anchor.penalty}
    for fact, names in (
        (count, _COUNTED),
        (penalty, _PUNISHED),
    ):
        if fact is not None:
            values |= {name: getattr(fact, name) for name in names}
    return values


def _people(anchor: Anchor, found: _Found) -> _Values:
    if isinstance(anchor, CountFact):
        who, tie = group_of(found.story, anchor)
        return {"who": who, "who_tie": tie}
    if group := found.groups.get(anchor.id):
        who, _ = group_of(found.story, group)
        return {"who": who, "who_tie": tie_of(found.story, anchor, _as_candidate(group)) if who else None}
    tied = found.choose(anchor, "who")
    return {"who": found.names.get(tied.candidate.value, tied.candidate.value), "who_tie": tied.tie} if tied else {}


def _as_candidate(count: CountFact) -> Candidate:
    return Candidate(count.start, count.end, count.who or "", "group")


def _when(tied: Tied | None) -> _Values:
    if tied is None:
        return {}
    dates = [fact for fact in tied.candidate.facts if isinstance(fact, DateFact)]
    return {
        "when": tied.candidate.value,
        "first": dates[0].first,
        "last": dates[-1].last,
        "when_tie": tied.tie,
        "when_score": tied.score,
    }


def _where(anchor: Anchor, tied: Tied | None, found: _Found) -> _Values:
    """Return place and country; the country of a place that has one, else that which the report is about at this point."""
    values: _Values = {}
    place: LocationFact | Resolved | None = None
    if tied:
        kind = "city" if tied.candidate.kind == "court" else tied.candidate.kind
        values = {"where": tied.candidate.value, "where_kind": kind, "where_tie": tied.tie, "where_score": tied.score}
        place = next((fact for fact in tied.candidate.facts if isinstance(fact, LocationFact)), None)
        place = place or _resolved(tied.candidate, found.story)
    if tied and place and place.country:
        return values | {
            "country": place.country,
            "country_tie": tied.tie,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    country = _country(anchor, found)
    if tied is None and country and (named := _named(anchor, country, found)):
        tie = tie_of(found.story, anchor, named)
        values = {"where": named.value, "where_kind": named.kind, "where_tie": tie}
        return values | {"country": country, "country_tie": tie}
    return values | {"country": country, "country_tie": "document" if country else None}


def _named(anchor: Anchor, country: str, found: _Found) -> Candidate | None:
    """Return where the text last names the country of an anchor: its place, where nothing finer is told.

    A penalty that the law only threatens has none: the country's law is no place of an event.
    """
    if isinstance(anchor, SentenceFact) and anchor.modality == "possible":
        return None
    outline = found.story.outline
    _, end = outline.sent_span(outline.sent(anchor.start))
    begins, _ = found.story.scene.entry(anchor.start)
    before = found.named.get(country, _NOWHERE).inside(int(begins), end)
    return before[-1] if before else None


def _by_country(places: Iterable[Candidate]) -> dict[str, Offered]:
    """Return where each country is named."""
    named: dict[str, list[Candidate]] = {}
    for one in places:
        if one.kind == "country" and one.country:
            named.setdefault(one.country, []).append(one)
    return {country: offered(found) for country, found in named.items()}


def _country(anchor: Anchor, found: _Found) -> str | None:
    """Return the country that the network ties to an anchor; where it ties none, the one that the report speaks of most here."""
    chances = found.answer(anchor).chances.get("country", {})
    best = max(chances, key=lambda code: chances[code], default=None)
    return best if best and chances[best] >= _LIKELY else found.countries.at(anchor.start)


def _resolved(one: Candidate, story: Story) -> Resolved | None:
    """Return what is known of a place that no fact marks: the one that a court is named after, the country of a heading."""
    place = resolve(one.value, one.start, scene=story.scene, atlas=known_places())
    return place if place.rule != "places.report" else None
