"""Which weights learn: what each method makes of a base that was just loaded, and what its checkpoints need to be whole."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer import adapters, portable, quantise
from trainer.failures import Failure
from trainer.freeze import freeze
from trainer.models import Device
from trainer.portable import Shift
from trainer.spec import TrainSpec


@dataclass(frozen=True)
class Learning:
    """A model of which a part learns. `total` counts the base, however its weights are packed."""

    model: Any
    total: int
    plus_ratio: float | None = None
    shift: Shift | None = None
    rounded: dict[str, Any] | None = None

    @property
    def trainable(self) -> int:
        return sum(parameter.numel() for parameter in self.model.parameters() if parameter.requires_grad)

    def complete(self, folder: Path) -> None:
        """What peft and transformers leave out of a checkpoint they have just written."""
        if self.shift is not None:
            portable.make_portable(folder, self.shift)
        if self.rounded is not None:
            (folder / quantise.FILE).write_text(json.dumps(self.rounded, indent=2) + "\n")


def base_dtype(job: TrainSpec, precision: str) -> str:
    """Weights that are trained are float32 with bfloat16 arithmetic: in bfloat16 alone small updates would be lost."""
    if precision == "pure_bfloat16":
        return "bfloat16"
    return "float32" if job.lora is None else precision


def loading(job: TrainSpec, precision: str, device: Device) -> dict[str, Any]:
    return {} if job.quantization is None else quantise.loading(job.quantization, precision.removeprefix("pure_"), device.name)


def prepare(base: Any, job: TrainSpec, tokenizer: Any, *, resumed: Path | None, start: Path | None) -> Learning:
    """The base with an adapter on top, or with the weights that learn; the others stand still."""
    total = quantise.count_parameters(base)
    if job.freeze is not None:
        return Learning(freeze(base, job.freeze), total)
    if job.lora is None:
        return Learning(base, total)
    rounded = None
    if job.quantization is not None:
        from peft import prepare_model_for_kbit_training

        rounded = quantise.describe(base, job.quantization, str(base.dtype).removeprefix("torch."))
        base = prepare_model_for_kbit_training(quantise.keep_as_rounded(base), use_gradient_checkpointing=False)
    model, shift = put_adapter(base, job, tokenizer, resumed, start)
    return Learning(model, total, job.lora.plus_ratio, shift, rounded)


def put_adapter(base: Any, job: TrainSpec, tokenizer: Any, resumed: Path | None, start: Path | None) -> tuple[Any, Shift | None]:
    """A fresh adapter, one that learns on, or a fresh one over an old one that stands still."""
    from peft import get_peft_model, set_peft_model_state_dict

    config = adapters.lora_config(base, job.lora, tokenizer, "SEQ_CLS" if job.stage == "rm" else "CAUSAL_LM")
    scale = portable.scale_of(config.to_dict())
    continues = job.start_from is not None and job.start_from.how == "continue"
    source = resumed or (start if continues else None)
    if source is not None:
        if resumed is None:
            adapters.check_same_adapter(source, portable.trained_config(source), config)
        check_same_rounding(source, job)
        own, shift = portable.take_apart(source)
        if shift is not None:
            shift.apply(base)
        config.init_lora_weights = True
        model = get_peft_model(base, config)
        set_peft_model_state_dict(model, own)
        return model, shift
    shift = None if start is None else below(base, start, scale, job)
    model = get_peft_model(base, config)
    if job.lora is not None and job.lora.init.startswith("pissa"):
        taken = portable.taken_out(model, scale)
        shift = taken if shift is None else shift.joined(taken)
    return model, shift


def below(base: Any, start: Path, scale: float, job: TrainSpec) -> Shift:
    check_same_rounding(start, job)
    shift = portable.whole_as_shift(start, scale)
    saved = [name for name in (job.lora.modules_to_save if job.lora else []) if any(path.endswith("." + name) for path in shift.parts)]
    if saved:
        raise Failure(
            "spec_invalid",
            f"lora.modulesToSave: {', '.join(saved)} has an adapter in {start.name}, so it can't be trained whole above it.",
            "Take it out, or export that checkpoint merged and start from that model.",
        )
    shift.apply(base)
    return shift


def check_same_rounding(folder: Path, job: TrainSpec) -> None:
    """An adapter belongs to the weights it was trained on, and rounded ones are others."""
    told = quantise.read(folder)
    was = None if told is None else quantise.settings_of(told)
    now = job.quantization
    if (was and (was.type, was.double_quant)) == (now and (now.type, now.double_quant)):
        return
    before = "weights that were not rounded" if was is None else f"weights rounded to {was.type}"
    raise Failure(
        "checkpoint_invalid",
        f"startFrom: {folder.name} was trained on {before}.",
        "Choose method LoRA." if was is None else f"Choose method QLoRA with {was.type}, double quantisation {'on' if was.double_quant else 'off'}.",
    )


def speed_up_b(optimizer: Any, model: Any, ratio: float) -> None:
    """LoRA+: matrix B, and lengths and biases beside it, learn `ratio` times as fast; grouped as by peft's create_loraplus_optimizer."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    for group in list(optimizer.param_groups):
        fast = [one for one in group["params"] if ".lora_B." in names[id(one)] or one.ndim == 1]
        slow = [one for one in group["params"] if all(one is not other for other in fast)]
        if not fast:
            continue
        if not slow:
            group["lr"] *= ratio
            continue
        group["params"] = slow
        optimizer.add_param_group({**group, "params": fast, "lr": group["lr"] * ratio})
