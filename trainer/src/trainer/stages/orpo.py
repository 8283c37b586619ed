"""Odds-ratio preference optimisation: learns the chosen answers and moves away from the rejected ones in one go, without a reference."""

import os
from typing import Any

# trl tells at every start that this may change; the form says so.
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
from trl.experimental.orpo import ORPOConfig, ORPOTrainer  # noqa: E402

from trainer import collate, models  # noqa: E402
from trainer.data.encode import encoder_of  # noqa: E402
from trainer.data.examples import PAIRS  # noqa: E402
from trainer.followed import Followed  # noqa: E402
from trainer.spec import TrainSpec  # noqa: E402
from trainer.stages.judged import Shortened, untouched  # noqa: E402

Config = ORPOConfig
load_model = models.load_base
encode = encoder_of(PAIRS)


def arguments(job: TrainSpec) -> dict[str, Any]:
    assert job.orpo is not None
    return {**untouched(job), "max_length": job.training.cutoff_length, "beta": job.orpo.beta}


class Trainer(Shortened, Followed, ORPOTrainer):
    def __init__(self, **arguments: Any):
        super().__init__(data_collator=collate.sides(arguments["processing_class"].pad_token_id), **arguments)
