"""What happens around the steps: events out, requests in, checkpoints marked. transformers calls these; they hold no training logic."""

import json
import math
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from trainer import best, checkpoints, optimizers
from trainer.control import Control, Request
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.group import ALONE, Group

# What transformers and trl log beside figures of the training: where it stands, and how long it took.
NO_METRIC = re.compile(r"epoch|step|total_flos|(eval_)?num_(input_)?tokens\w*|train_\w+|eval_(runtime|\w+_per_second)|step_time")
NON_FINITE_STEPS = 5


class Clock:
    """Seconds of training: it stands while a checkpoint is written or the validation rows are looked at."""

    def __init__(self, seconds: float = 0.0):
        self._before = seconds
        self._since: float | None = None

    def go(self) -> None:
        if self._since is None:
            self._since = time.monotonic()

    def stand(self) -> None:
        self._before = self.seconds
        self._since = None

    @property
    def seconds(self) -> float:
        return self._before + (0.0 if self._since is None else time.monotonic() - self._since)


class Wishes:
    """What the person has asked for and not yet got. Processes that train together look together, and want the same at the same step."""

    def __init__(self, control: Control, can_evaluate: bool, group: Group = ALONE):
        self._control = control
        self._group = group
        self._can_evaluate = can_evaluate
        self._open: dict[str, list[Request]] = {"save": [], "stop": [], "abort": [], "evaluate": []}
        self._agreed = dict.fromkeys(self._open, False)

    def look(self) -> None:
        for request in self._control.poll():
            if request.verb == "evaluate" and not self._can_evaluate:
                self._control.refuse(request, "No rows are held out for validation (data.validation is none).")
            else:
                self._open[request.verb].append(request)
        self._agreed = dict(zip(self._open, self._group.agree([self._asked(verb) for verb in self._open]), strict=True))

    def wants(self, verb: str) -> bool:
        """As of the last look."""
        return self._agreed[verb]

    def _asked(self, verb: str) -> bool:
        return bool(self._open[verb]) or (verb == "stop" and self._control.signalled)

    @property
    def ending(self) -> bool:
        return self.wants("stop") or self.wants("abort")

    def grant(self, verb: str, note: str | None = None) -> None:
        for request in self._open[verb]:
            self._control.done(request, note)
        self._open[verb].clear()
        self._agreed[verb] = verb == "stop" and self._agreed[verb] and self._control.signalled

    def close(self) -> None:
        """Training is over; what came too late is told so, and a stop has what it wanted."""
        self.look()
        self.grant("stop")
        self.grant("abort")
        for verb in ("save", "evaluate"):
            for request in self._open[verb]:
                self._control.refuse(request, "Training had already ended.")
            self._open[verb].clear()


class ObeyWishes(TrainerCallback):
    """Turns wishes into transformers' flags at the end of a step. The last step is always logged, evaluated and saved."""

    def __init__(self, wishes: Wishes, can_evaluate: bool):
        self._wishes = wishes
        self._can_evaluate = can_evaluate

    def on_substep_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._wishes.look()
        if self._wishes.wants("abort"):
            control.should_training_stop = True

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._wishes.look()
        last = state.global_step >= state.max_steps
        if self._wishes.wants("abort") and not last:
            control.should_save = control.should_evaluate = False
            control.should_log = control.should_training_stop = True
            return
        if last or self._wishes.wants("stop"):
            control.should_log = control.should_save = control.should_training_stop = True
        if self._can_evaluate and (last or self._wishes.wants("evaluate")):
            control.should_evaluate = True
        if self._wishes.wants("save"):
            control.should_save = True

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._wishes.grant("evaluate", f"at step {state.global_step}")


