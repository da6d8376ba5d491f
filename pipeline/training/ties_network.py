"""The network of the ties as torch trains it: an encoder of marked words, and layers that compare anchors and candidates."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from pipeline.ties.network import FIELDS
from pipeline.ties.windows import MARKS, STEPS
from pipeline.training.network import Dropout, replace_dropout

DEPTH = 64  # numbers by which an anchor and a candidate are compared, once as a product and once through a hidden layer
ROOM, READERS, ROUNDS = 128, 4, 2  # numbers of a candidate among its rivals; how many ways and how often they are compared
_N = len(FIELDS)
SPEAKER = FIELDS.index("source")  # the fields before it have candidates
_PAIRS = 4  # same field; same value; same country in another field; same country in the same field


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
        self.rivals = Rivals(width)
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
        values: Tensor,
        lands: Tensor,
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
        none = anchors @ self.none(hidden)
        more, less = self.rivals(places @ hidden, anchors @ hidden, owners, fields, steps, known, values, lands, fits, none)
        return fits + more, none + less, _fit(speaker, speaking, apart, self.out[SPEAKER])

    def forward(self, ids: Tensor, shapes: Tensor, marks: Tensor, *asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores of one window."""
        return self.compare(self.read(ids, shapes, marks, torch.ones_like(ids))[0], *asked)


def _fit(asked: Tensor, answer: Tensor, between: Tensor, out: Tensor) -> Tensor:
    """Compare by a product of the first half of the numbers, and through a hidden layer of the second."""
    product = (asked[..., :DEPTH] * answer[..., :DEPTH]).sum(-1) / DEPTH**0.5
    hidden = nn.functional.gelu(asked[..., DEPTH:] + answer[..., DEPTH:] + between)
    return product + (hidden * out).sum(-1)


class Rivals(nn.Module):  # type: ignore[misc]
    """Compares the candidates of each anchor with each other and with none: what one is worth, the finer or nearer beside it.

    A small transformer over the candidates of all fields and a row for "none" in each, which begins by changing no score.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.span, self.anchor = nn.Linear(width, ROOM), nn.Linear(width, ROOM)
        self.field = nn.Embedding(2 * SPEAKER, ROOM)
        self.steps = nn.ModuleList(nn.Embedding(count, ROOM) for count in STEPS)
        self.known, self.fit = nn.Linear(3, ROOM), nn.Linear(1, ROOM)
        self.norm = nn.LayerNorm(ROOM)
        self.rounds = nn.ModuleList(Round() for _ in range(ROUNDS))
        self.out = nn.Parameter(torch.zeros(SPEAKER, ROOM))
        self.dropout = Dropout(0.1)
        for embedding in (self.field, *self.steps):
            nn.init.normal_(embedding.weight, std=0.05)

    def forward(
        self,
        spans: Tensor,
        anchors: Tensor,
        owners: Tensor,
        fields: Tensor,
        steps: Tensor,
        known: Tensor,
        values: Tensor,
        lands: Tensor,
        fits: Tensor,
        none: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return what to add to the scores of the candidates of one window, and to those of none."""
        count, unfit = spans.shape[0], none[:, :SPEAKER].reshape(-1)
        nobody = (unfit * 0 + 1).cumsum(0).long() - 1  # an export would fix the number of a range
        owner = torch.cat([owners, nobody // SPEAKER])
        field = torch.cat([fields, nobody % SPEAKER])
        kind = torch.cat([fields, nobody % SPEAKER + SPEAKER])
        between = self.span(spans) + self.known(known) + sum(table(steps[:, i]) for i, table in enumerate(self.steps))
        nothing = self.known(torch.zeros(1, 3)) + unfit[:, None] * 0
        scores = torch.cat([fits, unfit])
        rows = torch.cat([between, nothing]) + self.anchor(anchors)[owner] + self.field(kind) + self.fit(scores[:, None] / 4)
        given = ((owners * SPEAKER + fields)[:, None] == nobody[None]).long().sum(0)
        shown, real = torch.cat([owners * 0 + 1, given]) > 0, torch.cat([owners * 0 + 1, nobody * 0]) > 0
        no_value = nobody * 0 - 1
        pairs = _pairs(field, torch.cat([values, no_value]), torch.cat([lands, no_value]), real)
        apart = (owner[:, None] != owner[None]) | ~shown[None]
        rows = self.dropout(self.norm(rows))
        for one in self.rounds:
            rows = one(rows, pairs, apart)
        changed = (rows * self.out[field]).sum(-1)
        less = nn.functional.pad(changed[count:].view(-1, SPEAKER), (0, none.shape[1] - SPEAKER))
        return changed[:count], less


class Round(nn.Module):  # type: ignore[misc]
    """One comparison of rivals: attention that knows of pairs, and a hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.asking, self.asked = nn.Linear(ROOM, 3 * ROOM), nn.Linear(ROOM, ROOM)
        self.before, self.behind = nn.LayerNorm(ROOM), nn.LayerNorm(ROOM)
        self.up, self.down = nn.Linear(ROOM, 2 * ROOM), nn.Linear(2 * ROOM, ROOM)
        self.pair = nn.Parameter(torch.zeros(READERS, _PAIRS))
        self.dropout = Dropout(0.1)

    def forward(self, rows: Tensor, pairs: Tensor, apart: Tensor) -> Tensor:
        """Return the rows, each having seen those that it is not *apart* from."""
        asking, keys, told = self.asking(self.before(rows)).view(-1, 3, READERS, ROOM // READERS).permute(1, 2, 0, 3)
        near = asking @ keys.transpose(-1, -2) / (ROOM // READERS) ** 0.5 + (pairs @ self.pair.T).permute(2, 0, 1)
        seen = near.masked_fill(apart[None], -1e4).softmax(-1) @ told
        rows = rows + self.dropout(self.asked(seen.transpose(0, 1).reshape(-1, ROOM)))
        return rows + self.dropout(self.down(nn.functional.gelu(self.up(self.behind(rows)))))


def _pairs(field: Tensor, value: Tensor, land: Tensor, real: Tensor) -> Tensor:
    """Return of each two rows what they share (`_PAIRS`)."""
    same_field = field[:, None] == field[None]
    same_value = same_field & (value[:, None] == value[None]) & real[:, None] & real[None]
    number = (field * 0 + 1).cumsum(0)
    same_land = ((land[:, None] == land[None]) & (land >= 0)[:, None]) | (number[:, None] == number[None])
    return torch.stack([same_field, same_value, same_land & ~same_field, same_land & same_field], -1).float()
