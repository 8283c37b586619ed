"""Which weights learn: what each method makes of a base that was just loaded."""

from typing import Any

from trainer import models
from trainer.spec import TrainSpec


def base_dtype(job: TrainSpec, precision: str) -> str:
    """Weights that are trained are float32 with bfloat16 arithmetic: in bfloat16 alone small updates would be lost."""
    return precision if job.method == "lora" else "float32"


def prepare(base: Any, job: TrainSpec) -> Any:
    """The base with a fresh adapter on top, or with the weights that learn; the others stand still."""
    if job.lora is not None:
        return models.attach_lora(base, job.lora)
    return base
