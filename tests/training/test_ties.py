"""Training of the ties: needs the extra [train], which the ordinary test environment does not have."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline import cli
from pipeline.nlp import outlined
from pipeline.schema import Report

TOWNS = ("Ganja", "Karaganda", "Izmir", "Gomel", "Kazan", "Osh", "Durban", "Gulu", "Tirana", "Odesa", "Minsk", "Ankara")
DAY = date(2019, 6, 30)


def story(number: int, town: str) -> str:
    return (
        f"Elections were held on {number + 1} March 2019. On {number + 3} May 2019 police in {town} arrested {number + 12} students. "
        f"A court in Bukhara sentenced Emin Aliyev to {number + 2} years in prison on {number + 4} June 2019, his lawyer said."
    )


def test_without_torch_the_message_says_what_to_install(tmp_path: Path) -> None:
    try:
        import torch  # noqa: F401
    except ImportError:
        (tmp_path / "a.jsonl").write_text("")
        arguments = ["train-ties", str(tmp_path / "a.jsonl"), str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "ties")]
        result = CliRunner().invoke(cli.app, arguments)
        assert (result.exit_code, "pip install 'casefacts[train]'" in result.output) == (2, True)
    else:
        pytest.skip("torch is installed")


class TestWithTorch:
    @pytest.fixture(autouse=True)
    def _torch(self) -> None:
        pytest.importorskip("torch", reason="training needs casefacts[train]")
        pytest.importorskip("onnx", reason="training needs casefacts[train]")

    def test_the_ties_learn_from_annotated_claims_and_are_read_again(self, nlp: Any, tmp_path: Path) -> None:
        texts, links = write(tmp_path, nlp)
        out = tmp_path / "ties"
        result = CliRunner().invoke(cli.app, ["train-ties", str(texts), str(links), "-o", str(out)])
        assert result.exit_code == 0, result.output
        assert "network: pass 3 of 3" in result.output
        assert {line.partition(":")[0] for line in result.output.splitlines() if "held out" in line} == {"when", "where", "who"}

        from pipeline.ties.network import Network

        Network(out)

    def test_the_exported_network_reads_as_torch_does(self, nlp: Any, tmp_path: Path) -> None:
        import numpy as np
        import torch

        from pipeline.rules.files import models_dir
        from pipeline.ties.network import INPUTS, Network, arrays
        from pipeline.training.ties import examples_of
        from pipeline.training.weights import export_ties, ties_from_detector

        texts, links = write(tmp_path, nlp)
        question = next(examples_of(texts, links)).question
        torch.manual_seed(1)
        fresh = ties_from_detector(models_dir() / "trained").eval()
        export_ties(fresh, tmp_path / "ties.onnx")
        fed = arrays(question.window, question.given)
        with torch.no_grad():
            fits, none, speaks = fresh(*(torch.from_numpy(fed[name]) for name in INPUTS))
        read = Network(tmp_path).read(question.window, question.given)
        for exact, rounded in ((fits, read.fits), (none, read.none), (speaks, read.speaks)):
            assert np.abs(exact.numpy() - rounded).max() < 0.35 * max(1.0, float(exact.std()))


def write(folder: Path, nlp: Any) -> tuple[Path, Path]:
    """Write texts with facts as the pipeline finds them, and claims by how the stories were made."""
    texts, links = folder / "texts.jsonl", folder / "links.jsonl"
    with texts.open("w") as one, links.open("w") as other:
        for number, town in enumerate(TOWNS):
            report = Report(id=f"t{number}", text=story(number, town), published=DAY)
            facts, _, _ = outlined(report, nlp)
            line = {"id": report.id, "text": report.text, "published": "2019-06-30"}
            one.write(json.dumps({**line, "facts": [json.loads(fact.model_dump_json()) for fact in facts]}) + "\n")
            other.write(json.dumps({"id": report.id, "claims": claims(report.text, number, town)}) + "\n")
    return texts, links


def claims(text: str, number: int, town: str) -> list[dict[str, Any]]:
    count, term = text.index(f"{number + 12} students"), text.index(f"{number + 2} years")
    arrest = {"type": "count", "start": count, "end": count + 2, "when": f"2019-05-{number + 3:02}", "where": town}
    verdict = {"type": "sentence", "start": term, "end": term + 7, "when": f"2019-06-{number + 4:02}", "where": "Bukhara"}
    return [
        {**arrest, "country": None, "who": "students", "source": None, "articles": [], "open": ["country"]},
        {**verdict, "country": "UZ", "who": "Emin Aliyev", "source": "his lawyer", "articles": []},
    ]
