"""Every way a worker ends badly, as a code, a sentence and a remedy for the person in front of the screen.

Raise `Failure` where the cause is known. Everything else is looked up by its text: the first rule that matches wins.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.sentences import said_of


class Failure(Exception):
    """A failure whose cause is known: `code` is one of FailureCode in lib/contract/event.ts."""

    def __init__(self, code: str, message: str, remedy: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    @property
    def said(self) -> list[dict[str, Any]]:
        """Message and remedy by code; empty where one of them has none."""
        parts = [part for part in (self.message, self.remedy) if part is not None]
        return [each for part in parts for each in said_of(part)] if all(map(said_of, parts)) else []


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    code: str
    message: str
    remedy: str


def explain(error: BaseException) -> Failure:
    """Code, sentence and remedy for any exception; the cause chain is searched, the outermost text first."""
    if isinstance(error, Failure):
        return error
    text = chain_text(error)
    for rule in RULES:
        found = rule.pattern.search(text)
        if found:
            message = disk_sentence(error) if rule.code == "disk_full" else rule.message.format(*found.groups())
            return Failure(rule.code, message, rule.remedy)
    first_line = (str(error).strip().splitlines() or [""])[0]
    return Failure("unknown", f"{type(error).__name__}: {first_line}"[:500], "The traceback in the log tells where it happened.")


def disk_sentence(error: BaseException) -> str:
    """Which disk, and how much of it is left: the file that could not be written where the error names it, else the run's folder."""
    named = getattr(error, "filename", None)
    path = Path(os.fsdecode(named) if isinstance(named, (str, bytes)) else os.environ.get("TUNEBOARD_RUN_DIR", os.getcwd()))
    folder = next(parent for parent in [path, *path.parents] if parent.is_dir())
    disk = os.statvfs(folder)
    free, whole = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
    return f"The disk of {folder} is full: {free} of its {whole} bytes are free."


