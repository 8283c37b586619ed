"""A reward model: the base with a head that gives an answer one number, higher for the answers that people chose."""

from pathlib import Path
from typing import Any

from trl import RewardConfig, RewardTrainer

from trainer import collate
from trainer.data.encode import encoder_of
from trainer.data.examples import PAIRS
from trainer.failures import Failure
from trainer.followed import Followed
from trainer.spec import TrainSpec
from trainer.stages.judged import untouched

Config = RewardConfig
encode = encoder_of(PAIRS)


def load_model(folder: Path, dtype: str, trust_remote_code: bool = False, **loading: Any) -> Any:
    """The head of the vocabulary gives way to one of a single output, which begins at random by the run's seed."""
    from transformers import AutoModelForSequenceClassification

    try:
        return AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=1, dtype=dtype, use_safetensors=True, trust_remote_code=trust_remote_code, local_files_only=True, **loading
        )
    except ValueError as error:
        if "Unrecognized configuration class" not in str(error):
            raise
        raise Failure(
            "model_invalid",
            "stage: rm needs a model that can end in a single number; transformers has no such form of this architecture.",
            "Choose a model of another family, such as Llama, Qwen or Gemma, or stage dpo, which needs no reward model.",
        ) from error


def arguments(job: TrainSpec) -> dict[str, Any]:
    assert job.rm is not None
    return {**untouched(job), "max_length": None, "center_rewards_coefficient": job.rm.center_rewards}


class Trainer(Followed, RewardTrainer):
    def __init__(self, **arguments: Any):
        pad = arguments["processing_class"].pad_token_id
        super().__init__(data_collator=collate.pairs(pad, masks=False), **arguments)
