"""The model as it was before a preference training: what the trained one is measured against."""

import copy
from typing import Any


def reference_for(model: Any) -> Any | None:
    """A copy that stands still, where weights of the model itself are trained; an adapter is switched off instead."""
    return None if hasattr(model, "peft_config") else copy.deepcopy(model).requires_grad_(False).eval()


def drop_copy(model: Any) -> None:
    """trl copies the adapter as it finds it, to measure against. Ours begins at zero, so the model without it is the same and costs no
    memory; after a resume the copy would be the trained one; and of two adapters in a checkpoint transformers resumes the copy alone.
    Adapters that begin otherwise are refused with these stages (spec_judged.py)."""
    if "ref" in getattr(model, "peft_config", {}):
        model.delete_adapter("ref")
