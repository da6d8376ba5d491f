"""Train the ties: which date, place and person belongs to a count or a penalty. Needs casefacts[train] (scikit-learn).

Gold texts and their links are JSON Lines: facts as `Report` and `Fact` have them, claims as the columns of `claims`.
Each field's trees are chosen by their F1 on texts that they were not trained on.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from pipeline.claims import story_of
from pipeline.nlp import load, outlined
from pipeline.outline import Field
from pipeline.schema import CountFact, DateFact, LocationFact, Mention, Report, SentenceFact
from pipeline.ties import candidates
from pipeline.ties.agreement import agree
from pipeline.ties.choose import within_reach
from pipeline.ties.features import Asked, Features, Pair, features

SHAPE: dict[str, Any] = {
    "n_estimators": 240,
    "max_depth": 4,
    "learning_rate": 0.035,
    "subsample": 0.7,
    "min_samples_leaf": 8,
    "max_features": 0.25,
    "random_state": 1,
}
_AS_GOOD = 0.006  # of limits whose F1 differs by less, the strictest: a wrong value does more harm than none
FIELDS: tuple[Field, ...] = ("when", "where", "who")
Row = tuple[str, str | None, list[tuple[Features, bool]]]


def train(texts: Path, links: Path, out: Path, *, log: Callable[[str], None]) -> None:
    """Write `ties.json` to the folder *out*, with its figures by cross-validation on the same texts."""
    rows: dict[Field, list[Row]] = {field: [] for field in FIELDS}
    for found in _examples(texts, links):
        for field, row in found.items():
            rows[field].append(row)
    fields = {field: _trained(rows[field], partial(_told, log, field)) for field in FIELDS}
    out.mkdir(parents=True, exist_ok=True)
    (out / "ties.json").write_text(json.dumps({"fields": fields}, separators=(",", ":")) + "\n", encoding="utf-8")


def _told(log: Callable[[str], None], field: Field, line: str) -> None:
    log(f"{field}: {line}")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _examples(texts: Path, links: Path) -> Iterator[dict[Field, Row]]:
    """Yield for each claim of the gold its candidates in each field, the right ones marked."""
    claims = {line["id"]: line["claims"] for line in _lines(links)}
    nlp = load()
    for line in _lines(texts):
        if line["id"] in claims:
            day = (line.get("published") or "")[:10] or None
            report = Report(id=line["id"], text=line["text"], title=line.get("title"), published=day)  # type: ignore[arg-type]
            facts, outline, context = outlined(report, nlp)
            yield from rows_of(report, facts, outline, context, line["facts"], claims[line["id"]])


def rows_of(report: Report, facts: Any, outline: Any, context: Any, gold: Any, claims: Any) -> Iterator[dict[Field, Row]]:
    """Yield the rows of one report: dates, places and counts as annotated, the rest as the pipeline finds it."""
    given = [fact for one in gold if (fact := _fact(report, one, facts))]
    story = story_of(report, given, outline, context)
    found = {
        "when": candidates.offered(candidates.dates(given, report.text)),
        "where": candidates.offered(candidates.places(given, report.text)),
        "who": candidates.offered(candidates.people(given, outline)),
    }
    for claim in claims:
        anchor = next(
            (a for a in story.anchors if a.type == claim["type"] and a.start < claim["end"] and claim["start"] < a.end), None
        )
        if anchor is None:
            continue
        row: dict[Field, Row] = {}
        for field in FIELDS:
            if field == "who" and isinstance(anchor, CountFact):
                continue
            near = within_reach(story, anchor, found[field], field)
            asked = Asked(story, anchor, found[field], field)
            examples = [(features(Pair(asked, one)), agree(field, claim[field], one.value)) for one in near]
            row[field] = (report.id, claim[field], examples)
        yield row


_MODELS: dict[str, type[Mention]] = {"date": DateFact, "location": LocationFact, "count": CountFact, "sentence": SentenceFact}


def _fact(report: Report, one: dict[str, Any], facts: Any) -> Any:
    model = _MODELS.get(one["type"])
    if model is None:
        return None
    known = {name: value for name, value in one.items() if name in model.model_fields}
    same = next((f for f in facts if f.type == one["type"] and f.start < one["end"] and one["start"] < f.end), None)
    more = {"basis": "stated"} if model is DateFact else {"who": same.who if same else None} if model is CountFact else {}
    return model.model_validate({**known, **more, "id": f"{one['start']}", "report_id": report.id, "context": "", "rule": "gold"})


def _table(rows: Sequence[Row], names: Sequence[str]) -> tuple[Any, Any]:
    table = [[one[name] for name in names] for _, _, examples in rows for one, _ in examples]
    return np.array(table, dtype=np.float32), np.array([right for _, _, examples in rows for _, right in examples])


def _trained(rows: list[Row], log: Callable[[str], None]) -> dict[str, Any]:
    names = sorted({name for _, _, examples in rows for one, _ in examples for name in one})
    chances: list[Any] = [None] * len(rows)
    folds = GroupKFold(5, shuffle=True, random_state=0).split(rows, groups=[row[0] for row in rows])
    for fit, held in folds:
        model = GradientBoostingClassifier(**SHAPE).fit(*_table([rows[i] for i in fit], names))
        for i in held:
            if rows[i][2]:
                chances[i] = model.predict_proba(_table([rows[i]], names)[0])[:, 1]
    told = [_figures(rows, chances, float(limit)) for limit in np.arange(0.15, 0.6, 0.05)]
    best = max(one[0] for one in told)
    figures = max((one for one in told if one[0] > best - _AS_GOOD), key=lambda one: one[1])
    log(f"F1 {figures[0]:.3f}, precision {figures[2]:.3f}, recall {figures[3]:.3f} at {figures[1]:.2f}, held out")
    model = GradientBoostingClassifier(**SHAPE).fit(*_table(rows, names))
    return _plain(model, names) | {"threshold": round(figures[1], 2), "held_out_f1": round(figures[0], 3)}


def _figures(rows: Sequence[Row], chances: Sequence[Any], limit: float) -> tuple[float, float, float, float]:
    gold = sum(bool(value) for _, value, _ in rows)
    given = [(row, found) for row, found in zip(rows, chances, strict=True) if found is not None and found.max() >= limit]
    right = sum(row[2][int(found.argmax())][1] for row, found in given)
    precision, recall = right / max(1, len(given)), right / max(1, gold)
    return 2 * precision * recall / max(1e-9, precision + recall), limit, precision, recall


def _plain(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the trees as numbers; a leaf leads to itself."""
    trees = []
    for (one,) in model.estimators_:
        tree = one.tree_
        nodes = range(tree.node_count)
        leaf = [tree.children_left[i] < 0 for i in nodes]
        trees.append(
            {
                "feature": [0 if leaf[i] else int(tree.feature[i]) for i in nodes],
                "limit": [0 if leaf[i] else float(np.float32(tree.threshold[i]).round(4)) for i in nodes],
                "left": [i if leaf[i] else int(tree.children_left[i]) for i in nodes],
                "right": [i if leaf[i] else int(tree.children_right[i]) for i in nodes],
                "value": [round(float(tree.value[i, 0, 0]) * model.learning_rate, 5) if leaf[i] else 0 for i in nodes],
            }
        )
    prior = model.init_.class_prior_
    return {
        "names": list(names),
        "base": round(float(np.log(prior[1] / prior[0])), 6),
        "depth": SHAPE["max_depth"],
        "trees": trees,
    }
