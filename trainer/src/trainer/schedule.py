"""What a scheduler of transformers takes besides its steps; the same rules as lib/domain/schedule.ts."""

import math
from typing import Any

from trainer.spec_settings import TrainingSettings

FOLLOWING = ("reduce_lr_on_plateau", "greedy")
UNWARMED = ("constant", *FOLLOWING)
DECAY_SHARE = 0.2


def count_warmup_steps(settings: TrainingSettings, total_steps: int) -> int:
    if settings.scheduler in UNWARMED:
        return 0
    steps = settings.warmup_steps if settings.warmup_steps is not None else math.ceil(settings.warmup_ratio * total_steps)
    # transformers divides by the steps that are left, and has no guard there.
    return min(steps, max(0, total_steps - 1)) if settings.scheduler == "polynomial" else steps


def scheduler_arguments(settings: TrainingSettings, total_steps: int) -> dict[str, Any]:
    """Empty ones are left to the library."""
    own = {name: value for name, value in named(settings, total_steps).items() if value is not None}
    # Better is less; both start from that, and say it here once.
    return own | ({"mode": "min"} if settings.scheduler in FOLLOWING else {})


def named(settings: TrainingSettings, total_steps: int) -> dict[str, Any]:
    match settings.scheduler:
        case "cosine" | "cosine_with_restarts":
            return {"num_cycles": settings.cycles}
        case "cosine_with_min_lr":
            return {"num_cycles": settings.cycles, "min_lr_rate": settings.min_rate_share}
        case "cosine_warmup_with_min_lr":
            return {"num_cycles": settings.cycles, "min_lr_rate": settings.min_rate_share, "warmup_lr_rate": settings.warmup_start_share}
        case "polynomial":
            return {"power": settings.power, "lr_end": settings.end_rate}
        case "inverse_sqrt":
            return {"timescale": settings.timescale}
        case "warmup_stable_decay":
            return {
                "num_cycles": settings.cycles,
                "num_decay_steps": settings.decay_steps or default_decay_steps(settings, total_steps),
                "num_stable_steps": settings.stable_steps,
                "warmup_type": settings.warmup_shape,
                "decay_type": settings.decay_shape,
                "min_lr_ratio": settings.decay_end_share,
            }
        case "reduce_lr_on_plateau":
            return following(settings)
        case "greedy":
            return {
                **following(settings),
                "max_lr": settings.max_rate,
                "warmup": settings.rate_rest_after_rise,
                "window_size": settings.rate_window,
                "smooth": None if settings.rate_window is None else True,
                "reset_start": settings.rate_reset,
            }
        case "linear" | "constant" | "constant_with_warmup":
            return {}


def following(settings: TrainingSettings) -> dict[str, Any]:
    return {
        "factor": settings.rate_factor,
        "patience": settings.rate_patience,
        "threshold": settings.rate_threshold,
        "cooldown": settings.rate_cooldown,
        "min_lr": settings.min_rate,
    }


def default_decay_steps(settings: TrainingSettings, total_steps: int) -> int:
    """A fifth of the run, and never more than warm-up leaves."""
    left = total_steps - count_warmup_steps(settings, total_steps)
    return max(1, min(left, math.ceil(DECAY_SHARE * total_steps)))
