"""Further arguments of trl and transformers, beside those that have a field: which there are, which may be set, and their types.

`python -m trainer.more` prints them for every stage as one InstalledArguments (lib/contract/arguments.ts).
"""

import dataclasses
import difflib
import enum
import json
import types
import typing
from importlib import import_module
from typing import Any, get_args

from trainer.environment import version_of
from trainer.failures import Failure
from trainer.spec_settings import Stage

# Why an argument is not the person's to set. The first entry that a name equals, or begins with where it ends in _, counts.
REFUSED = {
    "ours": (
        "output_dir", "disable_tqdm", "use_cpu", "no_cuda", "logging_dir", "logging_nan_inf_filter", "logging_strategy", "save_strategy", "eval_strategy",
        "run_name", "do_", "local_rank", "resume_from_checkpoint", "ignore_data_skip", "data_seed", "save_only_model", "remove_unused_columns",
        "label_names", "dataset_", "max_length", "max_prompt_length", "completion_only_loss", "assistant_only_loss", "loss_type", "truncation_mode",
        "bf16", "fp16", "bf16_full_eval", "fp16_full_eval", "metric_for_best_model", "greater_is_better", "load_best_model_at_end",
        "report_to", "overwrite_output_dir", "auto_find_batch_size", "restore_callback_states_from_checkpoint", "enable_jit_checkpoint",
        "save_on_each_node", "log_on_each_node", "pad_token", "eos_token", "skip_memory_metrics", "prediction_loss_only", "eval_packing",
        "shuffle_dataset", "train_sampling_strategy", "length_column_name", "packing", "packing_strategy", "padding_free", "eval_on_start",
        "include_for_metrics", "batch_eval_metrics", "label_smoothing_factor", "use_cache", "average_tokens_across_devices",
    ),
    "danger": (
        "push_to_hub", "hub_", "trackio_", "project", "wandb_", "model_init_kwargs", "ref_model_init_kwargs", "chat_template_path", "trust_remote_code",
        "deepspeed", "fsdp", "fsdp_config", "accelerator_config", "parallelism_config", "ddp_", "use_vllm", "vllm_", "debug", "reward_model_path", "sync_ref_model",
        "use_transformers_continuous_batching", "transformers_continuous_batching_config", "log_completions", "dataloader_multiprocessing_context",
    ),
}  # fmt: skip
KINDS = {bool: "boolean", int: "whole", float: "number", str: "text", list: "list", tuple: "list", dict: "map", type(None): "empty"}


def refusal(name: str) -> str | None:
    for why, names in REFUSED.items():
        if any(name == one or (one.endswith("_") and name.startswith(one)) for one in names):
            return why
    return None


def describe(config: type) -> list[dict[str, Any]]:
    """Each argument of a configuration: what it takes, what may be chosen, what it stands at."""
    hints = typing.get_type_hints(config)
    return [
        {
            "name": field.name,
            "kinds": sorted(kinds_of(hints[field.name])),
            "choices": sorted(choices_of(hints[field.name])) or None,
            "default": plain(field.default),
            "refused": refusal(field.name),
        }
        for field in dataclasses.fields(config)
        if field.init
    ]


def parts_of(hint: Any) -> list[Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Union or origin is types.UnionType:
        return [part for one in get_args(hint) for part in parts_of(one)]
    return [hint]


def kinds_of(hint: Any) -> set[str]:
    found = set()
    for part in parts_of(hint):
        origin = typing.get_origin(part)
        if origin is typing.Literal:
            found |= {KINDS.get(type(one), "text") for one in get_args(part)}
        elif isinstance(part, type) and issubclass(part, enum.Enum):
            found.add("text")
        else:
            # A class of its own can't be written in a line.
            found.add(KINDS.get(origin or part, "other"))
    return found - {"other"} or {"other"}


def choices_of(hint: Any) -> set[str]:
    parts = parts_of(hint)
    enums = {str(one.value) for part in parts if isinstance(part, type) and issubclass(part, enum.Enum) for one in part}
    return enums | {str(one) for part in parts if typing.get_origin(part) is typing.Literal for one in get_args(part) if isinstance(one, str)}


def plain(value: Any) -> Any:
    value = value.value if isinstance(value, enum.Enum) else value
    return value if isinstance(value, (str, int, float, bool)) else None


def with_more(arguments: dict[str, Any], more: dict[str, Any], config: type) -> dict[str, Any]:
    """The arguments of a run and those that were asked for beside; none is overridden."""
    known = {one["name"]: one for one in describe(config)} if more else {}
    for name, value in more.items():
        check_argument(name, value, arguments, known)
    return arguments | more


def check_argument(name: str, value: Any, arguments: dict[str, Any], known: dict[str, dict[str, Any]]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        versions = f"trl {version_of('trl')}, transformers {version_of('transformers')}"
        refuse(name, f"is no argument of {versions}.", f"Did you mean {' or '.join(near)}?" if near else "Take the line out.")
    if known[name]["refused"] is not None:
        refuse(name, "is set by Tuneboard itself and can't be changed.", "Take the line out.")
    if name in arguments:
        refuse(name, "has a field of its own.", "Set it there, and take the line out.")
    if not fits(value, known[name]):
        refuse(name, f"takes {' or '.join(known[name]['choices'] or known[name]['kinds'])}; {json.dumps(value)} is none.", "Change the value.")


def fits(value: Any, argument: dict[str, Any]) -> bool:
    """A whole number serves where any number does, a written one does not."""
    kind = KINDS[type(value)]
    if kind == "text" and argument["choices"]:
        return value in argument["choices"]
    return kind in argument["kinds"] or (kind == "whole" and "number" in argument["kinds"])


def refuse(name: str, why: str, remedy: str) -> typing.NoReturn:
    raise Failure("spec_invalid", f"training.more: {name} {why}", remedy)


def report() -> dict[str, Any]:
    stages = {stage: import_module(f"trainer.stages.{stage}").Config for stage in get_args(Stage)}
    return {
        "versions": {name: version_of(name) for name in ("trl", "transformers")},
        "stages": {stage: {"config": config.__name__, "arguments": describe(config)} for stage, config in stages.items()},
    }


if __name__ == "__main__":
    print(json.dumps(report(), ensure_ascii=False))
