"""The arguments of transformers' Trainer that every stage shares, from the settings of a run; and how many steps these make."""

import math
from pathlib import Path
from typing import Any

from trainer.models import Device
from trainer.spec import TrainSpec
from trainer.spec_settings import TrainingSettings


def shared_arguments(
    job: TrainSpec, device: Device, precision: str, folder: Path, total_steps: int, *, can_evaluate: bool
) -> dict[str, Any]:
    settings = job.training
    return dict(
        output_dir=str(folder),
        learning_rate=settings.learning_rate,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation,
        lr_scheduler_type=settings.scheduler,
        warmup_steps=0 if settings.scheduler == "constant" else math.ceil(settings.warmup_ratio * total_steps),
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        gradient_checkpointing=settings.gradient_checkpointing,
        bf16=precision == "bfloat16",
        use_cpu=device.name == "cpu",
        logging_steps=settings.log_every_steps,
        logging_nan_inf_filter=False,
        save_strategy="no" if settings.save_every_steps is None else "steps",
        save_steps=settings.save_every_steps or 500,
        eval_strategy="no" if settings.eval_every_steps is None or not can_evaluate else "steps",
        eval_steps=settings.eval_every_steps,
        seed=settings.seed,
        data_seed=settings.seed,
        dataloader_pin_memory=device.name.startswith("cuda"),
        report_to=[],
        disable_tqdm=True,
    )


def steps_per_epoch(settings: TrainingSettings, rows: int) -> int:
    return max(math.ceil(math.ceil(rows / settings.batch_size) / settings.gradient_accumulation), 1)


def count_steps(settings: TrainingSettings, rows: int) -> int:
    """The same rule as lib/domain/plan.ts, with the rows that are really there."""
    return settings.max_steps or math.ceil(settings.epochs * steps_per_epoch(settings, rows))
