"""Settings of the stages that learn from judged answers (lib/contract/parameters/preference.ts), and what can't stand together
(lib/contract/cross-rules.ts). Their defaults are those of specs that name none."""

from typing import Annotated, Any, Literal

from pydantic import Field

from trainer.spec_types import Strict

DpoLoss = Literal[
    "sigmoid", "ipo", "hinge", "robust", "exo_pair", "nca_pair", "bco_pair", "sppo_hard", "aot", "aot_unpaired", "apo_zero", "apo_down",
    "sigmoid_norm",
]  # fmt: skip
SMOOTHED = ("robust", "exo_pair", "aot", "aot_unpaired")
Beta = Annotated[float, Field(gt=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=100)]
Smoothing = Annotated[float, Field(ge=0, le=0.5)]


class RewardSettings(Strict):
    center_rewards: Annotated[float, Field(gt=0, le=10)] | None = None


class DpoSettings(Strict):
    loss: DpoLoss = "sigmoid"
    beta: Beta = 0.1
    label_smoothing: Smoothing = 0
    sft_weight: Weight = 0
    precompute_reference: bool = False


class KtoSettings(Strict):
    loss: Literal["kto", "apo_zero_unpaired"] = "kto"
    beta: Beta = 0.1
    desirable_weight: Weight = 1
    undesirable_weight: Weight = 1


class OrpoSettings(Strict):
    beta: Beta = 0.1


class SimpoSettings(Strict):
    beta: Beta = 2
    gamma: Annotated[float, Field(ge=0, le=20)] = 0.5
    sft_weight: Weight = 0
    label_smoothing: Smoothing = 0


def cross_problem(spec: Any) -> str | None:
    """The first pair of settings that can't stand together, as a sentence that begins with the field."""
    dpo, kto, batch = spec.dpo, spec.kto, spec.training.batch_size
    if spec.stage in ("rm", "dpo", "kto") and spec.start_from is not None and spec.start_from.how == "continue":
        return (
            f"startFrom.how: Stage {spec.stage} is measured against the model without the adapter that learns, so it can't go on with an old one; "
            "put the new adapter on top of it."
        )
    if spec.stage in ("dpo", "kto") and spec.lora is not None and spec.lora.init.startswith("pissa"):
        return f"lora.init: Stage {spec.stage} is measured against the model without its adapter, from which PiSSA takes a part; choose default."
    if dpo is not None:
        if dpo.loss == "exo_pair" and dpo.label_smoothing == 0:
            return "dpo.labelSmoothing: Loss exo_pair needs label smoothing above 0; choose 0.001."
        if dpo.loss == "robust" and dpo.label_smoothing == 0.5:
            return "dpo.labelSmoothing: Loss robust divides by 1 − 2 × label smoothing; choose less than 0.5."
        if dpo.label_smoothing > 0 and dpo.loss not in SMOOTHED:
            return f"dpo.labelSmoothing: Loss {dpo.loss} does not look at label smoothing; set it to 0, or choose the loss robust."
    if kto is not None and kto.loss == "kto" and batch < 2:
        return "training.batchSize: KTO compares the rows of a batch with each other, so a batch of 1 measures nothing; choose 2 or more."
    return None
