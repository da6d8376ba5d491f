"""The network of the ties as torch trains it: an encoder of marked words, and layers that compare anchors and candidates."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from pipeline.ties.network import FIELDS
from pipeline.ties.windows import MARKS, STEPS
from pipeline.training.network import Dropout, replace_dropout

DEPTH = 64  # numbers by which an anchor and a candidate are compared, once as a product and once through a hidden layer
_N = len(FIELDS)
SPEAKER = FIELDS.index("source")


class TiesNetwork(nn.Module):  # type: ignore[misc]
    """Scores of candidates and of speakers; `forward` reads one window, as `pipeline.ties.network.arrays` gives it."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        config.attention_probs_dropout_prob = 0.0
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False, attn_implementation="eager")
        width = config.hidden_size
        self.shape = nn.Embedding(6, width)
        self.mark = nn.Embedding(len(MARKS), width)
        self.anchor, self.candidate = nn.Linear(width, _N * 2 * DEPTH), nn.Linear(width, _N * 2 * DEPTH)
        self.none = nn.Linear(width, _N + 1)
        self.steps = nn.ModuleList(nn.Embedding(count, _N * DEPTH) for count in STEPS)
        self.known = nn.Linear(3, DEPTH)
        self.out = nn.Parameter(torch.randn(_N, DEPTH) * 0.1)
        self.dropout = Dropout(0.1)
        for embedding in (self.mark, *self.steps):
            nn.init.normal_(embedding.weight, std=0.03)
        replace_dropout(self)

    def read(self, ids: Tensor, shapes: Tensor, marks: Tensor, mask: Tensor) -> Tensor:
        """Return the numbers of each sub-word of some windows."""
        words = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes) + self.mark(marks)
        return self.dropout(self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state)

    def compare(
        self,
        hidden: Tensor,
        anchors: Tensor,
        owners: Tensor,
        fields: Tensor,
        places: Tensor,
        steps: Tensor,
        known: Tensor,
        far: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return of one window how each candidate fits, how none does in each field of an anchor, how each sub-word speaks."""
        asking = (anchors @ self.anchor(hidden)).view(-1, _N, 2 * DEPTH)
        offered = self.candidate(hidden)
        field = nn.functional.one_hot(fields, _N).to(hidden.dtype)
        answer = ((places @ offered).view(-1, _N, 2 * DEPTH) * field[:, :, None]).sum(1)
        asked = (asking[owners] * field[:, :, None]).sum(1)
        between = sum((table(steps[:, i]).view(-1, _N, DEPTH) * field[:, :, None]).sum(1) for i, table in enumerate(self.steps))
        fits = _fit(asked, answer, between + self.known(known), field @ self.out)
        speaker, speaking = asking[:, None, SPEAKER], offered.view(-1, _N, 2 * DEPTH)[None, :, SPEAKER]
        apart = self.steps[0](far).view(*far.shape, _N, DEPTH)[:, :, SPEAKER]
        return fits, anchors @ self.none(hidden), _fit(speaker, speaking, apart, self.out[SPEAKER])

    def forward(self, ids: Tensor, shapes: Tensor, marks: Tensor, *asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores of one window."""
        return self.compare(self.read(ids, shapes, marks, torch.ones_like(ids))[0], *asked)


def _fit(asked: Tensor, answer: Tensor, between: Tensor, out: Tensor) -> Tensor:
    """Compare by a product of the first half of the numbers, and through a hidden layer of the second."""
    product = (asked[..., :DEPTH] * answer[..., :DEPTH]).sum(-1) / DEPTH**0.5
    hidden = nn.functional.gelu(asked[..., DEPTH:] + answer[..., DEPTH:] + between)
    return product + (hidden * out).sum(-1)
