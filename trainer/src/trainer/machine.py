"""What this machine and what is installed can't do, said before anything is loaded. lib/domain/machine-rules.ts says the same in the form."""

from importlib import util

from trainer.failures import Failure
from trainer.imports import reveal
from trainer.models import Device
from trainer.schedule import FOLLOWING
from trainer.spec import TrainSpec

# The package that a name begins with needs, and how it is imported. The first that fits counts.
PACKAGES = (
    ("galore_", "galore-torch", "galore_torch"),
    ("apollo_", "apollo-torch", "apollo_torch"),
    ("adamw_torch_4bit", "torchao", "torchao"),
    ("adamw_torch_8bit", "torchao", "torchao"),
    ("adamw_torch_xla", "torch-xla", "torch_xla"),
    ("adamw_torch_npu", "torch-npu", "torch_npu"),
    ("adamw_anyprecision", "torchdistx", "torchdistx"),
    ("schedule_free_", "schedulefree", "schedulefree"),
    ("stable_adamw", "torch-optimi", "optimi"),
    ("grokadamw", "grokadamw", "grokadamw"),
    ("lomo", "lomo-optim", "lomo_optim"),
    ("adalomo", "lomo-optim", "lomo_optim"),
    ("adamw_8bit", "bitsandbytes", "bitsandbytes"),
    ("adamw_bnb", "bitsandbytes", "bitsandbytes"),
    ("paged_", "bitsandbytes", "bitsandbytes"),
    ("lion_", "bitsandbytes", "bitsandbytes"),
    ("ademamix", "bitsandbytes", "bitsandbytes"),
    ("rmsprop_", "bitsandbytes", "bitsandbytes"),
)
ATTENTION_PACKAGES = {"flash_attention_2": ("flash-attn", "flash_attn")}
# On a CPU these would be ignored, or end the run at its first step.
GPU_ONLY_ATTENTION = ("flash_attention_2", "flex_attention")


def missing_package(optimizer: str) -> str | None:
    """The package that this optimizer needs and that is not installed."""
    needed = next((one for one in PACKAGES if optimizer.startswith(one[0])), None)
    if needed is not None:
        reveal()
    return None if needed is None or util.find_spec(needed[2]) is not None else needed[1]


def check(job: TrainSpec, device: Device) -> None:
    """Raises with the field, its value and the remedy."""
    settings = job.training
    if settings.optimizer == "muon" and job.lora is not None and job.lora.plus_ratio is not None:
        reject("optimizer", "muon", "has one learning rate for both matrices of an adapter.", "Leave lora.plusRatio empty, or choose adamw_torch_fused.")
    cpu = device.name == "cpu"
    package = missing_package(settings.optimizer)
    if package is not None:
        reject("optimizer", settings.optimizer, f"needs the package {package}, which is not installed.", "Install it, or choose adamw_torch_fused.")
    if settings.precision == "float16" and cpu:
        reject("precision", "float16", "has no effect on a CPU, or ruins the weights.", "Choose float32 or bfloat16.")
    if settings.attention in GPU_ONLY_ATTENTION and cpu:
        reject("attention", settings.attention, "can't train on a CPU.", "Choose auto or sdpa.")
    name, module = ATTENTION_PACKAGES.get(settings.attention, (None, None))
    if module is not None and util.find_spec(module) is None:
        reject("attention", settings.attention, f"needs the package {name}, which is not installed.", "Install it, or choose sdpa.")
    if settings.liger_kernel and cpu:
        reject("ligerKernel", "true", "needs a GPU.", "Switch it off.")
    if settings.liger_kernel and util.find_spec("liger_kernel") is None:
        reject("ligerKernel", "true", "needs the package liger-kernel, which is not installed.", "Install it, or switch it off.")
    if settings.tf32 == "on" and not device.name.startswith("cuda"):
        reject("tf32", "on", "needs an NVIDIA GPU.", "Choose auto.")
    if settings.scheduler in FOLLOWING and settings.eval_by == "steps" and settings.eval_every_steps is None:
        reject("scheduler", settings.scheduler, "follows the validation loss, and nothing is evaluated while training.", "Set training.evalEverySteps.")


def reject(field: str, value: str, why: str, remedy: str) -> None:
    raise Failure("spec_invalid", f"training.{field}: {value} {why}", remedy)
