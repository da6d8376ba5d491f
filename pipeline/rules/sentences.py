"""Words around a length of punishment: `models/lang/<language>/sentences.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Modality, Penalty


class Sentenced(BaseModel):
    """An example: a sentence, the length in it, its penalty and modality."""

    text: str
    length: str
    penalty: Penalty
    modality: Modality


class ClosedForms(BaseModel):
    """Words that make a length beside them a penalty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    behind: tuple[str, ...]
    before: tuple[str, ...]
    to: tuple[str, ...]
    life: tuple[str, ...]
    death: tuple[str, ...]
    spent: tuple[str, ...]


class SentenceWords(BaseModel):
    """What settles a length's bounds, penalty and modality."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    maximum: tuple[str, ...]
    minimum: tuple[str, ...]
    no_sentence_after: tuple[str, ...]
    no_sentence_before: tuple[str, ...]
    measured: tuple[str, ...]
    headings: tuple[str, ...]
    penalties: dict[Penalty, tuple[str, ...]]
    carried: tuple[str, ...]
    held: tuple[str, ...]
    weak_penalties: dict[Penalty, tuple[str, ...]]
    modalities: dict[Modality, tuple[str, ...]]
    closed: ClosedForms
    match: tuple[Sentenced, ...]
    no_match: tuple[str, ...]


@cache
def sentence_words(language: str = "en") -> SentenceWords:
    """Return the sentence words of *language*."""
    return validated(SentenceWords, models_dir() / "lang" / language / "sentences.yml")
