"""Confidence: from facts that were right or wrong to how often such facts are right."""

import math
import random
from pathlib import Path

import pytest

from pipeline.calibration import Fitted, Trial, fit, held_out
from pipeline.errors import RuleError
from pipeline.fingerprint import fingerprint
from pipeline.rules.confidence import Confidences, confidences, joint
from pipeline.schema import FactType


def trials(count: int, right: int, *, kind: FactType = "count", rule: str = "r", certainty: float | None = 0.9) -> list[Trial]:
    return [Trial(f"t{i}", kind, rule, certainty, i < right) for i in range(count)]


def chance(fitted: Fitted, kind: FactType, rule: str, certainty: float | None) -> float | None:
    known = confidences()
    assert known is not None
    return known.model_copy(update={"types": fitted.types, "rules": fitted.rules}).of(kind, rule, certainty)


def test_a_frequent_rule_gets_its_own_share() -> None:
    fitted = fit([*trials(300, 270, rule="good"), *trials(300, 150, rule="bad")])
    assert chance(fitted, "count", "good", 0.9) == pytest.approx(0.9, abs=0.02)
    assert chance(fitted, "count", "bad", 0.9) == pytest.approx(0.5, abs=0.02)
    assert (fitted.rules["good"].facts, fitted.rules["good"].right) == (300, 270)


def test_a_rare_rule_stays_near_its_type() -> None:
    fitted = fit([*trials(300, 270, rule="usual"), *trials(1, 0, rule="rare")])
    rare = chance(fitted, "count", "rare", 0.9)
    assert rare is not None
    assert 0.75 < rare < 0.9


def test_an_unknown_rule_gets_its_type_s_figure_and_an_unknown_type_none() -> None:
    fitted = fit([*trials(100, 80), *trials(100, 95, kind="date", rule="d")])
    assert chance(fitted, "count", "new", 0.9) == pytest.approx(0.8, abs=0.05)
    assert chance(fitted, "date", "new", 0.9) == pytest.approx(0.95, abs=0.04)
    assert chance(fitted, "article", "new", 0.9) is None


def test_what_the_network_is_less_certain_of_is_right_less_often() -> None:
    fitted = fit([*trials(200, 190, certainty=0.98), *trials(200, 120, certainty=0.5), *trials(100, 30, certainty=None)])
    sure, unsure, unmarked = (chance(fitted, "count", "r", certainty) for certainty in (0.98, 0.5, None))
    assert sure == pytest.approx(0.95, abs=0.03)
    assert unsure == pytest.approx(0.6, abs=0.03)
    assert unmarked == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("certainty", [0.0, 1.0, None])
def test_a_confidence_is_a_probability_at_the_ends_too(certainty: float | None) -> None:
    told = chance(fit(trials(50, 50)), "count", "r", certainty)
    assert told is not None
    assert 0 <= told <= 1


@pytest.mark.parametrize(
    ("certainties", "expected"),
    [
        pytest.param([], None, id="nothing-said"),
        pytest.param([0.9], 0.9, id="one"),
        pytest.param([0.9, 0.5], 0.45, id="both"),
    ],
)
def test_the_network_s_opinions_hold_together(certainties: list[float], expected: float | None) -> None:
    assert joint(certainties) == (None if expected is None else pytest.approx(expected))


def test_on_texts_held_out_rules_that_differ_beat_the_mean_of_the_type() -> None:
    rng = random.Random(5)
    known = [
        Trial(f"t{i // 4}", "count", rule, rng.uniform(0.5, 1), rng.random() < share)
        for i, (rule, share) in enumerate([("good", 0.95), ("bad", 0.5)] * 300)
    ]
    better, plain = held_out(known)
    assert better.brier < plain.brier - 0.03
    assert better.calibration_error < 0.1


def test_one_text_alone_can_be_measured() -> None:
    better, plain = held_out([Trial("t", "date", "r", 0.9, True)])
    assert math.isfinite(better.brier)
    assert math.isfinite(plain.brier)


def test_the_file_was_measured_with_the_detector_that_ships() -> None:
    known = confidences()
    assert known is not None, "remake it: make confidence GOLD=…"
    assert known.detector == fingerprint()["detector"]
    assert known.held_out.brier < known.held_out_by_type_alone.brier


def test_figures_of_another_detector_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    confidences.cache_clear()
    monkeypatch.setattr("pipeline.rules.confidence.detector_digest", lambda: "another")
    assert confidences() is None
    confidences.cache_clear()


def test_a_file_that_is_wrong_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "trained").mkdir()
    (tmp_path / "trained" / "confidence.json").write_text("{}", encoding="utf-8")
    confidences.cache_clear()
    monkeypatch.setattr("pipeline.rules.confidence.models_dir", lambda: tmp_path)
    with pytest.raises(RuleError, match=r"confidence\.json"):
        confidences()
    confidences.cache_clear()


def test_its_counts_add_up() -> None:
    known = confidences()
    assert isinstance(known, Confidences)
    assert sum(one.facts for one in known.types.values()) == sum(one.facts for one in known.rules.values())
    assert all(0 <= one.right <= one.facts for one in (*known.types.values(), *known.rules.values()))
