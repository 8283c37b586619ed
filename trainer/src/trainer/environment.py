"""`python -m trainer.environment`: what this Python has, as one EnvironmentReport (lib/contract/system.ts).

With `--brief`: a few lines for the start-up report, told without importing torch, so that a start stays quick.
"""

import json
import platform
import runpy
import sys
from importlib import metadata, util
from pathlib import Path
from typing import Any

REQUIRED = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "sentencepiece", "protobuf", "pydantic")

# What each extra makes possible, in the words that the System page shows.
EXTRAS = {
    "bitsandbytes": ("Load large models in 4 or 8 bits, and 8-bit optimizers", "以 4 位或 8 位加载大模型，以及 8 位优化器"),
    "flash-attn": ("Faster attention on long texts", "更快的长文本注意力计算"),
    "deepspeed": ("Spread one model over several GPUs", "将一个模型分布到多块 GPU"),
    "liger-kernel": ("Less GPU memory and faster steps", "更省显存、更快的训练步"),
    "gguf": ("Export for llama.cpp and Ollama", "导出供 llama.cpp 和 Ollama 使用"),
    "nvidia-ml-py": ("GPU temperature, power and memory", "GPU 温度、功耗和显存"),
}

OPTIMIZERS = {
    "torchao": "adamw_torch_4bit, adamw_torch_8bit",
    "schedulefree": "schedule_free_adamw, schedule_free_radam, schedule_free_sgd",
    "torch-optimi": "stable_adamw",
    "grokadamw": "grokadamw",
    "galore-torch": "galore_*",
    "apollo-torch": "apollo_*",
    "lomo-optim": "lomo, adalomo",
    "torchdistx": "adamw_anyprecision",
    "torch-xla": "adamw_torch_xla",
    "torch-npu": "adamw_torch_npu_fused",
}


def main() -> None:
    print(brief_report() if "--brief" in sys.argv[1:] else json.dumps(report_environment(), ensure_ascii=False))


def brief_report() -> str:
    found = [f"{name} {version_of(name) or 'missing'}" for name in REQUIRED[:6]]
    found.insert(1, f"CUDA {installed_cuda() or 'none (this build trains on the CPU)'}")
    missing = [f"  not installed: {name.ljust(14)} {words[0]}" for name, words in EXTRAS.items() if version_of(name) is None]
    return "\n".join([f"  Python {platform.python_version()} · {' · '.join(found)}", *missing])


def installed_cuda() -> str | None:
    """The CUDA version that torch was built for, read from its version file."""
    spec = util.find_spec("torch")
    folders = spec.submodule_search_locations if spec else None
    version_file = Path(folders[0]) / "version.py" if folders else None
    return runpy.run_path(str(version_file)).get("cuda") if version_file and version_file.exists() else None


def report_environment() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        **report_devices(),
        "packages": [{"name": name, "version": version_of(name), "required": True} for name in REQUIRED],
        "extras": [
            {"name": name, "version": version_of(name), "enables": {"en": en, "zh": zh}} for name, (en, zh) in extras().items()
        ],
    }


def extras() -> dict[str, tuple[str, str]]:
    return EXTRAS | {name: (f"Optimizers {names}", f"优化器 {names}") for name, names in OPTIMIZERS.items()}


def report_devices() -> dict[str, Any]:
    """Torch is the only package that is imported: the others are known by their metadata."""
    if version_of("torch") is None:
        return {"cuda": None, "bf16": False, "devices": []}
    import torch

    if not torch.cuda.is_available():
        return {"cuda": torch.version.cuda, "bf16": False, "devices": []}
    devices = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
    return {
        "cuda": torch.version.cuda,
        "bf16": torch.cuda.is_bf16_supported(including_emulation=False),
        "devices": [{"name": device.name, "memoryBytes": device.total_memory} for device in devices],
    }


def version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def package_versions() -> dict[str, str]:
    """For the `opened` event: what is installed, without importing any of it."""
    versions = {name: version_of(name) for name in REQUIRED}
    return {"python": platform.python_version(), **{name: version for name, version in versions.items() if version}}


if __name__ == "__main__":
    main()
