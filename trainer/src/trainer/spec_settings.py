"""The settings of a training: what lib/contract/parameters describes in words, and which of them a stage and a method have."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec_types import CheckpointName, Int, ModuleName, RunId, Strict, TokenName

Stage = Literal["pt", "sft", "rm", "dpo", "kto", "orpo", "simpo"]
Method = Literal["lora", "qlora", "freeze", "full"]
JUDGED = ("rm", "dpo", "kto", "orpo", "simpo")
PARTS = (*JUDGED, "lora", "quantization", "freeze", "training")


def part_applies(part: str, stage: Stage, method: Method) -> bool:
    if part in JUDGED:
        return part == stage
    return {"lora": method in ("lora", "qlora"), "quantization": method == "qlora", "freeze": method == "freeze"}.get(part, True)


Scheduler = Literal[
    "cosine", "linear", "constant", "constant_with_warmup", "inverse_sqrt", "cosine_with_restarts", "cosine_with_min_lr",
    "cosine_warmup_with_min_lr", "polynomial", "warmup_stable_decay", "reduce_lr_on_plateau", "greedy",
]  # fmt: skip
Optimizer = Literal[
    "adamw_torch_fused", "adamw_torch", "muon", "adafactor", "sgd", "rmsprop", "adagrad", "adamw_8bit", "adamw_bnb_8bit",
    "paged_adamw_8bit", "paged_adamw_32bit", "lion_32bit", "lion_8bit", "paged_lion_32bit", "paged_lion_8bit", "ademamix",
    "ademamix_8bit", "paged_ademamix_32bit", "paged_ademamix_8bit", "rmsprop_bnb", "rmsprop_bnb_32bit", "rmsprop_bnb_8bit",
    "adamw_torch_8bit", "adamw_torch_4bit", "schedule_free_adamw", "schedule_free_radam", "schedule_free_sgd", "stable_adamw",
    "grokadamw", "adamw_anyprecision", "galore_adamw", "galore_adamw_8bit", "galore_adafactor", "galore_adamw_layerwise",
    "galore_adamw_8bit_layerwise", "galore_adafactor_layerwise", "apollo_adamw", "apollo_adamw_layerwise", "lomo", "adalomo",
    "adamw_torch_xla", "adamw_torch_npu_fused",
]  # fmt: skip
Shape = Literal["linear", "cosine", "1-sqrt"]
Share = Annotated[float, Field(ge=0, le=1)]
Steps = Annotated[Int, Field(ge=1, le=100_000_000)]
Beta = Annotated[float, Field(ge=0, lt=1)]
Cadence = Literal["steps", "epochs"]
Scalar = Annotated[str, Field(max_length=2_000)] | bool | Int | float | None
MoreName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
MoreValue = Scalar | Annotated[list[Scalar], Field(max_length=200)] | dict[Annotated[str, Field(max_length=100)], Scalar]


class LoraSettings(Strict):
    """The adapter that is trained in place of the weights."""

    rank: Annotated[Int, Field(ge=1, le=1024)]
    alpha: Annotated[float, Field(gt=0, le=4096)]
    dropout: Annotated[float, Field(ge=0, le=0.9)]
    targets: Annotated[list[ModuleName], Field(min_length=1, max_length=64)]
    rs_lora: bool = False
    dora: bool = False
    init: Literal["default", "gaussian", "pissa", "pissa_niter_16"] = "default"
    plus_ratio: Annotated[float, Field(ge=1, le=1000)] | None = None
    modules_to_save: Annotated[list[ModuleName], Field(max_length=16)] = []
    trainable_tokens: Annotated[list[TokenName], Field(max_length=256)] = []
    bias: Literal["none", "all", "lora_only"] = "none"


class QuantizationSettings(Strict):
    """How the weights under a QLoRA adapter are rounded."""

    type: Literal["nf4", "fp4", "int8"]
    double_quant: bool
    compute_dtype: Literal["auto", "float32", "bfloat16"]


class FreezeSettings(Strict):
    """Which of the model's own weights learn."""

    layers: Annotated[Int, Field(ge=-1024, le=1024)]
    modules: Annotated[list[ModuleName], Field(max_length=64)]
    extras: Annotated[list[ModuleName], Field(max_length=64)]


class StartFrom(Strict):
    """An adapter that was trained before, as a beginning."""

    run_id: RunId
    checkpoint: CheckpointName
    how: Literal["continue", "onTop"]


