"""Every way a worker ends badly, as a code, a sentence and a remedy for the person in front of the screen.

Raise `Failure` where the cause is known. Everything else is looked up by its text: the first rule that matches wins.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.sentences import Sentence, said_of, say


class Failure(Exception):
    """A failure whose cause is known: `code` is one of FailureCode in lib/contract/event.ts."""

    def __init__(self, code: str, message: str, remedy: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        return Failure, (self.code, self.message, self.remedy)

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
    """Codes of sentences; groups of the pattern that have a name are figures of the message."""


def explain(error: BaseException) -> Failure:
    """Code, sentence and remedy for any exception; the cause chain is searched, the outermost text first."""
    if isinstance(error, Failure):
        return error
    text = chain_text(error)
    for rule in RULES:
        found = rule.pattern.search(text)
        if found:
            message = disk_sentence(error) if rule.code == "disk_full" else say(rule.message, **found.groupdict())
            return Failure(rule.code, message, say(rule.remedy))
    first_line = (str(error).strip().splitlines() or [""])[0]
    return Failure("unknown", f"{type(error).__name__}: {first_line}"[:500], "The traceback in the log tells where it happened.")


def disk_sentence(error: BaseException) -> Sentence:
    """Which disk, and how much of it is left: the file that could not be written where the error names it, else the run's folder."""
    named = getattr(error, "filename", None)
    path = Path(os.fsdecode(named) if isinstance(named, (str, bytes)) else os.environ.get("TUNEBOARD_RUN_DIR", os.getcwd()))
    folder = next(parent for parent in [path, *path.parents] if parent.is_dir())
    disk = os.statvfs(folder)
    free, whole = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
    return say("disk_is_full", folder=str(folder), free=free, whole=whole)


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
        "gpu_memory_out",
        "use_less_memory",
    ),
    rule(
        r"CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_(?:NOT_INITIALIZED|ALLOC_FAILED)",
        "out_of_memory",
        "gpu_library_memory",
        "use_less_gpu",
    ),
    rule(
        r"DefaultCPUAllocator|Unable to allocate .* for an array|Cannot allocate memory|^MemoryError",
        "out_of_memory",
        "memory_out",
        "use_less",
    ),
    rule(
        # torch writes its files itself and tells no reason.
        r"No space left on device|Errno 28|os error 28|Disk quota exceeded|Errno 122|os error 122"
        r"|PytorchStreamWriter failed writing|unexpected pos \d+ vs \d+",
        "disk_full",
        "disk_is_full",
        "delete_some",
    ),
    rule(
        r"Target modules .* not found in the base model|No modules were targeted for adaptation|Please specify .target_modules.",
        "spec_invalid",
        "no_target_modules",
        "choose_targets",
    ),
    rule(
        r"size mismatch for .*lora_[AB]",
        "checkpoint_invalid",
        "other_rank",
        "resume_as_before",
    ),
    rule(
        r"size mismatch for .*(?:embed_tokens|lm_head|wte)|index out of range in self|device-side assert triggered",
        "model_invalid",
        "tokenizer_misfit",
        "same_place",
    ),
    rule(
        r"Error\(s\) in loading state_dict|You set `ignore_mismatched_sizes`",
        "model_invalid",
        "weights_misfit",
        "check_config",
    ),
    rule(
        r"Error while deserializing header|InvalidHeaderDeserialization|HeaderTooLarge|MetadataIncompleteBuffer|incomplete metadata"
        r"|PytorchStreamReader failed|unexpected EOF|HeaderTooSmall",
        "model_invalid",
        "weights_cut",
        "copy_again",
    ),
    rule(
        r"chat_template is not set",
        "template_refused",
        "no_template",
        "take_chat_model",
    ),
    rule(
        r"Conversation roles must alternate|roles must alternate|TemplateError|raise_exception",
        "template_refused",
        "template_refuses_some",
        "look_at_turns",
    ),
    rule(
        r"(?:option|argument) .trust_remote_code=True",
        "model_invalid",
        "brings_code",
        "allow_code",
    ),
    rule(
        r"gated repo|GatedRepoError|401 Client Error|403 Client Error",
        "model_not_found",
        "hub_gated",
        "accept_licence",
    ),
    rule(
        r"RepositoryNotFoundError|RevisionNotFoundError|404 Client Error|is not a valid model identifier|Repo id must",
        "model_not_found",
        "hub_unknown",
        "check_spelling",
    ),
    rule(
        r"couldn't connect to 'https://huggingface\.co'|LocalEntryNotFoundError|Max retries exceeded|Name or service not known"
        r"|Temporary failure in name resolution|OfflineModeIsEnabled|Network is unreachable|ConnectionError",
        "model_not_found",
        "hub_away",
        "choose_local",
    ),
    rule(
        r"Unrecognized model in|does not recognize this architecture|should have a .model_type. key",
        "model_invalid",
        "unknown_architecture",
        "update_packages",
    ),
    rule(
        r"(?:No package metadata was found for|ModuleNotFoundError: No module named|PackageNotFoundError:?)\s*(?:The\s)?['\"“]?(?P<package>[\w.-]+)",
        "package_missing",
        "package_missing",
        "install_package",
    ),
    rule(
        r"no file named (?:model\.safetensors|pytorch_model)|does not appear to have a file named",
        "model_invalid",
        "folder_lacks",
        "add_file",
    ),
    rule(
        r"^StopIteration|num_samples should be a positive integer|train_dataset. is empty",
        "data_empty",
        "no_row_left",
        "raise_cutoff",
    ),
    rule(
        r"Permission denied|Errno 13|Read-only file system|Errno 30",
        "unknown",
        "not_allowed",
        "correct_rights",
    ),
)
