"""Train the ties: which date, place, person, country and speaker belongs to a count or a penalty. Needs casefacts[train].

Gold texts and their links are JSON Lines: facts as `Report` and `Fact` have them, claims as the columns of `claims`. A claim
may name fields that its annotator left open (`"open": ["where"]`): nothing is learned from them.
One report in eight is kept from the network, and its claims are measured.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.claims import offers_of, spoken_of, story_of
from pipeline.errors import CasefactsError
from pipeline.nlp import load, outlined
from pipeline.outline import Field
from pipeline.rules.files import models_dir
from pipeline.schema import CountFact, DateFact, Fact, LocationFact, Mention, Report, SentenceFact
from pipeline.ties.agreement import agree
from pipeline.ties.choose import LIMITS
from pipeline.ties.countries import countries_of
from pipeline.ties.network import FIELDS, INPUTS, Network, arrays, known_tokenizer
from pipeline.ties.reach import Near, near_of
from pipeline.ties.reading import NO_ANSWER, Answer, Question, answers, is_shown, questions, reader_of
from pipeline.ties.story import Anchor
from pipeline.ties.windows import Span
from pipeline.training.network import decaying, flushing, multiplying
from pipeline.training.ties_network import SPEAKER, TiesNetwork
from pipeline.training.weights import export_ties, ties_from_detector

EPOCHS, BATCH, ENCODER, HEADS = 3, 8, 1e-4, 1e-3
_HELD = 8  # one report in so many is measured on
Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A claim of the gold: its anchor, and what the pipeline offers it."""

    anchor: Anchor
    gold: dict[str, Any]
    near: Near
    speaker: tuple[Span, ...]  # where the text names the gold's speaker

    def right(self, field: str, value: str) -> bool:
        """Tell whether a value is the gold's."""
        return agree(field, self.gold.get(field), value)

    def learns(self, field: str) -> bool:
        """Tell whether the annotator settled a field."""
        return field not in self.gold.get("open", ())


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window's question with the claims that answer it; an anchor without a claim is asked nothing."""

    report: str
    question: Question
    told: tuple[Told | None, ...]


def train(texts: Path, links: Path, out: Path, *, log: Log) -> None:
    """Write `ties.onnx` to the folder *out*, and tell its figures on the reports that it was not trained on."""
    examples = list(examples_of(texts, links))
    ids = sorted({example.report for example in examples})
    random.Random(0).shuffle(ids)  # noqa: S311 - an order of examples, no secret
    held = set(ids[::_HELD])
    rest = [example for example in examples if example.report not in held]
    if not rest:
        raise CasefactsError(f"{links}: too few claims to learn from, as one report in {_HELD} is kept; annotate more texts")
    fitted = ties_from_detector(models_dir() / "trained")
    fit(fitted, rest, log=log)
    out.mkdir(parents=True, exist_ok=True)
    export_ties(fitted, out / "ties.onnx")
    kept = [example for example in examples if example.report in held]
    read = answers((example.question for example in kept), Network(out))
    told = [one for example in kept for one in example.told if one]
    for field in LIMITS:
        log(f"{field}: {_figures(field, [one for one in told if field in one.near and one.learns(field)], read)}, held out")


def _figures(field: Field, told: Sequence[Told], read: Mapping[str, Answer]) -> str:
    """Return F1, precision and recall of a field, asked from the limits of `choose` on."""
    given = right = 0
    for one in told:
        chances = read.get(one.anchor.id, NO_ANSWER).chances.get(field, {})
        best = max(chances, key=lambda value: chances[value], default=None)
        if best is not None and chances[best] >= LIMITS[field]:
            given, right = given + 1, right + any(one.right(field, each.value) for each in one.near[field] if each.means == best)
    gold = sum(bool(one.gold.get(field)) for one in told)
    return f"F1 {2 * right / max(1, given + gold):.3f}, precision {right / max(1, given):.3f}, recall {right / max(1, gold):.3f}"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def examples_of(texts: Path, links: Path) -> Iterator[Example]:
    """Yield the windows of the gold: dates, places and counts as annotated, the rest as the pipeline finds it."""
    claims = {line["id"]: line["claims"] for line in _lines(links)}
    nlp = load()
    for line in _lines(texts):
        if line["id"] in claims:
            day = (line.get("published") or "")[:10] or None
            report = Report(id=line["id"], text=line["text"], title=line.get("title"), published=day)  # type: ignore[arg-type]
            facts, outline, context = outlined(report, nlp)
            given = [fact for one in line["facts"] if (fact := _fact(report, one, facts))]
            story = story_of(report, given, outline, context)
            offers = offers_of(given, story)
            near = {anchor.id: near_of(story, anchor, offers) for anchor in story.anchors}
            told: dict[str, Told] = {}
            for claim in claims[report.id]:
                anchor = next((a for a in story.anchors if a.type == claim["type"] and _overlap(a, claim)), None)
                if anchor is not None:
                    told[anchor.id] = Told(anchor, claim, near[anchor.id], _named(report.text, claim.get("source")))
            spoken = spoken_of(story, given, countries_of(given, story, context))
            for question in questions(story, near, spoken, reader_of(story, *known_tokenizer())):
                yield Example(report.id, question, tuple(told.get(anchor.id) for anchor in question.anchors))


