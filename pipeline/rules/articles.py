"""How a language cites provisions of law: `models/lang/<language>/articles.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class Cites(BaseModel):
    """An example: a sentence, and the provisions that it cites."""

    text: str
    articles: tuple[str, ...]


class CitationWords(BaseModel):
    """Keywords, joiners and the nouns of laws."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    heads: dict[str, tuple[str, ...]]
    weak_heads: dict[str, tuple[str, ...]]
    parts: tuple[str, ...]
    plural: tuple[str, ...]
    joiners: tuple[str, ...]
    not_after: tuple[str, ...]
    self_reference: tuple[str, ...]
    laws: tuple[str, ...]
    before_name: tuple[str, ...]
    same: tuple[str, ...]
    inside: tuple[str, ...]
    not_in_name: tuple[str, ...]
    opening: tuple[str, ...]
    short_names: tuple[str, ...]
    between: tuple[str, ...]
    never_implied: tuple[str, ...]
    general: tuple[str, ...]
    capital_only: tuple[str, ...]
    with_tail: tuple[str, ...]
    short_tail: tuple[str, ...]
    international: tuple[str, ...]
    international_alone: tuple[str, ...]
    bodies: dict[str, dict[str, str]]
    treaty_body: tuple[str, ...]
    not_laws: tuple[str, ...]
    match: tuple[Cites, ...]
    no_match: tuple[str, ...]


@cache
def citation_words(language: str = "en") -> CitationWords:
    """Return the citation words of *language*."""
    return validated(CitationWords, models_dir() / "lang" / language / "articles.yml")
