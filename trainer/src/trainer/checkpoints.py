"""Checkpoint folders: complete when COMPLETE.json is there with the right sizes (CompleteMark in lib/contract/event.ts)."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from trainer.failures import Failure
from trainer.spec_settings import LoraSettings

MARK = "COMPLETE.json"
NAME = re.compile(r"^checkpoint-([0-9]{1,9})$")


@dataclass(frozen=True)
class Mark:
    step: int | None
    tokens: int | None
    seconds: float | None
    base_fingerprint: str


def write_mark(folder: Path, *, step: int | None, tokens: int | None, seconds: float | None, seq: int, base_fingerprint: str) -> int:
    """Written last, whole or not at all; returns the bytes of all files it vouches for."""
    files = {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
    mark = {"step": step, "tokens": tokens, "seconds": seconds, "seq": seq, "baseFingerprint": base_fingerprint, "files": files}
    temporary = folder / (MARK + ".tmp")
    with open(temporary, "w") as file:
        json.dump(mark, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / MARK)
    return sum(files.values())


def read_mark(folder: Path) -> Mark:
    """Refuses a folder that is torn: transformers itself would take it."""
    try:
        mark = json.loads((folder / MARK).read_text())
    except (OSError, ValueError) as error:
        raise torn(folder, "its COMPLETE.json is missing, so it was never finished") from error
    for name, size in mark["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise torn(folder, f"{name} is missing or has not the size it was written with")
    return Mark(mark["step"], mark["tokens"], mark["seconds"], mark["baseFingerprint"])


def check_resumable(folder: Path, base_fingerprint: str, lora: LoraSettings | None) -> Mark:
    """Complete, from the same base, with the same adapter; transformers would go on with another one in silence."""
    mark = read_mark(folder)
    if mark.base_fingerprint != base_fingerprint:
        raise Failure(
            "checkpoint_invalid",
            f"{folder.name} was trained from other weights than the model has now.",
            "Put the old weights back, or start a new run from the model as it is.",
        )
    if mark.step is None:
        raise Failure("checkpoint_invalid", f"{folder.name} is an export, not a checkpoint.", "Choose a checkpoint of the run.")
    if lora is not None:
        check_adapter(folder, lora)
    return mark


def check_adapter(folder: Path, lora: LoraSettings) -> None:
    try:
        trained = folder / "trained_config.json"
        config = json.loads((trained if trained.is_file() else folder / "adapter_config.json").read_text())
    except (OSError, ValueError) as error:
        raise torn(folder, "it has no adapter, but the run trains one") from error
    saved = {"rank": config["r"], "alpha": config["lora_alpha"], "targets": sorted(config["target_modules"])}
    asked = {"rank": lora.rank, "alpha": lora.alpha, "targets": sorted(lora.targets)}
    differing = [f"lora.{key} was {saved[key]} and is now {asked[key]}" for key in saved if saved[key] != asked[key]]
    if differing:
        raise Failure(
            "checkpoint_invalid", f"{folder.name} has another adapter: {'; '.join(differing)}.", "Resume with the old settings, or start a new run."
        )


def steps_in(folder: Path) -> list[int]:
    """Steps of all checkpoint folders, whole and torn, oldest first."""
    found = [NAME.match(path.name) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(match[1]) for match in found if match)


def is_marked(folder: Path) -> bool:
    return (folder / MARK).is_file()


def remove(folder: Path) -> None:
    """The mark goes first: a removal that is cut short must not leave a folder that looks complete."""
    (folder / MARK).unlink(missing_ok=True)
    shutil.rmtree(folder)


def torn(folder: Path, reason: str) -> Failure:
    return Failure("checkpoint_invalid", f"{folder.name} cannot be used: {reason}.", "Resume from an earlier checkpoint.")
