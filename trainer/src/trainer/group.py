"""The processes that train one model together, each with a share of every batch: what they tell each other beside the gradients.

All of them call the same methods in the same order; one that does not makes the others wait. A process alone asks nobody.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Who writes what all share: events, marks, what is removed."""
        return self.rank == 0

    def agree(self, wishes: Sequence[bool]) -> list[bool]:
        """What at least one of them wants."""
        return [value > 0 for value in self._all(wishes, "MAX")]

    def add(self, values: Sequence[float]) -> list[float]:
        return self._all(values, "SUM")

    def wait(self) -> None:
        """Until all are here."""
        if self.size > 1:
            self.add([0])

    def leave(self) -> None:
        if self.size > 1:
            from torch import distributed

            self.wait()
            distributed.destroy_process_group()

    def _all(self, values: Sequence[float], how: str) -> list[float]:
        """Between processors only: asking a GPU would make it wait."""
        if self.size == 1:
            return list(values)
        import torch
        from torch import distributed

        shared = torch.tensor([float(value) for value in values], dtype=torch.float64)
        distributed.all_reduce(shared, getattr(distributed.ReduceOp, how))
        return shared.tolist()


ALONE = Group()


def join_group(device: str) -> Group:
    """Meets the others that torchrun has started; `device` is ours, as torch says it."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return ALONE
    import torch
    from torch import distributed

    on_gpu = device.startswith("cuda")
    if on_gpu:
        torch.cuda.set_device(device)
    distributed.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo")
    return Group(int(os.environ["RANK"]), size)
