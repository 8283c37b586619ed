"""How people name a part of a model: `q_proj`, `self_attn.q_proj`, the whole path; always whole words between dots."""

import re
from collections.abc import Iterable
from typing import Any

# `model.layers.3.mlp.up_proj.weight`: the layer is the first number of the path.
IN_LAYER = re.compile(r"^(?P<stack>.*?)\.?(?P<layer>[0-9]+)\.(?P<inner>.+)$")


def ends_with(path: str, name: str) -> bool:
    return path == name or path.endswith("." + name)


def stands_in(path: str, name: str) -> bool:
    """The name is a run of whole words anywhere in the path."""
    return f".{name}." in f".{path}."


def modules_called(model: Any, name: str) -> list[str]:
    """Paths of the modules of this name that hold weights of their own; a container of others does not count."""
    return [
        path for path, module in model.named_modules() if ends_with(path, name) and next(module.parameters(recurse=False), None) is not None
    ]


def holders(model: Any) -> list[str]:
    """The last names of all modules that hold weights, for a remedy."""
    return last_names(path for path, module in model.named_modules() if next(module.parameters(recurse=False), None) is not None)


def last_names(paths: Iterable[str]) -> list[str]:
    return sorted({path.rpartition(".")[2] for path in paths})


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
