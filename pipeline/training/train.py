"""From annotated texts to a trained detector: what `casefacts train` calls."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from pipeline.components.detector import Detector
from pipeline.components.encoding import HEADS, ends
from pipeline.components.mentions import Detected
from pipeline.console import Telling, figures_table, told
from pipeline.errors import CasefactsError
from pipeline.gold import Gold
from pipeline.normalise.screen import known_screen
from pipeline.rules.files import models_dir
from pipeline.rules.manifest import manifest
from pipeline.training import teacher
from pipeline.training.examples import Screen, Window, checked, gold_windows
from pipeline.training.heldout import Figures, digest, gain, measure, recorded, split
from pipeline.training.network import Network, Schedule, config_of, fit
from pipeline.training.passages import drawn, read_texts
from pipeline.training.weights import MODEL, base_folder, export, from_base, from_detector

FROM_BASE = Schedule(epochs=8, encoder=2e-4, heads=1e-3)
CONTINUED = Schedule(epochs=4, encoder=5e-5, heads=2e-4)
DISTILLED = Schedule(epochs=4, encoder=2e-4, heads=1e-3, attributes=0.3)
_GOLD_TIMES = 3  # how often the gold stands beside the passages that the teacher labelled
_FILES = (MODEL, "tokenizer.json", "config.json")


@dataclass(frozen=True, slots=True)
class Options:
    """How to train.

    `from_base` starts anew instead of going on from the shipped detector, and so does `texts`: paths of reports without
    marks, of which a teacher labels `words` words, none of them from a text in `without`. One document in `held_out` is
    held out to measure by (0: none). `anyway` writes a detector that is no better.
    """

    from_base: bool = False
    texts: tuple[str, ...] = ()
    without: tuple[Path, ...] = ()
    words: int = 1_000_000
    text_column: str = "text"
    epochs: int | None = None
    seed: int = 1
    held_out: int = 5
    anyway: bool = False

    @property
    def schedule(self) -> Schedule:
        """Return the rates that go with the start, and the epochs asked for."""
        usual = DISTILLED if self.texts else FROM_BASE if self.from_base else CONTINUED
        return usual if self.epochs is None else Schedule(**{**asdict(usual), "epochs": self.epochs})

    @property
    def anew(self) -> bool:
        """Tell whether the network starts from its base."""
        return self.from_base or bool(self.texts)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in the texts held out: by the shipped detector (None: it knows some of them) and by the new one."""

    documents: int
    before: Figures | None
    after: Figures


def train(gold: Sequence[Path], out: Path, options: Options, telling: Telling) -> bool:
    """Train a detector on gold files and write it to the folder *out*; False if it is no better, and nothing written.

    First without a part of the texts, to measure by how much it is better; then with all of them, which is written.
    """
    documents = checked(gold)
    _check_folder(out)
    with _start(options) as start:
        passages = _passages(documents, options, telling)
        telling.say(_plan(documents, passages, options))
        measured = _measured(start, documents, passages, options, telling) if options.held_out else None
        if measured and not _told(measured, telling) and not options.anyway:
            telling.say(f"Nothing was written; {out} is as it was. --anyway writes the detector all the same.")
            return False
        telling.say(f"Now with all {len(documents)} documents: this is the detector that is written.")
        network = _fitted(start, documents, passages, options, telling)
    config = _config(gold, documents, passages, options, measured)
    _write(network, start.tokenizer, config, out)
    telling.say(f"The detector is in {out}. Next: casefacts extract REPORTS --detector {out}")
    return True


@dataclass(frozen=True, slots=True)
class _Start:
    """What the network starts from; the folder of the teacher's base is None where no texts are given."""

    tokenizer: Tokenizer
    anew: bool
    teacher: Path | None

    def network(self, seed: int) -> Network:
        """Return the network before any training here."""
        torch.manual_seed(seed)
        if not self.anew:
            return from_detector(shipped())
        base, layers = base_folder(), manifest().detector.layers
        return from_base(Network(config_of(base, num_hidden_layers=len(layers))), base, layers)


def shipped() -> Path:
    """Return the folder of the detector that comes with casefacts."""
    return models_dir() / "trained"


def _check_folder(out: Path) -> None:
    """Refuse a place that cannot be a folder of a detector before the work is done."""
    if out.exists() and not out.is_dir():
        raise CasefactsError(f"{out}: is a file, not a folder; name a folder by -o")
    strange = [path.name for path in out.iterdir() if path.name not in _FILES] if out.is_dir() else []
    if strange and not (out / MODEL).exists():
        raise CasefactsError(f"{out}: holds other files ({strange[0]}), and no detector; name a folder of its own by -o")