class WriteMetrics(TrainerCallback):
    """One `metric` event for each line that transformers logs; ends a run whose loss is no number."""

    def __init__(self, events: EventLog, clock: Clock, count_tokens: Callable[[], int]):
        self._events = events
        self._clock = clock
        self._count_tokens = count_tokens
        self._window = (count_tokens(), clock.seconds)
        self._bad_since: int | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._clock.go()
        self._events.phase("training")

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any], **_: Any) -> None:
        values = {name: float(value) for name, value in logs.items() if isinstance(value, (int, float)) and not NO_METRIC.fullmatch(name)}
        if not values:
            return
        tokens, seconds = self._count_tokens(), self._clock.seconds
        if "loss" in values:
            values["tokens_per_second"] = self._rate(tokens, seconds)
        epoch = state.epoch or 0.0
        self._events.metric(step=state.global_step, epoch=epoch, tokens=tokens, seconds=round(seconds, 4), values=values)
        if "loss" in values:
            self._watch(values["loss"], state)

    def _rate(self, tokens: int, seconds: float) -> float:
        before_tokens, before_seconds = self._window
        self._window = (tokens, seconds)
        return round((tokens - before_tokens) / max(seconds - before_seconds, 1e-9), 3)

    def _watch(self, loss: float, state: Any) -> None:
        if math.isfinite(loss):
            self._bad_since = None
            return
        step = state.global_step
        if self._bad_since is None:
            self._bad_since = step
            self._events.warning("non_finite_loss", f"The loss at step {step} is {loss}.")
        if step - self._bad_since + 1 >= NON_FINITE_STEPS or step >= state.max_steps:
            raise Failure(
                "non_finite_loss",
                f"The loss is not a number ({loss}) from step {self._bad_since} to step {step}.",
                "Lower the learning rate, warm up longer, or look for broken rows; resume from a checkpoint before this step.",
            )


class TellOptimizer(TrainerCallback):
    """Adds to resolved.json what was really made, which is known only when training begins."""

    def __init__(self, resolved: Path):
        self._resolved = resolved

    def on_train_begin(self, args: Any, state: Any, control: Any, optimizer: Any = None, **_: Any) -> None:
        told = json.loads(self._resolved.read_text()) | {"optimizer": optimizers.describe(optimizer)}
        temporary = self._resolved.with_suffix(".tmp")
        temporary.write_text(json.dumps(told, indent=2, ensure_ascii=False, default=str))
        os.replace(temporary, self._resolved)


class MarkCheckpoints(TrainerCallback):
    """COMPLETE.json last, then the event, then the oldest goes, but never the best: at no time is there less than one whole checkpoint."""

    def __init__(self, events: EventLog, wishes: Wishes, clock: Clock, count_tokens: Callable[[], int], *, folder: Path, limit: int | None, base: str, early: best.StopEarly | None = None, group: Group = ALONE):
        self._events = events
        self._wishes = wishes
        self._clock = clock
        self._count_tokens = count_tokens
        self._folder = folder
        self._limit = limit
        self._base = base
        self._early = early
        self._group = group

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        step = state.global_step
        name = f"checkpoint-{step}"
        # Counting waits for the others: by then their files lie there too.
        tokens, seconds = self._count_tokens(), round(self._clock.seconds, 4)
        if self._group.first:
            size = checkpoints.write_mark(
                self._folder / name, step=step, tokens=tokens, seconds=seconds, seq=self._events.last_seq, base_fingerprint=self._base
            )
            self._events.checkpoint(name=name, step=step, bytes=size, reason=self._reason(state))
        self._wishes.grant("save", name)
        self._wishes.grant("stop", name)
        if self._group.first:
            self._remove_oldest(state)
        self._clock.go()

    def _reason(self, state: Any) -> str:
        if state.global_step >= state.max_steps or (self._early is not None and self._early.stopped):
            return "final"
        return "stop" if self._wishes.wants("stop") else "requested" if self._wishes.wants("save") else "cadence"

    def _remove_oldest(self, state: Any) -> None:
        if self._limit is None:
            return
        steps = checkpoints.steps_in(self._folder)
        kept = {state.global_step, best.best_step(state, steps)}
        others = [step for step in steps if step not in kept]
        for step in others[: max(0, len(steps) - self._limit)]:
            checkpoints.remove(self._folder / f"checkpoint-{step}")
            self._events.checkpoint_removed(f"checkpoint-{step}")
