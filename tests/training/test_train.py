"""Training itself: needs the extra [train], which the ordinary test environment does not have."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline import cli

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "gold" / "samples.jsonl"
TEXT = (
    "On 12 August 2016 a court in Izmir sentenced six teachers to four years and two months in prison under Article 314 of the "
    "Penal Code. Nine others were released. At least 30 students had been held in Ankara since Thursday, their lawyers said."
)


def shortened(characters: int = 500) -> list[dict[str, Any]]:
    """Return the samples' beginnings, so that an epoch takes seconds."""
    documents = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    return [{**d, "text": d["text"][:characters], "facts": [f for f in d["facts"] if f["end"] <= characters]} for d in documents]


def write(folder: Path, documents: list[dict[str, Any]]) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return path


def train(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["train", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_without_torch_the_message_says_what_to_install(tmp_path: Path) -> None:
    try:
        import torch  # noqa: F401
    except ImportError:
        code, told = train(SAMPLES, "-o", tmp_path / "d")
        assert (code, "pip install 'casefacts[train]'" in told) == (2, True)
    else:
        pytest.skip("torch is installed")


def test_a_part_of_one_is_no_part(tmp_path: Path) -> None:
    code, told = train(SAMPLES, "-o", tmp_path / "d", "--held-out", 1)
    assert (code, "--held-out" in told) == (2, True)


class TestWithTorch:
    @pytest.fixture(autouse=True)
    def _torch(self) -> None:
        pytest.importorskip("torch", reason="training needs casefacts[train]")
        pytest.importorskip("onnx", reason="training needs casefacts[train]")

    def test_the_shipped_detector_is_read_back_as_it_was(self) -> None:
        import torch

        from pipeline.components.detector import Detector
        from pipeline.components.encoding import COLUMNS, batch, encode
        from pipeline.training.train import shipped
        from pipeline.training.weights import from_detector

        detector = Detector(shipped(), threads=1)
        encoded = encode(TEXT, detector.tokenizer)
        inputs = batch([(encoded, 0, len(encoded.ids))], *detector.ends)
        with torch.no_grad():
            (ours,) = from_detector(shipped()).eval()(*map(torch.from_numpy, inputs)).numpy()
        ((theirs,),) = detector.session.run(None, dict(zip(("ids", "shapes", "mask"), inputs, strict=True)))
        # the file rounds what passes between the layers to 8 bits, the network here does not
        assert np.abs(ours - theirs).mean() < 0.15
        assert np.abs(ours - theirs).max() < 1
        tags = ours[1:-1, COLUMNS["tag"]]
        ahead = np.diff(np.sort(tags, axis=1)[:, -2:], axis=1)[:, 0] > 1
        assert ahead.mean() > 0.9
        assert (tags.argmax(1) == theirs[1:-1, COLUMNS["tag"]].argmax(1))[ahead].all()

    def test_what_is_exported_is_read_back_to_the_same_eight_bits(self, tmp_path: Path) -> None:
        from pipeline.training.train import shipped
        from pipeline.training.weights import MODEL, dequantized, export, from_detector

        export(from_detector(shipped()).eval(), tmp_path / MODEL)
        first, again = dequantized(shipped() / MODEL), dequantized(tmp_path / MODEL)
        assert first.keys() == again.keys()
        for name, values in first.items():
            step = np.abs(values).max() / 64
            assert np.abs(values - again[name]).max() <= step, name

    def test_one_epoch_gives_a_detector_that_runs(self, tmp_path: Path) -> None:
        from pipeline.components.detector import Detector

        out = tmp_path / "d"
        gold = write(tmp_path, shortened())
        code, told = train(gold, "-o", out, "--epochs", 1, "--anyway")
        assert code == 0, told
        assert "held out" in told
        assert f"--detector {out}" in told
        config = json.loads((out / "config.json").read_text(encoding="utf-8"))
        assert config["figures"]["before"].keys() == config["figures"]["after"].keys()
        assert (config["seed"], config["documents"], config["schedule"]["epochs"]) == (1, 14, 1)
        kinds = {span.type for span in Detector(out, threads=1).read(TEXT).spans}
        assert kinds == {"date", "location", "count", "sentence", "article"}

    def test_one_that_is_no_better_is_not_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from pipeline.training import train as module

        monkeypatch.setattr(module, "gain", lambda *_: (False, "Training does not help."))
        gold = write(tmp_path, shortened(200))
        code, told = train(gold, "-o", tmp_path / "d", "--epochs", 1)
        assert (code, "Nothing was written" in told) == (1, True)
        assert not (tmp_path / "d").exists()

    def test_the_same_seed_gives_the_same_network(self) -> None:
        import torch
        from tokenizers import Tokenizer

        from pipeline.components.encoding import ends
        from pipeline.gold import Gold
        from pipeline.training.examples import gold_windows
        from pipeline.training.network import Schedule, fit
        from pipeline.training.train import shipped
        from pipeline.training.weights import from_detector

        tokenizer = Tokenizer.from_file(str(shipped() / "tokenizer.json"))
        items = gold_windows([Gold.model_validate_json(json.dumps(d)) for d in shortened(200)], tokenizer)
        made = []
        for seed in (1, 1, 2):
            network = from_detector(shipped())
            fit(network, items, Schedule(1, 1e-4, 1e-3), ends=ends(tokenizer), seed=seed, step=lambda *_: None, what="")
            made.append(network.heads.weight.detach())
        assert torch.equal(made[0], made[1])
        assert not torch.equal(made[0], made[2])

    @pytest.mark.parametrize(
        ("out", "says"),
        [pytest.param("file", "is a file", id="a file"), pytest.param(".", "holds other files", id="other files")],
    )
    def test_nothing_else_is_written_over(self, out: str, says: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        code, told = train(SAMPLES, "-o", tmp_path / out)
        assert (code, says in told) == (2, True)

    def test_a_missing_teacher_is_named(self) -> None:
        from pipeline.errors import RuleError
        from pipeline.rules.manifest import manifest
        from pipeline.training.teacher import unpacked

        gone = manifest().teacher.model_copy(update={"packages": ("casefacts-no-such-part",)})
        with pytest.raises(RuleError, match=r"install casefacts\[distil\]"), unpacked(gone):
            pass

    def test_the_teacher_s_words_are_the_detector_s(self) -> None:
        from tokenizers import Tokenizer

        from pipeline.training.teacher import words_of
        from pipeline.training.train import shipped

        tokenizer = Tokenizer.from_file(str(shipped() / "tokenizer.json"))
        own = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
        theirs = ["<s>", "<pad>", "</s>", "<unk>", *own, "<mask>"]
        numbers = words_of(theirs, tokenizer)
        shifted = [own[i] for i in range(len(own)) if numbers[i] != i + 4]
        assert shifted == ["[PAD]", "[CLS]", "[SEP]", "[MASK]"]
        assert [numbers[own.index(word)] for word in shifted] == [1, 0, 2, len(theirs) - 1]