def chain_text(error: BaseException) -> str:
    texts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(texts) < 10:
        texts.append(f"{type(seen).__name__}: {seen}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(texts)


def rule(pattern: str, code: str, message: str, remedy: str) -> Rule:
    return Rule(re.compile(pattern, re.MULTILINE), code, message, remedy)


RULES: tuple[Rule, ...] = (
    rule(
        r"(?:CUDA|HIP) out of memory|torch\.(?:cuda\.)?OutOfMemoryError|^OutOfMemoryError|MPS backend out of memory",
        "out_of_memory",
        "The GPU's memory ran out.",
        "Lower the batch size and raise gradient accumulation, switch gradient checkpointing on, or shorten the cutoff length.",
    ),
    rule(
        r"CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_(?:NOT_INITIALIZED|ALLOC_FAILED)",
        "out_of_memory",
        "A GPU library found no room to work in; most often the GPU's memory is full.",
        "Lower the batch size, and look whether another program uses the same GPU.",
    ),
    rule(
        r"DefaultCPUAllocator|Unable to allocate .* for an array|Cannot allocate memory|^MemoryError",
        "out_of_memory",
        "The machine's memory ran out.",
        "Lower the batch size or the cutoff length, choose a smaller model, or close other programs.",
    ),
    rule(
        # torch writes its files itself and tells no reason.
        r"No space left on device|Errno 28|os error 28|Disk quota exceeded|Errno 122|os error 122"
        r"|PytorchStreamWriter failed writing|unexpected pos \d+ vs \d+",
        "disk_full",
        "The disk is full.",
        "Delete runs, exports or data sets that are no longer needed, or keep fewer checkpoints; then resume from the newest one.",
    ),
    rule(
        r"Target modules .* not found in the base model|No modules were targeted for adaptation|Please specify .target_modules.",
        "spec_invalid",
        "The LoRA target modules do not exist in this model.",
        "Choose target modules from the list of the model in the launch form.",
    ),
    rule(
        r"size mismatch for .*lora_[AB]",
        "checkpoint_invalid",
        "The checkpoint was trained with another LoRA rank or other target modules.",
        "Resume with the settings of the checkpoint, or start a new run.",
    ),
    rule(
        r"size mismatch for .*(?:embed_tokens|lm_head|wte)|index out of range in self|device-side assert triggered",
        "model_invalid",
        "The tokenizer and the model do not fit: a token id lies beyond the embedding table.",
        "Take tokenizer and model from the same place.",
    ),
    rule(
        r"Error\(s\) in loading state_dict|You set `ignore_mismatched_sizes`",
        "model_invalid",
        "The weights do not fit the configuration beside them.",
        "Check that config.json and the weights belong to the same model and revision.",
    ),
    rule(
        r"Error while deserializing header|InvalidHeaderDeserialization|HeaderTooLarge|MetadataIncompleteBuffer|incomplete metadata"
        r"|PytorchStreamReader failed|unexpected EOF|HeaderTooSmall",
        "model_invalid",
        "A file of weights is cut short.",
        "Copy or download that file again; resume from the checkpoint before.",
    ),
    rule(
        r"chat_template is not set",
        "template_refused",
        "The tokenizer has no chat template, so a conversation cannot be written as this model expects.",
        "Choose the chat or instruct version of the model, or put a chat_template.jinja into its folder.",
    ),
    rule(
        r"Conversation roles must alternate|roles must alternate|TemplateError|raise_exception",
        "template_refused",
        "The model's chat template refuses this conversation.",
        "Look at the order of the turns: most templates want user and assistant in turn, and at most one system message first.",
    ),
    rule(
        r"(?:option|argument) .trust_remote_code=True",
        "model_invalid",
        "This model brings its own Python code, and running it was not allowed.",
        "Allow it on the model's page if you trust its author.",
    ),
    rule(
        r"gated repo|GatedRepoError|401 Client Error|403 Client Error",
        "model_not_found",
        "The hub refuses this model: it is gated, or the token has no right to it.",
        "Accept its licence on the hub, and set HF_TOKEN for the server.",
    ),
    rule(
        r"RepositoryNotFoundError|RevisionNotFoundError|404 Client Error|is not a valid model identifier|Repo id must",
        "model_not_found",
        "The hub has no model with this name and revision.",
        "Check the spelling; private models look the same without a token.",
    ),
    rule(
        r"couldn't connect to 'https://huggingface\.co'|LocalEntryNotFoundError|Max retries exceeded|Name or service not known"
        r"|Temporary failure in name resolution|OfflineModeIsEnabled|Network is unreachable|ConnectionError",
        "model_not_found",
        "The hub cannot be reached.",
        "Choose a model in a local folder, or set HF_ENDPOINT to a mirror.",
    ),
    rule(
        r"Unrecognized model in|does not recognize this architecture|should have a .model_type. key",
        "model_invalid",
        "The installed transformers does not know this kind of model.",
        "Update the trainer's packages, or choose another model.",
    ),
    rule(
        r"(?:No package metadata was found for|ModuleNotFoundError: No module named|PackageNotFoundError:?)\s*(?:The\s)?['\"“]?([\w.-]+)",
        "package_missing",
        "The Python package “{0}” is not installed.",
        "Run npm run setup again, or install the package into the trainer's environment.",
    ),
    rule(
        r"no file named (?:model\.safetensors|pytorch_model)|does not appear to have a file named",
        "model_invalid",
        "The model's folder lacks a file it needs; weights must be safetensors.",
        "Add the missing file; convert pickle weights (.bin) to safetensors first.",
    ),
    rule(
        r"^StopIteration|num_samples should be a positive integer|train_dataset. is empty",
        "data_empty",
        "No row is left to train on.",
        "Raise the cutoff length, or look at the data set's problems.",
    ),
    rule(
        r"Permission denied|Errno 13|Read-only file system|Errno 30",
        "unknown",
        "A file or folder may not be read or written by the user who runs Tuneboard.",
        "Correct the owner, the rights, or how the disk is mounted; the traceback names the path.",
    ),
)
