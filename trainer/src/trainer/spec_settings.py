"""The settings of a training: what lib/contract/parameters describes in words, and which of them a stage and a method have."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec_types import Int, ModuleName, Strict

Stage = Literal["sft"]
Method = Literal["lora", "full"]
PARTS = ("lora", "training")


def part_applies(part: str, stage: Stage, method: Method) -> bool:
    return {"lora": method == "lora"}.get(part, True)


class LoraSettings(Strict):
    """The adapter that is trained in place of the weights."""

    rank: Annotated[Int, Field(ge=1, le=1024)]
    alpha: Annotated[float, Field(gt=0, le=4096)]
    dropout: Annotated[float, Field(ge=0, le=0.9)]
    targets: Annotated[list[ModuleName], Field(min_length=1, max_length=64)]


class TrainingSettings(Strict):
    """What parameters.ts describes in words."""

    learning_rate: Annotated[float, Field(gt=0, le=1)]
    epochs: Annotated[float, Field(gt=0, le=1000)]
    max_steps: Annotated[Int, Field(ge=1, le=100_000_000)] | None
    batch_size: Annotated[Int, Field(ge=1, le=4096)]
    gradient_accumulation: Annotated[Int, Field(ge=1, le=4096)]
    cutoff_length: Annotated[Int, Field(ge=16, le=1_048_576)]
    scheduler: Literal["cosine", "linear", "constant", "constant_with_warmup", "inverse_sqrt"]
    warmup_ratio: Annotated[float, Field(ge=0, le=0.9)]
    weight_decay: Annotated[float, Field(ge=0, le=1)]
    max_grad_norm: Annotated[float, Field(ge=0, le=1000)]
    gradient_checkpointing: bool
    precision: Literal["auto", "float32", "bfloat16"]
    log_every_steps: Annotated[Int, Field(ge=1, le=100_000)]
    save_every_steps: Annotated[Int, Field(ge=1, le=1_000_000)] | None
    save_limit: Annotated[Int, Field(ge=1, le=1000)] | None
    eval_every_steps: Annotated[Int, Field(ge=1, le=1_000_000)] | None
    seed: Annotated[Int, Field(ge=0, le=4_294_967_295)]