def _overlap(anchor: Anchor, claim: dict[str, Any]) -> bool:
    return bool(anchor.start < claim["end"] and claim["start"] < anchor.end)


def _named(text: str, speaker: str | None) -> tuple[Span, ...]:
    return tuple(found.span() for found in re.finditer(re.escape(speaker), text, re.IGNORECASE)) if speaker else ()


_MODELS: dict[str, type[Mention]] = {"date": DateFact, "location": LocationFact, "count": CountFact, "sentence": SentenceFact}


def _fact(report: Report, one: dict[str, Any], facts: Sequence[Fact]) -> Any:
    model = _MODELS.get(one["type"])
    if model is None:
        return None
    known = {name: value for name, value in one.items() if name in model.model_fields}
    same = next((f for f in facts if f.type == one["type"] and f.start < one["end"] and one["start"] < f.end), None)
    more = {"basis": "stated"} if model is DateFact else {"who": getattr(same, "who", None)} if model is CountFact else {}
    return model.model_validate(
        {
            **known,
            **more,
            "id": f"{report.id}:{one['type']}:{one['start']}",
            "report_id": report.id,
            "context": "",
            "rule": "gold",
        }
    )


@flushing()
def fit(network: TiesNetwork, examples: Sequence[Example], *, log: Log, epochs: int = EPOCHS, seed: int = 1) -> None:
    """Fit the network: AdamW, the new layers faster than the encoder, warm-up and linear decay; the words stay as they are."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - an order of examples, no secret
    total = epochs * -(-len(examples) // BATCH)
    network.encoder.embeddings.requires_grad_(requires_grad=False)
    learning = [(name, values) for name, values in network.named_parameters() if values.requires_grad]
    groups = [
        {"params": [values for name, values in learning if name.startswith("encoder.")], "lr": ENCODER},
        {"params": [values for name, values in learning if not name.startswith("encoder.")], "lr": HEADS},
    ]
    optimizer, rates = decaying(groups, total)
    network.train()
    for epoch in range(epochs):
        lost, order = 0.0, sorted(examples, key=lambda one: len(one.question.window.ids) + rng.uniform(0, 40))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        rng.shuffle(batches)
        for group in batches:
            optimizer.zero_grad()
            losses = list(_losses(network, group))
            if losses:
                loss = torch.stack(losses).mean()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                lost += float(loss.detach())
            optimizer.step()
            rates.step()
        log(f"network: pass {epoch + 1} of {epochs}, loss {lost / max(1, len(batches)):.3f}")
    network.eval()


def _losses(network: TiesNetwork, group: Sequence[Example]) -> Iterator[Tensor]:
    """Yield for each thing asked of some windows how unlikely the network holds the right answers."""
    width = max(len(example.question.window.ids) for example in group)
    rows = {name: torch.zeros((len(group), width), dtype=torch.long) for name in ("ids", "shapes", "marks", "mask")}
    for i, example in enumerate(group):
        window = example.question.window
        size = len(window.ids)
        for name, values in (("ids", window.ids), ("shapes", window.shapes), ("marks", window.marks)):
            rows[name][i, :size] = torch.from_numpy(values)
        rows["mask"][i, :size] = 1
    with multiplying():
        hidden = network.read(**rows)
    for example, numbers in zip(group, hidden.float(), strict=True):
        yield from _losses_of(network, example, numbers)


def _losses_of(network: TiesNetwork, example: Example, hidden: Tensor) -> Iterator[Tensor]:
    question = example.question
    asked = {name: torch.from_numpy(values) for name, values in arrays(question.window, question.given).items()}
    size = len(question.window.ids)
    fits, none, speaks = network.compare(hidden[:size], *(asked[name] for name in INPUTS[3:]))
    for i, told in enumerate(example.told):
        if told is None or not is_shown(question.window, told.anchor):
            continue
        for column, field in enumerate(FIELDS[:SPEAKER]):
            mine = [k for k, one in enumerate(question.given) if one.anchor == i and one.field == field]
            if mine and told.learns(field):
                right = torch.tensor([told.right(field, question.candidates[k].value) for k in mine])
                yield _unlikely(torch.cat([none[i, column : column + 1], fits[mine]]), torch.cat([~right.any()[None], right]))
        wanted = _speaking(question, told, i, size) if told.learns("source") else None
        if wanted is not None:
            yield _unlikely(torch.cat([none[i, SPEAKER : SPEAKER + 2], speaks[i]]), wanted)


def _unlikely(scores: Tensor, right: Tensor) -> Tensor:
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)


def _speaking(question: Question, told: Told, i: int, size: int) -> Tensor | None:
    """Return what names the speaker: nobody, somebody without a name, or some sub-words; None where these are not shown."""
    wanted = torch.zeros(size + 2, dtype=torch.bool)
    source = told.gold.get("source")
    if source in (None, "reports"):
        wanted[0 if source is None else 1] = True
        return wanted
    for place in filter(None, (question.window.place(*span) for span in told.speaker)):
        wanted[2 + place[0] : 2 + place[1]] = True
    return wanted if wanted.any() else None