@contextmanager
def _start(options: Options) -> Iterator[_Start]:
    tokenizer = Tokenizer.from_file(str((base_folder() if options.anew else shipped()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if not options.texts:
        yield _Start(tokenizer, options.anew, None)
        return
    with teacher.unpacked(manifest().teacher) as folder:
        yield _Start(tokenizer, options.anew, folder)


def _passages(documents: Sequence[Gold], options: Options, telling: Telling) -> list[str]:
    """Return the passages to label: none of a text that is measured, and none of the gold, which is marked better."""
    if not options.texts:
        return []
    known = [*read_texts(options.without), *(document.text for document in documents)]
    return drawn(
        options.texts,
        without=known,
        words=options.words,
        seed=options.seed,
        text_column=options.text_column,
        told=lambda rejected: telling.say(told(rejected)),
        step=telling.step,
    )


def _measured(start: _Start, documents: Sequence[Gold], passages: Sequence[str], options: Options, telling: Telling) -> Measured:
    """Train without a part of the documents, and measure the shipped and the new detector on it."""
    rest, held = split(documents, options.held_out)
    facts = sum(len(document.facts) for document in held)
    telling.say(f"Measuring first: {len(held)} documents with {facts} facts are held out.")
    seen = set(_shipped_config().get("seen", "").split())
    known = seen & {digest(document.text) for document in held}
    before = None if known else measure(_reader(shipped()), held)
    network = _fitted(start, rest, passages, options, telling)
    with tempfile.TemporaryDirectory() as folder:
        _write(network, start.tokenizer, {"heads": HEADS}, Path(folder))
        return Measured(len(held), before, measure(_reader(Path(folder)), held))


def _reader(folder: Path) -> Any:
    detector = Detector(folder, threads=torch.get_num_threads())

    def read(text: str) -> Sequence[Detected]:
        return detector.read(text).spans

    return read


def _fitted(start: _Start, documents: Sequence[Gold], passages: Sequence[str], options: Options, telling: Telling) -> Network:
    """Return the network fitted to the documents, and to the passages as a teacher fitted to the same documents labels them."""
    may_hold = known_screen()
    items = gold_windows(documents, start.tokenizer, may_hold)
    if start.teacher:
        whole = gold_windows(documents, start.tokenizer)
        items = items * _GOLD_TIMES + _labelled(start.teacher, whole, passages, start.tokenizer, may_hold, options, telling)
    network = start.network(options.seed)
    fit(
        network,
        items,
        options.schedule,
        ends=ends(start.tokenizer),
        seed=options.seed,
        step=telling.step,
        what="Fitting the detector",
    )
    return network


def _labelled(
    folder: Path,
    gold: Sequence[Window],
    passages: Sequence[str],
    tokenizer: Tokenizer,
    may_hold: Screen,
    options: Options,
    telling: Telling,
) -> list[Window]:
    torch.manual_seed(options.seed)
    network = teacher.fitted(folder, gold, tokenizer, seed=options.seed, step=telling.step)
    return teacher.labelled(network, passages, tokenizer, may_hold=may_hold, step=telling.step)


def _told(measured: Measured, telling: Telling) -> bool:
    """Print the figures, and tell whether the new detector is better (or cannot be compared)."""
    telling.show(figures_table(measured.before, measured.after))
    better, sentence = gain(measured.before, measured.after)
    telling.say(sentence)
    return better


def _plan(documents: Sequence[Gold], passages: Sequence[str], options: Options) -> str:
    facts = sum(len(document.facts) for document in documents)
    start = f"from {manifest().detector.base}" if options.anew else "from the shipped detector"
    texts = f", and {len(passages):,} passages that a teacher labels" if passages else ""
    return f"{len(documents)} documents with {facts} facts{texts}; training starts {start}, {options.schedule.epochs} epochs."


def _write(network: Network, tokenizer: Tokenizer, config: dict[str, Any], out: Path) -> None:
    """Write a detector: first beside its place, then into it."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".") as folder:
        made = Path(folder)
        export(network, made / MODEL)
        tokenizer.save(str(made / "tokenizer.json"))
        (made / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for name in _FILES:
            shutil.move(made / name, out / name)


def _config(
    gold: Sequence[Path], documents: Sequence[Gold], passages: Sequence[str], options: Options, measured: Measured | None
) -> dict[str, Any]:
    """Return what config.json tells of a detector. `seen` has the digests of the annotated texts that it learned from."""
    known = set() if options.anew else set(_shipped_config().get("seen", "").split())
    texts = "".join(passages).encode()
    about = manifest()
    return {
        "base": f"{about.detector.base} {about.detector.version}",
        "start": "base" if options.anew else {"detector_sha256": _sha256((shipped() / MODEL).read_bytes())},
        "command": _command(gold, options),
        "data_sha256": _sha256(b"".join(path.read_bytes() for path in gold)),
        "documents": len(documents),
        "facts": sum(len(document.facts) for document in documents),
        "schedule": asdict(options.schedule),
        "seed": options.seed,
        "teacher": {"base": f"{about.teacher.base} {about.teacher.version}", "schedule": asdict(teacher.SCHEDULE)}
        if passages
        else None,
        "texts": {"passages": len(passages), "words": sum(len(p.split()) for p in passages), "sha256": _sha256(texts)}
        if passages
        else None,
        "figures": {"documents": measured.documents, "before": recorded(measured.before), "after": recorded(measured.after)}
        if measured
        else None,
        "seen": " ".join(sorted(known | {digest(document.text) for document in documents})),
        "heads": HEADS,
    }


def _command(gold: Sequence[Path], options: Options) -> str:
    """Return the command that makes the detector again, its files by name alone."""
    parts = ["casefacts train", *(path.name for path in gold)]
    parts += ["--from-base"] * options.from_base
    parts += [f"--texts {Path(path).name}" for path in options.texts] + [f"--without {path.name}" for path in options.without]
    parts += [f"--words {options.words}"] * bool(options.texts)
    return " ".join([*parts, f"--epochs {options.schedule.epochs}", f"--seed {options.seed}", f"--held-out {options.held_out}"])


def _shipped_config() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shipped() / "config.json").read_text(encoding="utf-8"))
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
