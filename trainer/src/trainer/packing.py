"""Several documents in one row, so that nothing is padding, and none of them sees another.

`bfd` keeps documents whole: what is longer than the cutoff was cut before, and counted. `bfd_split` and `wrapped` cut no token away: long
documents go on in another row. `wrapped` fills every row to the end and lets neighbours see each other.
"""

from dataclasses import replace
from typing import Any

import torch
from trl import pack_dataset
from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

from trainer.data.encode import EncodedData
from trainer.data.render import IGNORED
from trainer.failures import Failure

# Rows that are packed together: more of them fill better, and are looked through one by one.
TOGETHER = 20_000
# Tokens of each document of the probe.
PROBE = 8
# No row is longer: what is split later is not cut here.
UNCUT = 1 << 40


def cutoff_before(packing: str, cutoff: int) -> int:
    """How far a row is cut when it is made into tokens."""
    return UNCUT if packing in ("bfd_split", "wrapped") else cutoff


def pack(data: EncodedData, packing: str, length: int, seed: int) -> EncodedData:
    """The rows for training; those for validation stay as they are, so that losses of different packings can be compared."""
    if packing == "off":
        return data
    # Rows of one topic stand together in files: shuffled first, they do not share a row of `wrapped`.
    rows = data.train.shuffle(seed=seed) if packing == "wrapped" else data.train
    packed = pack_dataset(rows, length, packing, {"batch_size": TOGETHER})
    return replace(data, train=packed, rows=len(data.train))


class PackedRows:
    """Batches of packed rows. Each document counts its positions from 0; without an attention mask these tell where the next one begins.

    A dense mask costs the square of its length, so rows stay beside each other, and what fills the shorter ones is one more document;
    flash attention wants all documents of the batch behind each other instead. Rows that are not packed are padded as ever.
    """

    def __init__(self, pad_token_id: int, flat: bool):
        self.pad = pad_token_id
        self.flat = DataCollatorForLanguageModeling(pad_token_id=pad_token_id, padding_free=True) if flat else None
        self.plain = DataCollatorForLanguageModeling(pad_token_id=pad_token_id)

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        if "seq_lengths" not in rows[0]:
            return self.plain(rows)
        # A row of one token is filling.
        tokens = torch.tensor(sum(len(row["input_ids"]) for row in rows if len(row["input_ids"]) > 1))
        if self.flat is not None:
            return self.flat(rows) | {"tokens": tokens}
        width = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), width), self.pad)
        labels = torch.full((len(rows), width), IGNORED)
        positions = torch.empty((len(rows), width), dtype=torch.int64)
        for at, row in enumerate(rows):
            count = len(row["input_ids"])
            ids[at, :count] = torch.tensor(row["input_ids"])
            labels[at, :count] = torch.tensor(row["labels"])
            torch.cat([torch.arange(length) for length in (*row["seq_lengths"], width - count)], out=positions[at])
        # Nothing comes before the first token of a document, so it is not learned.
        labels[positions == 0] = IGNORED
        return {"input_ids": ids, "labels": labels, "position_ids": positions, "tokens": tokens}


def refuse_mixing(model: Any) -> None:
    """Whether this architecture keeps documents apart by their positions: the second of two must not change with the first."""
    top = min(model.config.get_text_config().vocab_size, 8)
    if top < 2:
        return
    ids = torch.arange(2 * PROBE).remainder(top)[None].to(model.device)
    other = ids.clone()
    other[0, :PROBE] = (ids[0, :PROBE] + 1) % top
    positions = torch.arange(PROBE, device=model.device).repeat(2)[None]
    was_training = model.training
    model.eval()
    with torch.no_grad():
        one, two = (model(input_ids=row, position_ids=positions, use_cache=False).logits[0, PROBE:] for row in (ids, other))
    model.train(was_training)
    if not torch.allclose(one, two, rtol=1e-3, atol=1e-3 * float(one.abs().max())):
        kind = model.config.model_type
        raise Failure(
            "spec_invalid",
            f"training.packing: models of kind {kind} let packed samples see each other.",
            "Choose packing “off” with order “length”, which leaves little padding; or “wrapped”, where neighbours see each other by design.",
        )
