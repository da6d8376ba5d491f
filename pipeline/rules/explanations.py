"""What each rule does, in plain words: `models/lang/<language>/explanations.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class Found(BaseModel):
    """An example: a text, and the words of a fact in it that the rule finds."""

    text: str
    words: str


class Explanation(BaseModel):
    """A rule, or the part of one that found a mention or settled its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    says: str
    match: tuple[Found, ...] = ()
    no_match: tuple[str, ...] = ()


class Explanations(BaseModel):
    """The file explanations.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rules: dict[str, Explanation]

    def of(self, rule: str) -> str | None:
        """Return what a rule does, in a sentence for each of its parts; None if a part is not described."""
        said = [self.rules[part].says for part in parts(rule) if part in self.rules]
        return " ".join(said) if len(said) == len(parts(rule)) else None


def parts(rule: str) -> list[str]:
    """Return the entries that tell of a rule.

    >>> parts("count.detector.passive"), parts("date.range")
    (['count.detector', 'count.passive'], ['date.range'])
    """
    kind, *rest = rule.split(".")
    return [f"{kind}.{part}" for part in rest]


@cache
def explanations(language: str = "en") -> Explanations:
    """Return the explanations of *language*."""
    return validated(Explanations, models_dir() / "lang" / language / "explanations.yml")
