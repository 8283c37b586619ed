"""The arguments of transformers' Trainer that every stage shares, from the settings of a run; and how many steps these make."""

import math
from pathlib import Path
from typing import Any

from trainer.models import Device
from trainer.optimizers import optimizer_name, optimizer_targets
from trainer.schedule import count_warmup_steps, scheduler_arguments
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
        per_device_eval_batch_size=settings.eval_batch_size or settings.batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation,
        lr_scheduler_type=settings.scheduler,
        lr_scheduler_kwargs=scheduler_arguments(settings, total_steps) or None,
        warmup_steps=count_warmup_steps(settings, total_steps),
        optim=optimizer_name(settings),
        **optimizer_targets(settings),
        adam_beta1=settings.adam_beta1,
        adam_beta2=settings.adam_beta2,
        adam_epsilon=settings.adam_epsilon,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        label_smoothing_factor=settings.label_smoothing,
        **machine_arguments(settings, precision),
        neftune_noise_alpha=settings.neftune_alpha,
        use_cpu=device.name == "cpu",
        logging_steps=settings.log_every_steps,
        logging_first_step=settings.log_first_step,
        logging_nan_inf_filter=False,
        **cadence(settings, can_evaluate),
        seed=settings.seed,
        data_seed=settings.seed,
        full_determinism=settings.full_determinism,
        dataloader_pin_memory=device.name.startswith("cuda"),
        dataloader_num_workers=settings.loader_workers,
        dataloader_prefetch_factor=settings.loader_prefetch,
        dataloader_persistent_workers=settings.loader_persistent,
        dataloader_drop_last=settings.drop_last_batch,
        report_to=[],
        disable_tqdm=True,
    )


def machine_arguments(settings: TrainingSettings, precision: str) -> dict[str, Any]:
    """Weights that are short altogether need no rewriting of the arithmetic."""
    every = settings.checkpoint_every_layers
    checkpointing = {"use_reentrant": settings.checkpoint_reentrant} | ({"every_n_layers": every} if every > 1 else {})
    return dict(
        bf16=precision == "bfloat16",
        fp16=precision == "float16",
        tf32={"auto": None, "on": True, "off": False}[settings.tf32],
        gradient_checkpointing=settings.gradient_checkpointing,
        gradient_checkpointing_kwargs=checkpointing if settings.gradient_checkpointing else None,
        use_liger_kernel=settings.liger_kernel,
        torch_compile=settings.torch_compile,
    )


def cadence(settings: TrainingSettings, can_evaluate: bool) -> dict[str, Any]:
    saves = "epoch" if settings.save_by == "epochs" else "no" if settings.save_every_steps is None else "steps"
    judges = "epoch" if settings.eval_by == "epochs" else "no" if settings.eval_every_steps is None else "steps"
    return dict(
        save_strategy=saves,
        save_steps=settings.save_every_steps or 500,
        eval_strategy=judges if can_evaluate else "no",
        eval_steps=settings.eval_every_steps,
    )


def steps_per_epoch(settings: TrainingSettings, rows: int) -> int:
    batch = settings.batch_size * settings.processes
    batches = rows // batch if settings.drop_last_batch else math.ceil(rows / batch)
    return max(math.ceil(batches / settings.gradient_accumulation), 1)


def count_steps(settings: TrainingSettings, rows: int) -> int:
    """The same rule as lib/domain/plan.ts, with the rows that are really there."""
    return settings.max_steps or math.ceil(settings.epochs * steps_per_epoch(settings, rows))
