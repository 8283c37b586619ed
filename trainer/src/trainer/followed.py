"""What the trainers of all stages share: tokens are counted, phases told, and a folder of an abandoned attempt is never written over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import Trainer

from trainer import checkpoints, optimizers
from trainer.callbacks import Clock
from trainer.events import EventLog
from trainer.group import ALONE, Group
from trainer.methods import Learning, speed_up_b
from trainer.spec_settings import TrainingSettings


class Followed(Trainer):
    """Stands in front of a trainer of trl: `class Trainer(Followed, SFTTrainer)`."""

    def __init__(
        self, *, learning: Learning, settings: TrainingSettings, events: EventLog, clock: Clock, tokens_before: int, leaving: Callable[[], bool],
        group: Group = ALONE, **arguments: Any,
    ):
        super().__init__(model=learning.model, **arguments)
        self.learning = learning
        self.settings = settings
        # trl makes adapters on rounded weights bfloat16, in which small updates would be lost.
        for parameter in self.model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
        self.shorten()
        self.events = events
        self.clock = clock
        self.leaving = leaving
        self.group = group
        self.tokens_before = tokens_before
        self.tokens_now: Any = 0

    def count_tokens(self) -> int:
        """Real tokens seen by all processes since the first attempt began; padding is not counted."""
        return self.tokens_before + int(self.group.add([int(self.tokens_now)])[0])

    def get_batch_samples(self, epoch_iterator: Any, num_batches: int, device: Any) -> Any:
        """Summed where the batch lies: asking a GPU for the number at each step would make it wait."""
        batches, items = super().get_batch_samples(epoch_iterator, num_batches, device)
        self.tokens_now = self.tokens_now + sum(self.tokens_in(batch) for batch in batches)
        return batches, items

    def tokens_in(self, batch: dict[str, Any]) -> Any:
        """A row of one token teaches nothing: it fills the last batch of processes that train together."""
        lengths = batch["attention_mask"].sum(1)
        return (lengths * (lengths > 1)).sum()

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """What was found, by transformers' names: its schedulers that follow validation ask for it."""
        self.clock.stand()
        self.events.phase("evaluating")
        self.judge()
        self.events.phase("training")
        self.clock.go()
        return next((line for line in reversed(self.state.log_history) if "eval_loss" in line), {})

    def judge(self) -> None:
        """Goes through the validation rows, logs what it finds and calls `on_evaluate`."""
        super().evaluate()

    def get_optimizer_cls_and_kwargs(self, args: Any, model: Any = None) -> tuple[Any, dict[str, Any]]:
        """transformers makes what it is given; a function in place of a class makes the whole optimizer itself."""
        settings = self.settings
        if settings.optimizer == "muon":
            return lambda: lambda made_for: optimizers.make_muon(made_for, settings, set(self.get_decay_parameter_names(made_for))), {}
        kind, named = super().get_optimizer_cls_and_kwargs(args, model)
        return kind, {**named, **optimizers.own_arguments(settings)}

    def shorten(self) -> None:
        """peft keeps adapters in float32, and makes them so again when it loads them."""
        if self.settings.precision != "pure_bfloat16":
            return
        for parameter in self.model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.bfloat16()

    def create_optimizer(self, *arguments: Any, **named: Any) -> Any:
        is_new = self.optimizer is None
        optimizer = super().create_optimizer(*arguments, **named)
        if is_new and self.learning.plus_ratio is not None:
            speed_up_b(optimizer, self.model, self.learning.plus_ratio)
        return optimizer

    def _load_from_checkpoint(self, *arguments: Any, **named: Any) -> None:
        """An adapter over a shifted base was put together before the trainer was made."""
        if self.learning.shift is None:
            super()._load_from_checkpoint(*arguments, **named)
        self.shorten()

    def _save(self, output_dir: str | None = None, *arguments: Any, **named: Any) -> None:
        super()._save(output_dir, *arguments, **named)
        self.learning.complete(Path(output_dir or self.args.output_dir))

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """A checkpoint is not a publication."""

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """A folder of the same name from an abandoned attempt may be marked complete; written over in place it would lie."""
        self.clock.stand()
        if self.state.global_step >= self.state.max_steps or self.control.should_training_stop:
            self.events.phase("saving")
        folder = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
        if self.group.first and folder.exists():
            checkpoints.remove(folder)
        self.group.wait()
        super()._save_checkpoint(model, trial)
