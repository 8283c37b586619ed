"""Weights rounded to 4 or 8 bits under a QLoRA adapter, by bitsandbytes.

A checkpoint says in quantization.json how its base was rounded: chat rounds it alike, and a merge takes the rounded weights, because
they are what the adapter was trained on (merging into the original ones is off by 0.19 on logits of size 1: cpu-trials 3).
"""

import json
from importlib import util
from pathlib import Path
from typing import Any

from trainer.failures import Failure
from trainer.imports import reveal
from trainer.spec_settings import QuantizationSettings

FILE = "quantization.json"


def check_installed() -> None:
    reveal()
    if util.find_spec("bitsandbytes") is None:
        raise Failure("spec_invalid", "method: QLoRA needs the package bitsandbytes, which is not installed.", "Install it, or choose method LoRA.")


def bits_config(settings: QuantizationSettings, compute_dtype: str) -> Any:
    import torch
    from transformers import BitsAndBytesConfig

    if settings.type == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=settings.type,
        bnb_4bit_use_double_quant=settings.double_quant,
        bnb_4bit_compute_dtype=getattr(torch, compute_dtype),
    )


def loading(settings: QuantizationSettings, precision: str, device: str) -> dict[str, Any]:
    """Arguments of from_pretrained. Weights are rounded where they will stay."""
    check_installed()
    compute = precision if settings.compute_dtype == "auto" else settings.compute_dtype
    return {"quantization_config": bits_config(settings, compute), "device_map": {"": device}}


def keep_as_rounded(model: Any) -> Any:
    """On CPUs with AVX512-BF16 the first forward in eval mode would repack the weights in place, and every later gradient,
    merge and save would be wrong without a word."""
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return model


def count_parameters(model: Any) -> int:
    """Two weights of four bits share a byte."""
    return sum(parameter.numel() * (2 * parameter.element_size() if type(parameter).__name__ == "Params4bit" else 1) for parameter in model.parameters())


def describe(model: Any, settings: QuantizationSettings, dtype: str) -> dict[str, Any]:
    """`dtype` is the type that the weights had when they were rounded."""
    kinds = ("Linear4bit", "Linear8bitLt")
    modules = [name for name, module in model.named_modules() if type(module).__name__ in kinds]
    return {**settings.model_dump(by_alias=True), "dtype": dtype, "modules": modules}


def read(folder: Path) -> dict[str, Any] | None:
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        raise Failure("checkpoint_invalid", f"{folder.name}/{FILE} cannot be read.", "Choose another checkpoint.") from error


def settings_of(told: dict[str, Any]) -> QuantizationSettings:
    return QuantizationSettings.model_validate({"type": told["type"], "doubleQuant": told["doubleQuant"], "computeDtype": told["computeDtype"]})


def round_trip(weight: Any, told: dict[str, Any]) -> Any:
    """The weight that the run has seen: rounded and brought back, in the type it was loaded in."""
    check_installed()
    import torch
    from bitsandbytes import functional

    loaded = weight.to(getattr(torch, told["dtype"])).contiguous()
    if told["type"] == "int8":
        rounded, scales, _ = functional.int8_vectorwise_quant(loaded.to(torch.float16))
        return functional.int8_vectorwise_dequant(rounded, scales)
    rounded, state = functional.quantize_4bit(loaded, blocksize=64, quant_type=told["type"], compress_statistics=told["doubleQuant"])
    return functional.dequantize_4bit(rounded, state)
