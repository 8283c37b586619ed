"""Pre-training: plain text, of which every token is learned. The tokenizer puts its start token in front once, an end token stands behind
each text (trainer/data/render.py); packing, order and loss are those of sft."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.encode import EncodedData
from trainer.data.rows import Part, Rows
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.spec import TrainSpec
from trainer.stages import sft

Config = sft.Config
Trainer = sft.Trainer
load_model = sft.load_model
arguments = sft.arguments


def encode(
    tokenizer: Any, folder: Path, parts: Sequence[Part], validation: Sequence[Rows], job: TrainSpec, events: EventLog, control: Control
) -> EncodedData:
    for rows in [part.train for part in parts] + list(validation):
        refuse_conversations(rows)
    return sft.encode(tokenizer, folder, parts, validation, job, events, control)


def refuse_conversations(rows: Rows) -> None:
    """All rows of a set are of one format, so the first one tells."""
    first = next(iter(rows), None)
    if first is not None and first.get("text") is None:
        raise Failure(
            "data_invalid",
            f"The rows of {rows.name} are conversations; stage pt learns plain text.",
            "Choose a data set of plain text, or stage sft, which learns the answers of conversations.",
        )
