"""The provisions under which people were held, charged or punished: in the sentence of the claim, else carried over."""

import re
from collections.abc import Sequence
from functools import cache

from pipeline.normalise.phrases import one_of
from pipeline.rules.claims import claim_words
from pipeline.schema import ArticleFact, SentenceFact, Tie
from pipeline.ties.story import Anchor, Story

_BACK = 25  # sentences: a case's charges stand at its head, its sentence at its end
_AHEAD = 3  # sentences behind the last claim: "The arrests were carried out under Article 510"


def penal(articles: Sequence[ArticleFact]) -> list[ArticleFact]:
    """Return the provisions that can punish somebody: treaties and constitutions do not."""
    return [one for one in articles if one.jurisdiction != "INT" and "onstitution" not in (one.instrument or "")]


def articles_of(story: Story, anchor: Anchor, articles: Sequence[ArticleFact]) -> tuple[list[ArticleFact], Tie | None]:
    """Return the penal provisions tied to a count or a penalty, and how.

    Those of its sentence; for a penalty that was imposed, failing these, those of the last charge told before it.
    """
    sent, own = story.outline.sent, story.outline.sent(anchor.start)
    beside = [one for one in articles if sent(one.start) == own]
    if beside:
        return beside, "sentence"
    if isinstance(anchor, SentenceFact) and anchor.modality != "possible":
        before = [one for one in articles if 0 < own - sent(one.start) <= _BACK and _charges(story, sent(one.start))]
        last = max((sent(one.start) for one in before), default=None)
        return [one for one in before if sent(one.start) == last], "carried" if before else None
    return [], None


@cache
def _charge() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().charges)})", re.IGNORECASE)


@cache
def _the_event() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().the_event)})(?!\w)", re.IGNORECASE)


def _charges(story: Story, sentence: int) -> bool:
    return bool(_charge().search(story.outline.text[slice(*story.outline.sent_span(sentence))]))


def of_events(story: Story, articles: Sequence[ArticleFact]) -> dict[str, list[ArticleFact]]:
    """Return for the last claim before it each provision of a sentence that goes back to the whole event.

    "The arrests were carried out in compliance with Article 510" says something of all who were arrested.
    """
    outline = story.outline
    found: dict[str, list[ArticleFact]] = {}
    for one in articles:
        number = outline.sent(one.start)
        low, high = outline.sent_span(number)
        before = [a for a in story.anchors if a.start < low and number - outline.sent(a.start) <= _AHEAD]
        alone = not any(low <= a.start < high for a in story.anchors)
        if before and alone and _the_event().search(outline.text[low:high]):
            found.setdefault(before[-1].id, []).append(one)
    return found
