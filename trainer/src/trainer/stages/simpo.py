"""Simple preference optimisation: the mean log-probability of an answer is its reward, without a reference. In trl it is a loss of CPO."""

import os
from typing import Any

# trl tells at every start that this may change; the form says so.
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
from trl.experimental.cpo import CPOConfig, CPOTrainer  # noqa: E402

from trainer import collate, models  # noqa: E402
from trainer.data.encode import encoder_of  # noqa: E402
from trainer.data.examples import PAIRS  # noqa: E402
from trainer.followed import Followed  # noqa: E402
from trainer.spec import TrainSpec  # noqa: E402
from trainer.stages.judged import Shortened, untouched  # noqa: E402

Config = CPOConfig
load_model = models.load_base
encode = encoder_of(PAIRS)


def arguments(job: TrainSpec) -> dict[str, Any]:
    assert job.simpo is not None
    return {
        **untouched(job),
        "max_length": job.training.cutoff_length,
        "loss_type": "simpo",
        "beta": job.simpo.beta,
        "simpo_gamma": job.simpo.gamma,
        "cpo_alpha": job.simpo.sft_weight,
        "label_smoothing": job.simpo.label_smoothing,
    }


class Trainer(Shortened, Followed, CPOTrainer):
    def __init__(self, **arguments: Any):
        super().__init__(data_collator=collate.sides(arguments["processing_class"].pad_token_id), **arguments)
