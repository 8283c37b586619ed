"""A LoRA adapter as files, and which tensor of the base each of its tensors changes.

Kinds of adapters that the merge does not cover are refused here, before a byte is written. Every adapter tensor is used exactly once.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from trainer.export_weights import Reader, Stored, read_header, read_json
from trainer.failures import Failure

TORCH_DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}

PREFIX = "base_model.model."
HEAD = "lm_head.weight"
EMBEDDING = re.compile(r"(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in|tok_embeddings)\.weight$")
PARTS = re.compile(
    r"^(?P<module>.+)\.(?P<part>lora_A\.weight|lora_B\.weight|lora_B\.bias|lora_embedding_A|lora_embedding_B"
    r"|lora_magnitude_vector(?:\.weight)?|token_adapter\.trainable_tokens_delta)$"
)

# Starts after which the adapter is the whole difference to the base. The others (PiSSA and its kin) change the base as well.
PLAIN_STARTS = (None, True, False, "gaussian", "eva", "orthogonal")
# Fields of adapter_config.json that are honoured here, or that say nothing about the weights.
KNOWN_FIELDS = frozenset(
    "peft_type r lora_alpha rank_pattern alpha_pattern use_rslora use_dora fan_in_fan_out lora_bias bias modules_to_save "
    "trainable_token_indices ensure_weight_tying init_lora_weights target_modules exclude_modules layers_to_transform layers_pattern "
    "lora_dropout base_model_name_or_path revision peft_version task_type inference_mode auto_mapping megatron_core qalora_group_size "
    "eva_config loftq_config corda_config lora_ga_config runtime_config".split()
)


@dataclass(frozen=True)
class Lora:
    a: str
    b: str
    scale: float
    transposed: bool


@dataclass(frozen=True)
class Change:
    """What happens to one tensor of the base; the strings name adapter tensors. Applied in the order of the fields.

    `rounded`: the base was 4 or 8 bits wide in training, so its weight is rounded and brought back before all else.
    """

    replaced_by: str | None = None
    lora: Lora | None = None
    magnitude: str | None = None
    bias: tuple[str, float] | None = None
    rows: tuple[str, tuple[int, ...]] | None = None
    rounded: bool = False

    def uses(self) -> list[str]:
        lora = [self.lora.a, self.lora.b] if self.lora else []
        single = [self.replaced_by, self.magnitude, self.bias and self.bias[0], self.rows and self.rows[0]]
        return [*lora, *(name for name in single if name)]


@dataclass
class Adapter:
    config: dict[str, Any]
    stored: dict[str, Stored]
    reader: Reader = field(default_factory=Reader)

    def load(self, name: str) -> torch.Tensor:
        stored = self.stored[name]
        data = bytearray(stored.length)
        self.reader.read_into(stored, 0, memoryview(data))
        return torch.frombuffer(data, dtype=torch_dtype(name, stored)).reshape(stored.shape).float()


def open_adapter(folder: Path) -> Adapter:
    config = read_json(folder / "adapter_config.json")
    refuse_unknown_kinds(config)
    weights = folder / "adapter_model.safetensors"
    if not weights.is_file():
        raise Failure("checkpoint_invalid", f"{folder} has no adapter_model.safetensors.", "Choose another checkpoint.")
    return Adapter(config, read_header(weights))


def refuse_unknown_kinds(config: dict[str, Any]) -> None:
    kind = config.get("peft_type")
    if kind != "LORA":
        raise refusal(f"peft_type is {kind}; only LORA adapters can be merged here")
    start = config.get("init_lora_weights")
    if start not in PLAIN_STARTS:
        raise refusal(f"init_lora_weights is “{start}”: such an adapter is relative to a base that was changed at the start of training")
    if config.get("alora_invocation_tokens"):
        raise refusal("alora_invocation_tokens is set: an activated LoRA works on a part of the text only, weights cannot express that")
    if config.get("target_parameters"):
        raise refusal("target_parameters is set: adapters on fused experts are not covered")
    unknown = [name for name, value in config.items() if name not in KNOWN_FIELDS and value not in (None, False, "", [], {})]
    if unknown:
        raise refusal(f"{unknown[0]} is set, which the merge does not know")


def refusal(reason: str) -> Failure:
    return Failure("checkpoint_invalid", f"This adapter cannot be merged: {reason}.", "Export it as an adapter instead of a merged model.")


def find_changes(adapter: Adapter, base: dict[str, Stored], tied_to: str | None) -> dict[str, Change]:
    """Assign every adapter tensor to one tensor of the base. `tied_to` names the embedding that serves as the head as well."""
    shapes = {name: stored.shape for name, stored in base.items()}
    if tied_to:
        shapes[HEAD] = shapes[tied_to]
    modules: dict[str, dict[str, str]] = {}
    changes: dict[str, Change] = {}
    for key in adapter.stored:
        name = key.removeprefix(PREFIX)
        found = PARTS.match(name)
        if found:
            modules.setdefault(found["module"], {})[found["part"].removesuffix(".weight")] = key
        else:
            changes[on_disk(name.replace(".base_layer.", "."), shapes, key)] = Change(replaced_by=key)
    for module, parts in modules.items():
        for name, change in module_changes(adapter, module, parts, shapes):
            earlier = changes.get(name, Change())
            changes[name] = replace(change, replaced_by=earlier.replaced_by)
    refuse_unused(adapter, changes)
    return untie(adapter, changes, tied_to) if tied_to else changes


def module_changes(
    adapter: Adapter, module: str, parts: dict[str, str], shapes: dict[str, tuple[int, ...]]
) -> Iterator[tuple[str, Change]]:
    name = on_disk(f"{module}.weight", shapes, next(iter(parts.values())))
    scale = find_scale(adapter, module, parts)
    rows = parts.get("token_adapter.trainable_tokens_delta")
    yield name, Change(
        lora=find_lora(adapter, module, parts, scale, shapes[name]),
        magnitude=parts.get("lora_magnitude_vector"),
        rows=(rows, token_rows(adapter.config, module)) if rows else None,
    )
    if "lora_B.bias" in parts:
        yield on_disk(f"{module}.bias", shapes, parts["lora_B.bias"]), Change(bias=(parts["lora_B.bias"], scale))


def find_lora(adapter: Adapter, module: str, parts: dict[str, str], scale: float, shape: tuple[int, ...]) -> Lora | None:
    embedded = "lora_embedding_A" in parts or "lora_embedding_B" in parts
    a, b = (parts.get(f"lora_embedding_{x}" if embedded else f"lora_{x}") for x in "AB")
    if a is None and b is None:
        return None
    if a is None or b is None:
        raise Failure("checkpoint_invalid", f"{module}: the adapter has only one half of its pair: {a or b}.", "Choose another checkpoint.")
    wanted = (adapter.stored[b].shape[0], adapter.stored[a].shape[1])
    if embedded:
        return Lora(a, b, scale, transposed=True)
    if shape not in (wanted, wanted[::-1]):
        raise Failure(
            "checkpoint_invalid",
            f"{module} has the shape {list(shape)} in the base and {list(wanted)} in the adapter.",
            "Choose the base that this adapter was trained on.",
        )
    # GPT-2's Conv1D stores (in, out). The shape tells; only a square matrix needs the word of the configuration.
    square = wanted[0] == wanted[1]
    return Lora(a, b, scale, transposed=bool(adapter.config.get("fan_in_fan_out")) if square else shape != wanted)


def on_disk(name: str, shapes: dict[str, tuple[int, ...]], key: str) -> str:
    """Old checkpoints leave the first word of a name out (`wte` for `transformer.wte`)."""
    for candidate in (name, name.partition(".")[2]):
        if candidate in shapes:
            return candidate
    raise Failure(
        "checkpoint_invalid",
        f"The adapter changes {name}, which the base does not have (adapter tensor {key}).",
        "Choose the base that this adapter was trained on.",
    )


def find_scale(adapter: Adapter, module: str, parts: dict[str, str]) -> float:
    config = adapter.config
    rank = pattern_value(config.get("rank_pattern"), module, config["r"])
    alpha = pattern_value(config.get("alpha_pattern"), module, config["lora_alpha"])
    key = parts.get("lora_A") or parts.get("lora_embedding_A")
    if key and adapter.stored[key].shape[0] != rank:
        raise Failure(
            "checkpoint_invalid",
            f"{module}: adapter_config.json says rank {rank}, the adapter has rank {adapter.stored[key].shape[0]}.",
            "Put the adapter_config.json that was saved with these weights beside them.",
        )
    return alpha / math.sqrt(rank) if config.get("use_rslora") else alpha / rank


def pattern_value(patterns: dict[str, Any] | None, module: str, default: Any) -> Any:
    """As peft matches: the first pattern that fits the end of the module's name, on a dot."""
    for pattern, value in (patterns or {}).items():
        if re.match(rf"(.*\.)?({pattern})$", module):
            return value
    return default


