"""Checkpoints of adapters whose base is not the model as it lies on the disk: PiSSA, and a new adapter on top of an old one.

Such a run trains on W + s·B₀A₀, the shift. Its checkpoints hold one plain LoRA adapter for W, the trained rows first and those of
the shift behind them: [A; A₀] and [B, B₀]. So chat, merge and every other tool load them as they are, and a resume takes them
apart again without a loss.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from trainer.failures import Failure

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
# The configuration that is trained with; it is there only where the plain adapter's is another.
TRAINED_CONFIG = "trained_config.json"
PREFIX = "base_model.model."
A, B = ".lora_A.weight", ".lora_B.weight"


@dataclass(frozen=True)
class Shift:
    """By module: A₀ and B₀, to be scaled like the adapter that is trained."""

    scale: float
    parts: dict[str, tuple[torch.Tensor, torch.Tensor]]

    def apply(self, base: Any) -> None:
        with torch.no_grad():
            for name, (a, b) in self.parts.items():
                module = base.get_submodule(name)
                delta = self.scale * (b.float() @ a.float())
                whole = module.weight.float() + (delta.T if type(module).__name__ == "Conv1D" else delta).to(module.weight.device)
                module.weight.copy_(whole.to(module.weight.dtype))

    def joined(self, other: "Shift") -> "Shift":
        names = {**self.parts, **other.parts}
        parts = {name: stack(shift.parts[name] for shift in (self, other) if name in shift.parts) for name in names}
        return Shift(self.scale, parts)


def stack(parts: Any) -> tuple[torch.Tensor, torch.Tensor]:
    listed = list(parts)
    return torch.cat([a for a, _ in listed]), torch.cat([b for _, b in listed], dim=1)


def scale_of(config: dict[str, Any]) -> float:
    return float(config["lora_alpha"]) / (float(config["r"]) ** 0.5 if config.get("use_rslora") else float(config["r"]))


def taken_out(model: Any, scale: float) -> Shift:
    """What PiSSA has taken out of the weights: its first A and B, with the sign turned."""
    layers = {name: module for name, module in model.get_base_model().named_modules() if hasattr(module, "lora_A") and "default" in module.lora_A}
    parts = {
        name: (module.lora_A["default"].weight.detach().cpu().clone(), -module.lora_B["default"].weight.detach().cpu().clone())
        for name, module in layers.items()
    }
    return Shift(scale, parts)


def make_portable(folder: Path, shift: Shift) -> None:
    """Rewrites a checkpoint's adapter, as peft has saved it, into the plain one for the model on the disk."""
    config = json.loads((folder / CONFIG).read_text())
    tensors = load_file(folder / WEIGHTS)
    (folder / TRAINED_CONFIG).write_text(json.dumps(config, indent=2) + "\n")
    for name, (a, b) in shift.parts.items():
        key = PREFIX + name
        own = (tensors[key + A], tensors[key + B]) if key + A in tensors else None
        whole = stack([own, (a.to(own[0].dtype), b.to(own[1].dtype))] if own else [(a, b)])
        tensors[key + A], tensors[key + B] = (part.contiguous() for part in whole)
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    (folder / CONFIG).write_text(json.dumps(plain_config(config, shift, tensors), indent=2) + "\n")


def plain_config(config: dict[str, Any], shift: Shift, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    ranks = {key.removeprefix(PREFIX).removesuffix(A): tensor.shape[0] for key, tensor in tensors.items() if key.endswith(A)}
    rank = max(ranks.values())
    other = {name: own for name, own in ranks.items() if own != rank}
    targets = sorted({*config["target_modules"], *(short_of(name, config["target_modules"]) for name in shift.parts)})
    return {
        **config,
        "r": rank,
        "lora_alpha": shift.scale * rank,
        "use_rslora": False,
        "init_lora_weights": True,
        "target_modules": targets,
        "rank_pattern": other,
        "alpha_pattern": {name: shift.scale * own for name, own in other.items()},
    }


def short_of(path: str, targets: list[str]) -> str:
    """A module that a target names already needs no other name."""
    return next((target for target in targets if path == target or path.endswith("." + target)), path)


def trained_config(folder: Path) -> dict[str, Any]:
    """The adapter's configuration as it was trained."""
    path = folder / TRAINED_CONFIG
    try:
        return dict(json.loads((path if path.is_file() else folder / CONFIG).read_text()))
    except (OSError, ValueError) as error:
        raise Failure("checkpoint_invalid", f"{folder.name} has no adapter that can be read.", "Choose another checkpoint.") from error


def take_apart(folder: Path) -> tuple[dict[str, torch.Tensor], Shift | None]:
    """The adapter that was trained, and what its base was shifted by."""
    tensors = load_file(folder / WEIGHTS)
    if not (folder / TRAINED_CONFIG).is_file():
        return tensors, None
    config = trained_config(folder)
    rank, targets = config["r"], config["target_modules"]
    own, parts = dict(tensors), {}
    for key in [key for key in tensors if key.endswith(A)]:
        name = key.removeprefix(PREFIX).removesuffix(A)
        a, b = own.pop(key), own.pop(key.removesuffix(A) + B)
        kept = rank if any(name == target or name.endswith("." + target) for target in targets) else 0
        if kept:
            own[key], own[key.removesuffix(A) + B] = a[:kept].contiguous(), b[:, :kept].contiguous()
        if len(a) > kept:
            parts[name] = (a[kept:].contiguous(), b[:, kept:].contiguous())
    return own, Shift(scale_of(config), parts)


def whole_as_shift(folder: Path, scale: float) -> Shift:
    """A checkpoint's adapter as something to stand under a new one, at the new one's scale."""
    config = json.loads((folder / CONFIG).read_text())
    tensors = load_file(folder / WEIGHTS)
    odd = [key for key in tensors if not key.endswith((A, B))]
    if odd or config.get("use_dora"):
        raise Failure(
            "spec_invalid",
            f"startFrom: {folder.name} holds more than a plain LoRA adapter ({odd[0] if odd else 'DoRA'}), which can't stand under a new one.",
            "Continue that adapter, or export it merged and start from that model.",
        )
    parts = {}
    for key in [key for key in tensors if key.endswith(A)]:
        name = key.removeprefix(PREFIX).removesuffix(A)
        rank = tensors[key].shape[0]
        alpha = config.get("alpha_pattern", {}).get(name, config["lora_alpha"])
        own = scale_of({**config, "r": rank, "lora_alpha": alpha})
        parts[name] = (tensors[key], tensors[key.removesuffix(A) + B] * (own / scale))
    return Shift(scale, parts)