class TrainingSettings(Strict):
    """What parameters.ts describes in words."""

    learning_rate: Annotated[float, Field(gt=0, le=1)]
    epochs: Annotated[float, Field(gt=0, le=1000)]
    max_steps: Annotated[Int, Field(ge=1, le=100_000_000)] | None
    batch_size: Annotated[Int, Field(ge=1, le=4096)]
    gradient_accumulation: Annotated[Int, Field(ge=1, le=4096)]
    order: Literal["random", "length", "sequential"] = "random"
    packing: Literal["off", "bfd", "bfd_split", "wrapped"] = "off"
    cutoff_length: Annotated[Int, Field(ge=16, le=1_048_576)]
    scheduler: Scheduler
    warmup_ratio: Annotated[float, Field(ge=0, le=0.9)]
    weight_decay: Annotated[float, Field(ge=0, le=1)]
    max_grad_norm: Annotated[float, Field(ge=0, le=1000)]
    gradient_checkpointing: bool
    precision: Literal["auto", "float32", "bfloat16", "float16", "pure_bfloat16"]
    log_every_steps: Annotated[Int, Field(ge=1, le=100_000)]
    save_every_steps: Annotated[Int, Field(ge=1, le=1_000_000)] | None
    save_limit: Annotated[Int, Field(ge=1, le=1000)] | None
    eval_every_steps: Annotated[Int, Field(ge=1, le=1_000_000)] | None
    seed: Annotated[Int, Field(ge=0, le=4_294_967_295)]

    # Schedule
    warmup_steps: Annotated[Int, Field(ge=0, le=100_000_000)] | None = None
    cycles: Annotated[float, Field(gt=0, le=1000)] | None = None
    min_rate_share: Share = 0.1
    warmup_start_share: Share | None = None
    power: Annotated[float, Field(gt=0, le=20)] = 1
    end_rate: Share = 1e-7
    timescale: Steps | None = None
    decay_steps: Steps | None = None
    stable_steps: Annotated[Int, Field(ge=0, le=100_000_000)] | None = None
    warmup_shape: Shape = "linear"
    decay_shape: Shape = "cosine"
    decay_end_share: Share = 0
    rate_factor: Annotated[float, Field(gt=0, lt=1)] | None = None
    rate_patience: Annotated[Int, Field(ge=0, le=10_000)] = 10
    rate_threshold: Annotated[float, Field(ge=0, le=1000)] | None = None
    rate_cooldown: Annotated[Int, Field(ge=0, le=10_000)] = 0
    min_rate: Share = 0
    max_rate: Annotated[float, Field(gt=0, le=1)] = 1
    rate_rest_after_rise: Annotated[Int, Field(ge=0, le=10_000)] = 0
    rate_window: Annotated[Int, Field(ge=2, le=10_000)] | None = None
    rate_reset: Annotated[Int, Field(ge=1, le=1_000_000)] = 500

    # Optimizer
    optimizer: Optimizer = "adamw_torch_fused"
    adam_beta1: Beta = 0.9
    adam_beta2: Beta = 0.999
    adam_epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-8
    momentum: Beta | None = None
    dampening: Share = 0
    nesterov: bool = False
    smoothing: Beta = 0.99
    centered: bool = False
    rate_decay: Share = 0
    stabiliser: Annotated[float, Field(gt=0, le=1)] | None = None
    adam_beta3: Beta = 0.9999
    ademamix_alpha: Annotated[float, Field(ge=0, le=100)] = 5
    ademamix_warmup: Steps | None = None
    clip_threshold: Annotated[float, Field(gt=0, le=1000)] = 1
    decay_rate: Annotated[float, Field(ge=-1, lt=0)] = -0.8
    adafactor_beta1: Beta | None = None
    scale_parameter: bool = False
    muon_scale: Literal["match_rms_adamw", "original"] = "match_rms_adamw"
    muon_iterations: Annotated[Int, Field(ge=1, le=20)] = 5

    # Machine
    attention: Literal["auto", "sdpa", "eager", "flash_attention_2", "flex_attention"] = "auto"
    checkpoint_every_layers: Annotated[Int, Field(ge=1, le=1000)] = 1
    checkpoint_reentrant: bool = False
    liger_kernel: bool = False
    torch_compile: bool = False
    tf32: Literal["auto", "on", "off"] = "auto"
    label_smoothing: Annotated[float, Field(ge=0, le=0.5)] = 0
    eval_batch_size: Annotated[Int, Field(ge=1, le=4096)] | None = None
    loader_workers: Annotated[Int, Field(ge=0, le=64)] = 0
    loader_prefetch: Annotated[Int, Field(ge=1, le=1000)] | None = None
    loader_persistent: bool = False
    drop_last_batch: bool = False
    full_determinism: bool = False
    processes: Annotated[Int, Field(ge=1, le=64)] = 1

    # Saving, judging, ending
    save_by: Cadence = "steps"
    eval_by: Cadence = "steps"
    keep_best: bool = False
    stop_patience: Annotated[Int, Field(ge=1, le=10_000)] | None = None
    stop_threshold: Annotated[float, Field(ge=0, le=1000)] = 0
    log_first_step: bool = False
    more: Annotated[dict[MoreName, MoreValue], Field(max_length=100)] = {}
    neftune_alpha: Annotated[float, Field(gt=0, le=100)] | None = None


EMBEDDINGS = ("embed_tokens", "wte", "word_embeddings", "embed_in", "tok_embeddings")


def method_problems(
    method: Method, lora: LoraSettings | None, quantization: QuantizationSettings | None, freeze: FreezeSettings | None, start: StartFrom | None
) -> list[str]:
    """The rules of lib/contract/method-problems.ts, in the same order."""
    problems = []
    if freeze is not None and freeze.layers == 0 and not freeze.extras:
        problems.append("freeze.layers: Nothing would be trained: choose some layers, or name modules outside the layers such as embed_tokens.")
    if start is not None and lora is None:
        problems.append(f"startFrom: Method {method} trains no adapter.")
    if lora is None:
        return problems
    if quantization is not None and lora.init.startswith("pissa"):
        problems.append("lora.init: PiSSA changes the weights it begins with, which rounded weights do not allow. Choose default, or method LoRA.")
    ends = {target.rpartition(".")[2] for target in lora.targets}
    twice = [name for name in lora.modules_to_save if name.rpartition(".")[2] in ends]
    if twice:
        problems.append(f"lora.modulesToSave: {', '.join(twice)} can't have an adapter and be trained whole. Take it out of one of the two.")
    if lora.trainable_tokens and any(name.rpartition(".")[2] in EMBEDDINGS for name in lora.modules_to_save):
        problems.append("lora.trainableTokens: The embedding is trained whole already. Leave the tokens out, or the embedding.")
    if start is not None and start.how == "onTop" and method == "qlora":
        problems.append("startFrom: A new adapter can't be put on top of another over rounded weights. Continue that adapter, or choose method LoRA.")
    if start is not None and start.how == "onTop" and lora.dora:
        problems.append("lora.dora: DoRA can't be put on top of another adapter. Switch it off, or continue that adapter.")
    return problems
