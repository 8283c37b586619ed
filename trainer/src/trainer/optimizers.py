"""The optimizer of a run: transformers' own choice by name, with the arguments that it would leave out; and Muon, which it lacks."""

from typing import Any

from torch import nn

from trainer.failures import Failure
from trainer.muon import MuonWithAdamW, hidden_matrices
from trainer.spec_settings import TrainingSettings

LOW_RANK = ("galore", "apollo")


def optimizer_name(settings: TrainingSettings) -> str:
    """What TrainingArguments takes: it knows no Muon, whose place we fill ourselves."""
    return "adamw_torch_fused" if settings.optimizer == "muon" else settings.optimizer


def optimizer_targets(settings: TrainingSettings) -> dict[str, Any]:
    """GaLore and APOLLO work on the matrices only, and refuse to start without being told which."""
    return {"optim_target_modules": "all-linear"} if settings.optimizer.startswith(LOW_RANK) else {}


def own_arguments(settings: TrainingSettings) -> dict[str, Any]:
    """What transformers would not pass on, or only as text; empty ones are left to torch."""
    name = settings.optimizer
    if name == "sgd":
        own = {"momentum": settings.momentum, "dampening": settings.dampening, "nesterov": settings.nesterov}
    elif name.startswith("rmsprop"):
        own = {"alpha": settings.smoothing, "momentum": settings.momentum, "eps": settings.stabiliser}
        own |= {"centered": settings.centered} if name == "rmsprop" else {}
    elif name == "adagrad":
        own = {"lr_decay": settings.rate_decay, "eps": settings.stabiliser}
    elif name == "adafactor":
        own = {
            "clip_threshold": settings.clip_threshold,
            "decay_rate": settings.decay_rate,
            "beta1": settings.adafactor_beta1,
            "scale_parameter": settings.scale_parameter,
        }
    elif "ademamix" in name:
        own = {
            "betas": (settings.adam_beta1, settings.adam_beta2, settings.adam_beta3),
            "alpha": settings.ademamix_alpha,
            "t_alpha": settings.ademamix_warmup,
            "t_beta3": settings.ademamix_warmup,
        }
    else:
        own = {}
    return {key: value for key, value in own.items() if value is not None}


def make_muon(model: nn.Module, settings: TrainingSettings, decayed: set[str]) -> MuonWithAdamW:
    """`decayed`: names of the weights that weight decay pulls on."""
    hidden = hidden_matrices(model)
    if not hidden:
        raise Failure(
            "spec_invalid",
            "training.optimizer: muon needs hidden matrices to train, and none learns here.",
            "Choose adamw_torch_fused.",
        )
    trained = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    rest = [(name, weight) for name, weight in trained if name not in hidden]
    groups = [
        {"params": [weight for name, weight in rest if (name in decayed) == decays], "weight_decay": settings.weight_decay if decays else 0.0}
        for decays in (True, False)
    ]
    return MuonWithAdamW(
        [{"params": [weight for name, weight in trained if name in hidden]}],
        [group for group in groups if group["params"]],
        lr=settings.learning_rate,
        muon={
            "weight_decay": settings.weight_decay,
            "momentum": 0.95 if settings.momentum is None else settings.momentum,
            "ns_steps": settings.muon_iterations,
            "adjust_lr_fn": settings.muon_scale,
        },
        adamw={"betas": (settings.adam_beta1, settings.adam_beta2), "eps": settings.adam_epsilon},
    )


def describe(optimizer: Any) -> dict[str, Any]:
    """For resolved.json: what was really made. Of each group its numbers, and how many weights it holds."""
    inner = getattr(optimizer, "optimizer", optimizer)
    return {
        "class": f"{type(inner).__module__}.{type(inner).__qualname__}",
        "groups": [
            {**{key: value for key, value in group.items() if key != "params"}, "weights": sum(weight.numel() for weight in group["params"])}
            for group in inner.param_groups
        ],
    }
