"""The network: an encoder, the case of each word, and one linear layer for the mentions and their attributes."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from pipeline.components.encoding import COLUMNS, HEADS, WIDTH, Encoded, batch, settled, windows
from pipeline.training.examples import Halves, Window, batches

Step = Callable[[str, int, int], None]
Ends = tuple[int, int]
BATCH = 16
_NEW = ("heads", "shape")  # what no base brings


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a network is fitted: times over the windows, greatest learning rates, weight of attributes beside mentions."""

    epochs: int
    encoder: float
    heads: float
    attributes: float = 0.1


class Dropout(nn.Module):  # type: ignore[misc]
    """Dropout by random bytes: the 32-bit numbers that torch draws for each value take a fifth of the time of a fit."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p  # attention reads it
        self.kept = round((1 - p) * 256)

    def forward(self, x: Tensor) -> Tensor:
        """Return *x* with some values set to zero while training, and *x* itself else."""
        if not self.training or self.kept == 256:
            return x
        numbers = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), 2**63 - 1)
        drawn = numbers.view(torch.uint8)[: x.numel()].view(x.shape)
        return x * ((drawn < self.kept).to(x.dtype) * (256 / self.kept))


class Network(nn.Module):  # type: ignore[misc]
    """Scores of all heads for each sub-word. *words* gives the base's number of each sub-word where its list is another."""

    def __init__(self, config: Any, words: Sequence[int] | None = None) -> None:
        super().__init__()
        config.attention_probs_dropout_prob = 0.0  # costs time, wins nothing here
        options = {"attn_implementation": "eager"} if config.model_type == "bert" else {}  # the form that exports to ONNX
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False, **options)
        self.shape = nn.Embedding(6, config.hidden_size)
        nn.init.zeros_(self.shape.weight)
        self.dropout = Dropout(0.1)
        self.heads = nn.Linear(config.hidden_size, WIDTH)
        self.register_buffer("words", None if words is None else torch.tensor(words), persistent=False)
        replace_dropout(self)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Return scores, one row a sub-word, the columns of all heads side by side."""
        ids = ids if self.words is None else self.words[ids]
        words = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes)
        hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return self.heads(self.dropout(hidden))


def replace_dropout(module: nn.Module) -> None:
    """Put `Dropout` in the place of torch's own."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, Dropout(child.p))
        else:
            replace_dropout(child)


def config_of(folder: Any, **changes: Any) -> Any:
    """Return the configuration of the base in *folder*."""
    return AutoConfig.from_pretrained(folder, **changes)


def precision() -> torch.dtype:
    """Return the type to multiply in: bfloat16 where the processor has instructions for it, else single precision."""
    can = torch.cpu.get_capabilities()
    return torch.bfloat16 if can.get("amx_bf16") or can.get("avx512_bf16") else torch.float32


@contextmanager
def flushing() -> Iterator[None]:
    """Take for zero what is too small to matter and slow to compute with."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def multiplying() -> torch.autocast:
    """Return a context for one pass that multiplies in the processor's best type."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision() is torch.bfloat16)


@flushing()
def fit(network: Network, items: Sequence[Window], schedule: Schedule, *, ends: Ends, seed: int, step: Step, what: str) -> None:
    """Fit *network* to windows: AdamW, the heads faster than the encoder, warm-up and linear decay.

    The same windows, seed and machine give the same network. *step* is told *what* goes on, and how far it is.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - an order of examples, no secret
    total = schedule.epochs * -(-len(items) // BATCH)
    optimizer, rates = decaying(_rates(network, schedule), total)
    network.train()
    done = 0
    for _ in range(schedule.epochs):
        for group in batches(items, BATCH, rng):
            step(what, done, total)
            optimizer.zero_grad()
            with multiplying():
                scores = network(*_inputs([(w.encoded, w.start, w.end) for w in group], ends))
            loss_of(scores.float(), group, schedule.attributes).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rates.step()
            done += 1
    step(what, total, total)
    network.eval()


def decaying(groups: list[dict[str, Any]], total: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Return AdamW over groups of weights with their greatest rates: warm-up over a tenth of *total* steps, then linear decay."""
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min((k + 1) / (0.1 * total), max(0.0, (total - k) / (0.9 * total)))
    )
    return optimizer, rates


def _rates(network: Network, schedule: Schedule) -> list[dict[str, Any]]:
    learning = [(name, values) for name, values in network.named_parameters() if values.requires_grad]
    return [
        {"params": [values for name, values in learning if not name.startswith(_NEW)], "lr": schedule.encoder},
        {"params": [values for name, values in learning if name.startswith(_NEW)], "lr": schedule.heads},
    ]


def _inputs(parts: Sequence[tuple[Encoded, int, int]], ends: Ends) -> list[Tensor]:
    return [torch.from_numpy(rows) for rows in batch(parts, *ends)]


def loss_of(scores: Tensor, group: Sequence[Window], attributes: float) -> Tensor:
    """Return the cross-entropy of the mentions, and *attributes* times that of each attribute where it is asked."""
    wanted = torch.zeros(scores.shape)
    asked = torch.zeros((*scores.shape[:2], len(HEADS)))
    for row, window in enumerate(group):
        inside = slice(window.start, window.end)
        wanted[row, 1 : len(window) + 1] = torch.from_numpy(window.wanted[inside].astype(np.float32))
        asked[row, 1 : len(window) + 1] = torch.from_numpy(window.asked[inside].astype(np.float32))
    total = scores.new_zeros(())
    for k, (head, columns) in enumerate(COLUMNS.items()):
        entropy = -(wanted[..., columns] * torch.log_softmax(scores[..., columns], -1)).sum(-1)
        mean = (entropy * asked[..., k]).sum() / asked[..., k].sum().clamp(min=1)
        total = total + (1.0 if head == "tag" else attributes) * mean
    return total


@flushing()
def log_chances(network: Network, texts: Sequence[Encoded], *, ends: Ends) -> list[Halves]:
    """Return for every sub-word of each text the logarithm of the probability of each label, head by head."""
    found = [np.zeros((len(text.ids), WIDTH), dtype=np.float16) for text in texts]
    parts = [(i, start, end) for i, text in enumerate(texts) for start, end in windows(len(text.ids))]
    parts.sort(key=lambda part: part[2] - part[1])
    for at in range(0, len(parts), BATCH):
        group = parts[at : at + BATCH]
        with torch.no_grad(), multiplying():
            scores = network(*_inputs([(texts[i], start, end) for i, start, end in group], ends)).float()
        logs = torch.cat([torch.log_softmax(scores[..., columns], -1) for columns in COLUMNS.values()], -1).numpy()
        for row, (i, start, end) in enumerate(group):
            inner, outer = settled(start, end, len(found[i]))
            found[i][inner:outer] = logs[row, 1 + inner - start : 1 + outer - start]
    return found
