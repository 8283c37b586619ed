"""Kahneman-Tversky optimisation: single answers with a verdict, wanted or not, measured against the model as it was."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trl import KTOConfig, KTOTrainer

from trainer import collate, models
from trainer.control import Control
from trainer.data.encode import EncodedData, encode_parts
from trainer.data.examples import VERDICTS
from trainer.data.rows import Part, Rows
from trainer.events import EventLog
from trainer.followed import Followed
from trainer.reference import drop_copy, reference_for
from trainer.spec import TrainSpec
from trainer.stages.judged import Encoded, untouched

Config = KTOConfig
load_model = models.load_base


def encode(
    tokenizer: Any, folder: Path, parts: Sequence[Part], validation: Sequence[Rows], job: TrainSpec, events: EventLog, control: Control
) -> EncodedData:
    data = encode_parts(tokenizer, folder, parts, validation, job.training.cutoff_length, events, control, VERDICTS)
    tell_balance(data, job, events)
    return data


def tell_balance(data: EncodedData, job: TrainSpec, events: EventLog) -> None:
    """One kind of verdict alone teaches less; unequal numbers want other weights (eq. 8 of the paper)."""
    assert job.kto is not None
    wanted = sum(one[0] for one in data.train["wanted"])
    unwanted = len(data.train) - wanted
    if not wanted or not unwanted:
        kind = "wanted" if wanted else "unwanted"
        events.warning("one_verdict", f"Every answer is {kind}: KTO then knows one direction only. Add answers of the other kind.")
        return
    ratio = wanted * job.kto.desirable_weight / (unwanted * job.kto.undesirable_weight)
    if not 1 <= ratio <= 4 / 3:
        fitting = round(unwanted * job.kto.undesirable_weight * 7 / 6 / wanted, 2)
        events.warning(
            "verdicts_uneven",
            f"{wanted} answers are wanted and {unwanted} are not; with a weight of {fitting} for wanted answers both would count alike.",
        )


def arguments(job: TrainSpec) -> dict[str, Any]:
    assert job.kto is not None
    return {
        **untouched(job),
        "max_length": None,
        "train_sampling_strategy": "sequential",
        "loss_type": job.kto.loss,
        "beta": job.kto.beta,
        "desirable_weight": job.kto.desirable_weight,
        "undesirable_weight": job.kto.undesirable_weight,
    }


class Trainer(Followed, Encoded, KTOTrainer):
    def __init__(self, **arguments: Any):
        collator = collate.verdicts(arguments["processing_class"].pad_token_id, mismatched=arguments["args"].loss_type == "kto")
        super().__init__(data_collator=collator, ref_model=reference_for(arguments["learning"].model), **arguments)
        drop_copy(self.model)
        # trl insists on the order of the file for its mismatched answers; ours are made within the batch, of whatever rows it has.
        self.args.train_sampling_strategy = "random"
