"""Which checkpoint is best, and when enough is enough: read from the log of evaluations that transformers saves with each checkpoint,
so that a resumed run knows the same."""

from typing import Any

from transformers import TrainerCallback

from trainer.events import EventLog
from trainer.spec_settings import TrainingSettings

METRIC = "eval_loss"


def evaluations(state: Any) -> list[tuple[int, float]]:
    """Step and validation loss, in their order."""
    return [(int(line["step"]), float(line[METRIC])) for line in state.log_history if METRIC in line]


def best_step(state: Any, steps: list[int]) -> int | None:
    """Of the given steps the one that was judged best, the first among equals; null where none was judged."""
    judged = {step: value for step, value in evaluations(state) if step in steps}
    return min(judged, key=lambda step: (judged[step], step)) if judged else None


def evaluations_in_vain(values: list[float], threshold: float) -> int:
    """How many of the last evaluations were not better than the best before them, by more than the threshold."""
    best, vain = float("inf"), 0
    for value in values:
        better = value < best - threshold if best != float("inf") else value == value
        best, vain = (value, 0) if better else (best, vain + 1)
    return vain


class StopEarly(TrainerCallback):
    """Ends training, with a checkpoint, once validation has not got better for as long as the person lets it."""

    def __init__(self, events: EventLog, settings: TrainingSettings):
        self._events = events
        self._settings = settings
        self.stopped = False

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        patience = self._settings.stop_patience
        judged = evaluations(state)
        # A look that was cut short by a stop has told nothing.
        if patience is None or not judged or judged[-1][0] != state.global_step or state.global_step >= state.max_steps:
            return
        if evaluations_in_vain([value for _step, value in judged], self._settings.stop_threshold) < patience:
            return
        best = best_step(state, [step for step, _value in judged])
        self.stopped = control.should_save = control.should_training_stop = True
        self._events.warning("stopped_early", f"Validation has not got better for {patience} evaluations; it was best at step {best}.")
