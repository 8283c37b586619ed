"""Where the weights and the tokenizer of a chat or an export come from, and whether they belong together."""

from pathlib import Path

from trainer import checkpoints
from trainer.failures import Failure
from trainer.models import fingerprint

TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")


def own_tokenizer(adapter: Path | None, base: Path) -> Path:
    """The folder of the tokenizer and chat template: the checkpoint's where the run saved one, else the base's."""
    return adapter if adapter and any((adapter / name).is_file() for name in TOKENIZERS) else base


def check_sources(base: Path, adapter: Path | None) -> str:
    """The fingerprint of the base; a torn checkpoint, or an adapter that belongs to other weights, is refused."""
    if adapter is None:
        return checkpoints.read_mark(base).base_fingerprint if checkpoints.is_marked(base) else fingerprint(base)
    if not adapter.is_dir():
        raise Failure("checkpoint_invalid", f"{adapter} does not exist.", "Choose another checkpoint.")
    found = fingerprint(base)
    if checkpoints.is_marked(adapter) and checkpoints.read_mark(adapter).base_fingerprint != found:
        raise Failure(
            "checkpoint_invalid",
            f"{adapter.name} was trained on other weights than {base} has now.",
            "Put the old weights back, or choose a checkpoint that was trained on these.",
        )
    return found
