"""Muon for the hidden matrices and AdamW for the rest (embeddings, output head, norms, biases), as one optimizer."""

from typing import Any

import torch
from torch import nn


class MuonWithAdamW(torch.optim.Optimizer):
    """Both work on the groups and the state of this one, so that schedulers, checkpoints and accelerate see a single optimizer."""

    def __init__(self, muon_groups: list[dict[str, Any]], adamw_groups: list[dict[str, Any]], *, lr: float, muon: dict[str, Any], adamw: dict[str, Any]):
        self.inner: list[torch.optim.Optimizer] = [torch.optim.Muon(muon_groups, lr=lr, **muon)]
        if adamw_groups:
            self.inner.append(torch.optim.AdamW(adamw_groups, lr=lr, **adamw))
        self.sizes = [len(one.param_groups) for one in self.inner]
        super().__init__([group for one in self.inner for group in one.param_groups], {"lr": lr})
        self.share()

    def share(self) -> None:
        start = 0
        for one, size in zip(self.inner, self.sizes, strict=True):
            one.param_groups = self.param_groups[start : start + size]
            one.state = self.state
            start += size

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        super().load_state_dict(state_dict)
        self.share()

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for one in self.inner:
            one.step()
        return loss


def hidden_matrices(model: nn.Module) -> set[str]:
    """Names of the trained 2-D weights that are neither embeddings nor the output head."""
    outer = {id(weight) for module in model.modules() if isinstance(module, nn.Embedding) for weight in module.parameters()}
    head = model.get_output_embeddings() if hasattr(model, "get_output_embeddings") else None
    outer |= {id(weight) for weight in (head.parameters() if head is not None else ())}
    return {name for name, weight in model.named_parameters() if weight.requires_grad and weight.ndim == 2 and id(weight) not in outer}
