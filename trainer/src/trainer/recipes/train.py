"""Training, the same frame for every stage: what a stage adds stands in trainer/stages, which weights learn in trainer/methods.py.

Needs rows as a check wrote them.
Leaves resolved.json in the attempt's folder, checkpoints/checkpoint-N (complete when COMPLETE.json is there) and events.
Asks control between the phases and at the end of every step: save, evaluate, stop, abort. SIGTERM means stop.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from trainer import checkpoints, machine, methods, models
from trainer.arguments import count_steps, shared_arguments, steps_per_epoch
from trainer.control import Control
from trainer.data.mix import mix_counts
from trainer.data.rows import Part, Rows, choose_rows, load_rows
from trainer.environment import package_versions
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.group import join_group
from trainer.heartbeat import peak_bytes
from trainer.imports import quick_imports
from trainer.spec import TrainWorkerSpec

RESOLVED = "resolved.json"


def run(spec: TrainWorkerSpec, run_dir: Path, events: EventLog, control: Control) -> None:
    job, settings = spec.job, spec.job.training

    # Libraries: most of the waiting before the first step
    with quick_imports():
        from transformers import set_seed

        control.check()
        from trainer.best import StopEarly
        from trainer.callbacks import Clock, MarkCheckpoints, ObeyWishes, TellOptimizer, Wishes, WriteMetrics
        from trainer.more import with_more

        stage = import_module(f"trainer.stages.{job.stage}")

    # Seed and device
    set_seed(settings.seed)
    device = models.find_device(spec.device)
    precision = models.find_precision(settings.precision, device)
    machine.check(job, device)
    group = join_group(device.name)

    # Tokenizer and data
    control.check()
    if spec.inputs.model.path is None:
        events.phase("downloading")
    folder = models.find_folder(spec.inputs.model)
    base_fingerprint = models.fingerprint(folder)
    events.phase("loading_data")
    tokenizer = models.load_tokenizer(folder, spec.inputs.model.trust_remote_code)
    parts, validation = load_parts(spec)
    data = stage.encode(tokenizer, folder, parts, validation, job, events, control)

    # Model and adapter
    events.phase("loading_model")
    control.check()
    checkpoint = None if spec.inputs.resume_from is None else Path(spec.inputs.resume_from)
    mark = None if checkpoint is None else checkpoints.check_resumable(checkpoint, base_fingerprint, job.lora)
    start = starting_point(spec, base_fingerprint)
    base = stage.load_model(
        folder, methods.base_dtype(job, precision), spec.inputs.model.trust_remote_code, **methods.loading(job, precision, device)
    )
    if settings.attention != "auto":
        base.set_attn_implementation(settings.attention)
    threads = models.choose_threads(base)
    learning = methods.prepare(base, job, tokenizer, resumed=checkpoint, start=start)
    control.check()

    # Trainer arguments
    checkpoint_dir = run_dir / "checkpoints"
    total_steps = count_steps(settings, len(data.train))
    named = shared_arguments(job, device, precision, checkpoint_dir, total_steps, can_evaluate=data.eval is not None) | stage.arguments(job)
    arguments = stage.Config(**with_more(named, settings.more, stage.Config))

    # Trainer: transformers' loop, our events, our requests
    clock = Clock(0.0 if mark is None else mark.seconds or 0.0)
    wishes = Wishes(control, can_evaluate=data.eval is not None, group=group)
    trainer = stage.Trainer(
        settings=settings,
        events=events,
        clock=clock,
        tokens_before=0 if mark is None else mark.tokens or 0,
        leaving=lambda: (wishes.look(), wishes.ending)[1],
        group=group,
        learning=learning,
        args=arguments,
        train_dataset=data.train,
        eval_dataset=data.eval,
        processing_class=tokenizer,
    )
    trainer.add_callback(ObeyWishes(wishes, can_evaluate=data.eval is not None))
    trainer.add_callback(WriteMetrics(events, clock, trainer.count_tokens))
    early = StopEarly(events, settings)
    trainer.add_callback(early)
    trainer.add_callback(
        MarkCheckpoints(
            events, wishes, clock, trainer.count_tokens,
            folder=checkpoint_dir, limit=settings.save_limit, base=base_fingerprint, early=early, group=group,
        )
    )

    # Plan, before the first step
    if mark is not None and mark.step is not None:
        events.rewind(mark.step)
    if group.first:
        remove_abandoned(checkpoint_dir, None if mark is None else mark.step)
    plan = {
        "totalSteps": total_steps,
        "epochs": settings.epochs if settings.max_steps is None else total_steps / steps_per_epoch(settings, len(data.train)),
        "trainRows": data.rows or len(data.train),
        "packedRows": None if data.rows is None else len(data.train),
        "evalRows": len(data.eval or ()),
        "droppedRows": data.dropped,
        "truncatedRows": data.truncated,
        "cutTokens": data.cut_tokens,
        "effectiveBatch": settings.batch_size * settings.gradient_accumulation * group.size,
        "processes": group.size,
        "trainTokens": data.tokens,
        "trainedTokens": data.trained_tokens,
        "trainableParameters": learning.trainable,
        "totalParameters": learning.total,
        "device": device.name,
        "deviceName": device.label,
        "precision": precision,
        "sets": data.sets,
    }
    attempt_dir = run_dir / f"a{spec.attempt}"
    if group.first:
        write_resolved(attempt_dir, arguments.to_dict(), plan, base_fingerprint, threads, spec)
        trainer.add_callback(TellOptimizer(attempt_dir / RESOLVED))
    events.plan(plan)
    control.check()
    # From here on a signal asks each process to end at the same step; before, it simply ends those that have nothing to save.
    control.listen_to_signals()
    group.wait()

    # Train and save
    trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    wishes.close()
    finished = trainer.state.global_step >= total_steps or early.stopped
    events.finished("succeeded" if finished else "stopped", summarise(trainer, clock))
    group.leave()


def load_parts(spec: TrainWorkerSpec) -> tuple[list[Part], list[Rows]]:
    """Rows of each set, chosen by the counts that were shown before the launch; then those of the sets for validation."""
    data, seed = spec.job.data, spec.job.training.seed
    sets, validation = (
        [load_rows(Path(one.rows_path), one.label, one.sha256, spec.job.stage) for one in inputs] for inputs in (spec.inputs.datasets, spec.inputs.validation)
    )
    counts = mix_counts(data, [len(rows) for rows in sets], seed)
    for one, rows in zip(counts, sets, strict=True):
        if one.train == 0:
            raise Failure("data_empty", f"No row of {rows.name} would be trained with its weight.", "Raise its weight, or take the set out.")
    return [choose_rows(rows, one, seed) for rows, one in zip(sets, counts, strict=True)], validation


def starting_point(spec: TrainWorkerSpec, base_fingerprint: str) -> Path | None:
    """The checkpoint of another run that this one begins with; a resume has all of it in its own."""
    if spec.inputs.start_from is None or spec.inputs.resume_from is not None:
        return None
    folder = Path(spec.inputs.start_from)
    checkpoints.check_resumable(folder, base_fingerprint, None)
    return folder


def remove_abandoned(folder: Path, resumed_step: int | None) -> None:
    """Torn folders, and those behind the step that is resumed from: `rewind` has told the server that they are gone."""
    for step in checkpoints.steps_in(folder):
        path = folder / f"checkpoint-{step}"
        if not checkpoints.is_marked(path) or (resumed_step is not None and step > resumed_step):
            checkpoints.remove(path)


def write_resolved(folder: Path, arguments: dict[str, Any], plan: dict[str, Any], base_fingerprint: str, threads: int, spec: TrainWorkerSpec) -> None:
    resolved = {
        "arguments": arguments,
        **{part: settings and settings.model_dump(by_alias=True) for part in ("lora", "quantization", "freeze") for settings in [getattr(spec.job, part)]},
        "more": spec.job.training.more,
        "plan": plan,
        "versions": package_versions(),
        "threads": threads,
        "baseFingerprint": base_fingerprint,
        "datasets": [
            {**told, "sha256": one.sha256}
            for told, one in zip(plan["sets"], [*spec.inputs.datasets, *spec.inputs.validation], strict=True)
        ],
        "resumedFrom": spec.inputs.resume_from,
    }
    (folder / RESOLVED).write_text(json.dumps(resolved, indent=2, ensure_ascii=False, default=str))


def summarise(trainer: Any, clock: Any) -> dict[str, float | str]:
    """The last value of each curve, and what it took."""
    last: dict[str, float | str] = {}
    for line in trainer.state.log_history:
        last |= {name: float(line[name]) for name in ("loss", "eval_loss") if name in line}
    return {**last, **peak_bytes(), "steps": trainer.state.global_step, "tokens": trainer.count_tokens(), "seconds": round(clock.seconds, 3)}
