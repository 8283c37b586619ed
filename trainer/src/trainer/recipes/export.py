"""Export: a checkpoint as a folder to take away. `merged` stands alone, `adapter` needs its base.

Everything is written into OUTPUT.partial, COMPLETE.json last, and then renamed: a folder with the final name is whole. A stop, a
failure or a full disk leaves nothing behind.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trainer import checkpoints, quantise
from trainer.control import Control
from trainer.events import EventLog
from trainer.export_weights import read_json
from trainer.failures import Failure
from trainer.models import find_folder
from trainer.sources import check_sources, own_tokenizer
from trainer.spec import ExportWorkerSpec, ModelInput
from trainer.stop import stop_check

TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
    "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "*.tiktoken", "chat_template.jinja", "chat_template.json",
    "additional_chat_templates/*.jinja",
)  # fmt: skip
BASE_FILES = ("generation_config.json", "preprocessor_config.json", "processor_config.json", "LICENSE*", "NOTICE*")
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
SPARE_BYTES = 64_000_000
PROGRESS_SECONDS = 0.25


def run(spec: ExportWorkerSpec, run_dir: Path, events: EventLog, control: Control) -> None:
    model, output = spec.inputs.model, Path(spec.inputs.output_path)
    obey = stop_check(control, "An export has nothing to save or evaluate; it can be stopped.")

    events.phase("loading_model")
    base = find_folder(model)
    adapter = Path(model.adapter_path) if model.adapter_path else None
    base_mark = check_sources(base, adapter)
    obey()

    with partial_folder(output) as folder:
        if spec.job.form == "adapter":
            digests = export_adapter(model, adapter, folder, events)
        else:
            digests = export_merged(spec, base, adapter, folder, events, obey)
        obey()
        write_readme(folder, model, spec.job.form, quantise.read(adapter) if adapter else None)
        digests |= {name: file_digest(folder / name) for name in file_names(folder) if name not in digests}
        total = checkpoints.write_mark(folder, step=None, tokens=None, seconds=None, seq=events.last_seq, base_fingerprint=base_mark)
        sizes = {name: (folder / name).stat().st_size for name in digests}
        obey()

    shown = output.relative_to(run_dir) if output.is_relative_to(run_dir) else output
    files = [{"name": name, "bytes": sizes[name], "sha256": digests[name]} for name in sorted(digests)]
    events.artifact(path=str(shown), bytes=total, files=files)
    events.finished("succeeded", {"bytes": total, "files": len(files), "form": spec.job.form})


def export_merged(
    spec: ExportWorkerSpec, base: Path, adapter: Path | None, folder: Path, events: EventLog, obey: Callable[[], None]
) -> dict[str, str]:
    from trainer.merge import plan_merge, run_merge, verify

    merge = plan_merge(base, adapter, spec.job.dtype)
    companions = [*tokenizer_files(adapter, base), *matching(base, BASE_FILES), *code_files(base, spec.inputs.model)]
    check_space(folder, merge.total_bytes + sum((root / name).stat().st_size for root, name in companions))
    copy_files(companions, folder)
    events.phase("merging")
    digests = run_merge(merge, folder, spec.job.max_shard_bytes, progress(events, merge.total_bytes, obey))
    events.phase("verifying")
    verify(merge, folder)
    return digests


def export_adapter(model: ModelInput, adapter: Path | None, folder: Path, events: EventLog) -> dict[str, str]:
    if adapter is None:
        raise Failure(
            "spec_invalid",
            f"form: {model.label} has no adapter; its run trained the whole model.",
            "Choose the form “merged”.",
        )
    files = [*matching(adapter, ADAPTER_FILES), *tokenizer_files(adapter, Path(model.path) if model.path else adapter)]
    missing = set(ADAPTER_FILES) - {name for _, name in files}
    if missing:
        raise Failure("checkpoint_invalid", f"{adapter} has no {min(missing)}.", "Choose another checkpoint.")
    check_space(folder, sum((root / name).stat().st_size for root, name in files))
    events.phase("merging")
    copy_files(files, folder)
    name_base(folder / "adapter_config.json", model)
    events.phase("verifying")
    return {}


@contextmanager
def partial_folder(output: Path) -> Iterator[Path]:
    """A folder to fill; it gets its name when all went well and is removed when not."""
    partial = output.with_name(output.name + ".partial")
    if output.exists():
        raise Failure("spec_invalid", f"outputPath: {output} exists already.", "Delete the earlier export, then export again.")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(output)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def progress(events: EventLog, total: int, obey: Callable[[], None]) -> Callable[[int], None]:
    done = 0
    told_at = 0.0

    def on_bytes(count: int) -> None:
        nonlocal done, told_at
        done += count
        obey()
        now = time.monotonic()
        if done == total or now - told_at >= PROGRESS_SECONDS:
            events.progress(done, total, "bytes")
            told_at = now

    return on_bytes


def check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise Failure(
            "disk_full",
            f"The export needs {needed / 1e9:.2f} GB, and {free / 1e9:.2f} GB are free in {folder.parent}.",
            "Free space, or choose a smaller type such as bfloat16.",
        )


# ---------------------------------------------------------------- files


def tokenizer_files(adapter: Path | None, base: Path) -> list[tuple[Path, str]]:
    """Whole from one place: two tokenizers are never mixed."""
    return matching(own_tokenizer(adapter, base), TOKENIZER_FILES)


def code_files(base: Path, model: ModelInput) -> list[tuple[Path, str]]:
    """A model that brings its own code cannot be loaded without it; it is copied, not run."""
    return matching(base, ("*.py",)) if model.trust_remote_code else []


def matching(folder: Path, patterns: tuple[str, ...]) -> list[tuple[Path, str]]:
    names = {str(path.relative_to(folder)) for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return [(folder, name) for name in sorted(names)]


def copy_files(files: list[tuple[Path, str]], out: Path) -> None:
    for root, name in files:
        (out / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, out / name)


def name_base(path: Path, model: ModelInput) -> None:
    """A hub name means something on other machines, a folder of this one does not."""
    if model.repo:
        config: dict[str, Any] = read_json(path) | {"base_model_name_or_path": model.repo, "revision": model.revision}
        path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n")


def write_readme(folder: Path, model: ModelInput, form: str, rounded: dict[str, Any] | None) -> None:
    base = model.repo or model.label
    library = "peft" if form == "adapter" else "transformers"
    what = f"A LoRA adapter for `{base}`." if form == "adapter" else f"Fine-tuned weights that stand alone; the base was `{base}`."
    revision = f" Revision of the base: `{model.revision}`." if model.revision else ""
    what += about_rounding(form, rounded)
    head = f"---\nlibrary_name: {library}\nbase_model: {json.dumps(base, ensure_ascii=False)}\n---\n"
    (folder / "README.md").write_text(f"{head}\n# {folder.name.removesuffix('.partial')}\n\n{what}{revision} Made with Tuneboard.\n")


def about_rounding(form: str, rounded: dict[str, Any] | None) -> str:
    """Which of two bases it is: the original weights, or those after rounding."""
    if rounded is None:
        return ""
    kind = rounded["type"] + (", double quantisation" if rounded["doubleQuant"] and rounded["type"] != "int8" else "")
    if form == "adapter":
        return f" It was trained over the base rounded to {kind}: load the base that way, or answers differ slightly."
    return f" It was trained over the base rounded to {kind}; these weights are the rounded ones brought back, which the adapter knows."


def file_names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def file_digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
