"""Direct preference optimisation: the chosen answer becomes likelier than the rejected one, measured against the model as it was.

With an adapter the reference is the model with the adapter off; with all weights it is a second copy, or its figures counted beforehand.
"""

from typing import Any

from trl import DPOConfig, DPOTrainer

from trainer import collate, models
from trainer.data.encode import encoder_of
from trainer.data.examples import PAIRS
from trainer.followed import Followed
from trainer.reference import drop_copy, reference_for
from trainer.spec import TrainSpec
from trainer.stages.judged import Encoded, untouched

Config = DPOConfig
load_model = models.load_base
encode = encoder_of(PAIRS)


def arguments(job: TrainSpec) -> dict[str, Any]:
    assert job.dpo is not None
    settings = job.dpo
    mixed = settings.sft_weight > 0
    return {
        **untouched(job),
        "max_length": None,
        "loss_type": [settings.loss, "sft"] if mixed else [settings.loss],
        "loss_weights": [1.0, settings.sft_weight] if mixed else None,
        "beta": settings.beta,
        "label_smoothing": settings.label_smoothing,
        "precompute_ref_log_probs": settings.precompute_reference,
    }


class Trainer(Followed, Encoded, DPOTrainer):
    def __init__(self, **arguments: Any):
        pad = arguments["processing_class"].pad_token_id
        reference = None if arguments["args"].precompute_ref_log_probs else reference_for(arguments["learning"].model)
        super().__init__(data_collator=collate.pairs(pad, masks=True), ref_model=reference, **arguments)
        drop_copy(self.model)

    def _precompute_ref_logps(self, *arguments: Any) -> Any:
        """Comes before trl has finished making the trainer."""
        drop_copy(self.model)
        return super()._precompute_ref_logps(*arguments)
