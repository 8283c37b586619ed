"""What the trainers of all stages share: tokens are counted, phases told, and a folder of an abandoned attempt is never written over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import Trainer

from trainer import checkpoints
from trainer.callbacks import Clock
from trainer.events import EventLog


class Followed(Trainer):
    """Stands in front of a trainer of trl: `class Trainer(Followed, SFTTrainer)`."""

    def __init__(self, *, events: EventLog, clock: Clock, tokens_before: int, leaving: Callable[[], bool], **arguments: Any):
        super().__init__(**arguments)
        self.events = events
        self.clock = clock
        self.leaving = leaving
        self.tokens_before = tokens_before
        self.tokens_now: Any = 0

    def count_tokens(self) -> int:
        """Real tokens seen since the first attempt began; padding is not counted."""
        return self.tokens_before + int(self.tokens_now)

    def get_batch_samples(self, epoch_iterator: Any, num_batches: int, device: Any) -> Any:
        """Summed where the batch lies: asking a GPU for the number at each step would make it wait."""
        batches, items = super().get_batch_samples(epoch_iterator, num_batches, device)
        self.tokens_now = self.tokens_now + sum(self.tokens_in(batch) for batch in batches)
        return batches, items

    def tokens_in(self, batch: dict[str, Any]) -> Any:
        return batch["attention_mask"].sum()

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        self.clock.stand()
        self.events.phase("evaluating")
        self.judge()
        self.events.phase("training")
        self.clock.go()
        return {}

    def judge(self) -> None:
        """Goes through the validation rows, logs what it finds and calls `on_evaluate`."""
        super().evaluate()

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """A checkpoint is not a publication."""

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """A folder of the same name from an abandoned attempt may be marked complete; written over in place it would lie."""
        self.clock.stand()
        if self.state.global_step >= self.state.max_steps or self.control.should_training_stop:
            self.events.phase("saving")
        folder = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
        if folder.exists():
            checkpoints.remove(folder)
        super()._save_checkpoint(model, trial)
