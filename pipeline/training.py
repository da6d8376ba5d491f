"""Train the detector (`make train`): a small transformer with one head for the mentions and one for each attribute.

Needs the extra `[train]` (torch, transformers, onnx); nothing here is imported at run time.
"""

import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from pipeline.components.encoding import (
    COLUMNS,
    HEADS,
    TAGS,
    WIDTH,
    Encoded,
    Ints,
    batch,
    encode,
    ends,
    windows,
)
from pipeline.errors import ReadError, RuleError
from pipeline.rules.manifest import manifest

Log = Callable[[str], None]
Labels = dict[str, Ints]
Example = tuple[Encoded, Labels, int, int]

IGNORED = -100
BATCH = 16
ATTRIBUTE_WEIGHT = 0.1
ATTRIBUTES = {
    "status": "count",
    "penalty": "sentence",
    "modality": "sentence",
    "kind": "location",
}


class Network(nn.Module):  # type: ignore[misc]
    """The encoder with the case of each word added to its embedding, and one linear layer for all heads."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.shape = nn.Embedding(6, width)
        nn.init.zeros_(self.shape.weight)
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.Linear(width, WIDTH)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Return scores, one row a sub-word, the columns of all heads side by side."""
        words = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes)
        hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return self.heads(self.dropout(hidden))


def labels(encoded: Encoded, facts: Sequence[dict[str, Any]]) -> Labels:
    """Return for every head the label of each sub-word, IGNORED where it is asked nothing."""
    unit_labels = {head: np.full(len(encoded.units) + 1, IGNORED) for head in HEADS}
    unit_labels["tag"][:-1] = 0
    starts = np.array([s for s, _ in encoded.units], dtype=np.int64)
    stops = np.array([e for _, e in encoded.units], dtype=np.int64)
    for fact in facts:
        inside = np.nonzero((starts < fact["end"]) & (stops > fact["start"]))[0]
        if not len(inside):
            continue
        unit_labels["tag"][inside] = TAGS.index(f"I-{fact['type']}")
        unit_labels["tag"][inside[0]] = TAGS.index(f"B-{fact['type']}")
        for head, kind in ATTRIBUTES.items():
            if kind == fact["type"] and fact.get(head) in HEADS[head]:
                unit_labels[head][inside] = HEADS[head].index(fact[head])
    return {head: row[encoded.units_of] for head, row in unit_labels.items()}


def examples(documents: Sequence[dict[str, Any]], tokenizer: Tokenizer) -> list[Example]:
    """Cut annotated documents into labelled windows."""
    found = []
    for document in documents:
        encoded = encode(document["text"], tokenizer)
        rows = labels(encoded, document["facts"])
        found += [(encoded, rows, start, end) for start, end in windows(len(encoded.ids))]
    return found


def batches(items: Sequence[Any], size: int, rng: random.Random) -> Iterator[list[Any]]:
    """Yield shuffled batches of windows of like length."""
    order = sorted(items, key=lambda x: (x[3] - x[2]) + rng.uniform(0, 24))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def loss_of(scores: Tensor, group: Sequence[Any]) -> Tensor:
    """Return the summed cross-entropy of all heads over a batch."""
    total = scores.new_zeros(())
    for head, columns in COLUMNS.items():
        gold = torch.full(scores.shape[:2], IGNORED, dtype=torch.long)
        for row, (_, rows, start, end) in enumerate(group):
            gold[row, 1 : end - start + 1] = torch.from_numpy(rows[head][start:end])
        if (gold != IGNORED).any():
            weight = 1.0 if head == "tag" else ATTRIBUTE_WEIGHT
            total = total + weight * nn.functional.cross_entropy(
                scores[..., columns].flatten(0, 1), gold.flatten(), ignore_index=IGNORED
            )
    return total


def fit(network: Network, items: Sequence[Example], tokenizer: Tokenizer, *, epochs: int, seed: int, log: Log) -> None:
    """Fit *network* to labelled windows: AdamW, the heads faster than the encoder, warm-up and linear decay."""
    rng = random.Random(seed)  # noqa: S311 - an order of examples, no secret
    optimizer = torch.optim.AdamW(_rates(network), weight_decay=0.01)
    steps = epochs * -(-len(items) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min((k + 1) / (0.1 * steps), max(0.0, (steps - k) / (0.9 * steps)))
    )
    network.train()
    for epoch in range(epochs):
        seen = 0.0
        for group in batches(items, BATCH, rng):
            inputs = batch([(encoded, start, end) for encoded, _, start, end in group], *ends(tokenizer))
            loss = loss_of(network(*map(torch.from_numpy, inputs)), group)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen += float(loss.detach())
        log(f"epoch {epoch + 1} of {epochs}: loss {seen * BATCH / len(items):.3f}")
    network.eval()


def _rates(network: Network) -> list[dict[str, Any]]:
    new = ("heads", "shape")
    return [
        {"params": [p for n, p in network.named_parameters() if not n.startswith(new)], "lr": 2e-4},
        {"params": [p for n, p in network.named_parameters() if n.startswith(new)], "lr": 1e-3},
    ]


def export(network: Network, path: Path) -> None:
    """Write *network* as an ONNX file with 8-bit weights."""
    names = ["ids", "shapes", "mask"]
    sample = tuple(torch.ones((2, 16), dtype=torch.long) for _ in names)
    axes = {name: {0: "rows", 1: "width"} for name in (*names, "scores")}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            network,
            sample,
            str(full),
            input_names=names,
            output_names=["scores"],
            dynamic_axes=axes,
            dynamo=False,
            opset_version=17,
        )
        options = {"MatMulConstBOnly": True}
        # seven bits of the eight: processors without VNNI add pairs of products in 16 bits and would cut larger sums off
        quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, extra_options=options)


def train(gold: Sequence[Path], out: Path, *, epochs: int = 8, seed: int = 1, log: Log) -> None:
    """Train the detector on gold files (`docs/accuracy.md` tells their format) and write it to the folder *out*."""
    base = _base()
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = Network(base)
    items = examples(_documents(gold), tokenizer)
    log(f"{len(items)} windows of text")
    fit(network, items, tokenizer, epochs=epochs, seed=seed, log=log)
    out.mkdir(parents=True, exist_ok=True)
    export(network, out / "detector.onnx")
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "config.json").write_text(json.dumps(_config(gold, epochs, seed), indent=1) + "\n", encoding="utf-8")


def _documents(gold: Sequence[Path]) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for path in gold for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise ReadError(", ".join(map(str, gold)), "gold", f"no gold file: {error}") from error


def _base() -> Path:
    found = find_spec(manifest().detector.base.replace("-", "_"))
    if found is None or found.origin is None:
        raise RuleError(f"MANIFEST.yml: the package {manifest().detector.base} is not installed; install casefacts[train]")
    return Path(found.origin).parent / "model"


def _config(gold: Sequence[Path], epochs: int, seed: int) -> dict[str, Any]:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in gold)).hexdigest()
    return {
        "base": f"{manifest().detector.base} {manifest().detector.version}",
        "command": "make train GOLD=" + " ".join(path.name for path in gold),
        "data_sha256": digest,
        "epochs": epochs,
        "seed": seed,
        "heads": HEADS,
    }