def token_rows(config: dict[str, Any], module: str) -> tuple[int, ...]:
    indices = config.get("trainable_token_indices") or []
    if isinstance(indices, dict):
        indices = next((rows for name, rows in indices.items() if module == name or module.endswith("." + name)), [])
    return tuple(int(index) for index in indices)


def find_tied_embedding(config: dict[str, Any], base: dict[str, Stored]) -> str | None:
    """The embedding that is the output head as well, or None where the head is a tensor of its own."""
    text = config.get("text_config") if isinstance(config.get("text_config"), dict) else {}
    told = config.get("tie_word_embeddings", (text or {}).get("tie_word_embeddings"))
    tied = HEAD not in base if told is None else told
    return next((name for name in base if EMBEDDING.search(name)), None) if tied else None


def untie(adapter: Adapter, changes: dict[str, Change], embedding: str) -> dict[str, Change]:
    """Where training changed only one of the two, the head becomes a tensor of its own that begins as the base's embedding.

    They stay one where peft ties them itself (ensure_weight_tying, trainable tokens), or where both were saved whole and alike.
    """
    change, head = changes.get(embedding), changes.get(HEAD)
    if head is None:
        stays = change is None or adapter.config.get("ensure_weight_tying") or change == Change(rows=change.rows)
        # A vocabulary that grew is saved as the embedding's starting point; the head starts from the same.
        return changes if stays or change is None else {**changes, HEAD: Change(replaced_by=change.replaced_by if change.lora else None)}
    whole = [each.replaced_by for each in (change, head) if each and each.replaced_by and each == Change(replaced_by=each.replaced_by)]
    if len(whole) == 2 and torch.equal(adapter.load(whole[0]), adapter.load(whole[1])):
        return {name: kept for name, kept in changes.items() if name != HEAD}
    return changes


def refuse_unused(adapter: Adapter, changes: dict[str, Change]) -> None:
    used = Counter(key for change in changes.values() for key in change.uses())
    for key in adapter.stored:
        if used[key] != 1:
            raise Failure(
                "checkpoint_invalid",
                f"The adapter tensor {key} {'has no place in the base' if used[key] == 0 else 'would be used twice'}.",
                "Choose the base that this adapter was trained on.",
            )


def fit_vocabulary(config: dict[str, Any], adapter: Adapter, base: dict[str, Stored], changes: dict[str, Change]) -> dict[str, Any]:
    """Tokens that were added in training make the embedding longer than the base's."""
    for name, change in changes.items():
        if EMBEDDING.search(name) and change.replaced_by:
            rows = adapter.stored[change.replaced_by].shape[0]
            if rows != base[name].shape[0]:
                return {**config, "vocab_size": rows}
    return config


def torch_dtype(name: str, stored: Stored) -> torch.dtype:
    if stored.dtype not in TORCH_DTYPES:
        raise Failure("model_invalid", f"{name} is stored as {stored.dtype}, which cannot be computed with.", "Choose the 16-bit original.")
    return TORCH_DTYPES[stored.dtype]
