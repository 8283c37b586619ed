"""The adapter that methods LoRA and QLoRA put on a base: settings to peft's own, with every name checked before.

peft takes unknown names of saved modules in silence, and `norm` for `input_layernorm` as well.
"""

from pathlib import Path
from typing import Any

from trainer.failures import Failure
from trainer.names import holders, modules_called, quoted
from trainer.spec_settings import LoraSettings


def lora_config(base: Any, lora: LoraSettings, tokenizer: Any, task: str = "CAUSAL_LM") -> Any:
    from peft import LoraConfig

    check_targets(base, lora)
    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=list(lora.targets),
        use_rslora=lora.rs_lora,
        use_dora=lora.dora,
        init_lora_weights=True if lora.init == "default" else lora.init,
        modules_to_save=saved_modules(base, lora.modules_to_save) or None,
        trainable_token_indices=token_ids(lora.trainable_tokens, tokenizer) or None,
        bias=checked_bias(base, lora),
        task_type=task,
    )


def check_targets(base: Any, lora: LoraSettings) -> None:
    """peft would train the targets that are there, and say nothing of the others."""
    missing = [target for target in lora.targets if not modules_called(base, target)]
    if missing:
        raise Failure(
            "spec_invalid",
            f"lora.targets: this model has no module {quoted(missing)}.",
            f"Its linear modules are: {', '.join(linear_names(base))}.",
        )


def linear_names(model: Any) -> list[str]:
    kinds = ("Linear", "Conv1D", "Linear4bit", "Linear8bitLt")
    return sorted({name.rpartition(".")[2] for name, module in model.named_modules() if type(module).__name__ in kinds})


def saved_modules(base: Any, names: list[str]) -> list[str]:
    """Short names where peft reads them as they are meant, else whole paths."""
    paths = {name: modules_called(base, name) for name in names}
    missing = [name for name, found in paths.items() if not found]
    if missing:
        raise Failure(
            "spec_invalid", f"lora.modulesToSave: this model has no module {quoted(missing)}.", f"Its modules are: {', '.join(holders(base))}."
        )
    all_paths = [path for path, _ in base.named_modules()]
    exact = {name: sum(path.endswith(name) for path in all_paths) == len(found) for name, found in paths.items()}
    return [one for name, found in paths.items() for one in ([name] if exact[name] else found)]


def token_ids(tokens: list[str], tokenizer: Any) -> list[int]:
    """`<tool_call>` as the tokenizer writes it, or `#151657`."""
    vocabulary = tokenizer.get_vocab() if tokens else {}
    known = set(vocabulary.values())
    found = {token: vocabulary.get(token, int(token[1:]) if token[:1] == "#" and token[1:].isdecimal() else None) for token in tokens}
    missing = [token for token, at in found.items() if at not in known]
    if missing:
        raise Failure(
            "spec_invalid",
            f"lora.trainableTokens: the tokenizer has no token {quoted(missing)}.",
            "Write it as it stands in tokenizer.json, or give its number such as #2.",
        )
    return sorted({at for at in found.values() if at is not None})


def checked_bias(base: Any, lora: LoraSettings) -> str:
    if lora.bias == "none":
        return "none"
    ends = [name for name, _ in base.named_parameters() if name.endswith(".bias")]
    ends = [name for name in ends if lora.bias == "all" or any(f".{name}".endswith(f".{target}.bias") for target in lora.targets)]
    if not ends:
        where = "its target modules" if lora.bias == "lora_only" else "it"
        raise Failure("spec_invalid", f"lora.bias: this model has no biases in {where}, so {lora.bias} would train nothing.", "Choose none.")
    return lora.bias


def check_same_adapter(folder: Path, saved: dict[str, Any], wanted: Any) -> None:
    """To go on with an adapter it must be the one that is asked for; peft would leave out what does not fit."""
    fields = {
        "rank": "r", "alpha": "lora_alpha", "rsLora": "use_rslora", "dora": "use_dora", "bias": "bias", "targets": "target_modules",
        "modulesToSave": "modules_to_save", "trainableTokens": "trainable_token_indices",
    }  # fmt: skip
    asked = wanted.to_dict()
    told = {ours: (plain(saved.get(theirs)), plain(asked.get(theirs))) for ours, theirs in fields.items()}
    differing = [f"lora.{name} was {was} and is now {now}" for name, (was, now) in told.items() if was != now]
    if differing:
        raise Failure(
            "checkpoint_invalid", f"{folder.name} has another adapter: {'; '.join(differing)}.", "Take its settings, or put a new adapter on top."
        )


def plain(value: Any) -> Any:
    """Lists without order, and nothing as nothing, however it was written."""
    if isinstance(value, (list, set, tuple)):
        return sorted(value) or None
    return value or None
