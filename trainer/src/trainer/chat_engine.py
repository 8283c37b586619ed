"""Weights that answer: one thread generates, one request at a time, in the order of arrival.

The generating thread only puts token ids into a queue; text, JSON and sockets are the business of the thread that asked.
"""

import copy
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import torch

from trainer.chat_request import BadRequest, ChatRequest

END = None


class Cancelled(Exception):
    """Nobody listens any more."""


@dataclass
class Generation:
    """One answer in the making. `ids` yields token ids, then END; `error` is set before END where it failed."""

    prompt: list[int]
    config: Any
    seed: int | None
    ids: "queue.SimpleQueue[int | None]" = field(default_factory=queue.SimpleQueue)
    cancelled: bool = False
    error: BaseException | None = None
    asked_at: float = field(default_factory=time.perf_counter)
    times: list[float] = field(default_factory=list)

    @property
    def first_token_ms(self) -> float | None:
        return round((self.times[0] - self.asked_at) * 1000, 2) if self.times else None

    @property
    def tokens_per_second(self) -> float | None:
        """From the first token to the last: reading the prompt is told apart, as first_token_ms."""
        times = self.times
        return round((len(times) - 1) / (times[-1] - times[0]), 2) if len(times) > 1 and times[-1] > times[0] else None


class Engine:
    def __init__(self, model: Any, tokenizer: Any):
        self.tokenizer = tokenizer
        self._model = model.eval()
        self._queue: queue.SimpleQueue[Generation] = queue.SimpleQueue()
        self.end_ids = find_end_ids(model, tokenizer)
        self.context = find_context(model)
        self.generated_tokens = 0
        self.busy = False
        threading.Thread(target=self._work, name="generate", daemon=True).start()

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    def submit(self, request: ChatRequest) -> Generation:
        """Render, count and queue; raises BadRequest where the conversation does not fit."""
        prompt = self._render(request.messages)
        room = self.context - len(prompt)
        if room < 1:
            raise BadRequest(
                f"messages: the conversation has {len(prompt)} tokens and the model's context holds {self.context}. "
                "Shorten it, or begin a new one.",
                "messages",
                "context_length_exceeded",
            )
        generation = Generation(prompt, self._config(request, room), request.seed)
        self._queue.put(generation)
        return generation

    def _render(self, messages: list[dict[str, str]]) -> list[int]:
        """The model's own template, as in training."""
        from jinja2 import TemplateError

        try:
            encoded = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=True, return_dict=True)
        except TemplateError as error:
            raise BadRequest(
                f"messages: the model's chat template refuses this conversation: {error}. Change the order or the roles of the messages.",
                "messages",
                "template_refused",
            ) from error
        return list(encoded["input_ids"])

    def _config(self, request: ChatRequest, room: int) -> Any:
        config = copy.deepcopy(self._model.generation_config)
        config.max_length = None
        config.max_new_tokens = min(request.max_tokens or room, room)
        config.min_new_tokens = min(request.min_tokens, config.max_new_tokens) if request.min_tokens else None
        config.eos_token_id = sorted(self.end_ids) or None
        config.pad_token_id = self.tokenizer.pad_token_id
        config.num_beams = config.num_return_sequences = 1
        if request.repetition_penalty is not None:
            config.repetition_penalty = request.repetition_penalty
        set_sampling(config, request)
        return config

    def _work(self) -> None:
        while True:
            generation = self._queue.get()
            self.busy = True
            try:
                if not generation.cancelled:
                    self._generate(generation)
            except Cancelled:
                pass  # nobody is left to tell
            except BaseException as error:
                generation.error = error
            finally:
                self.busy = False
                generation.ids.put(END)

    def _generate(self, generation: Generation) -> None:
        if generation.seed is None:
            torch.seed()
        else:
            torch.manual_seed(generation.seed % 2**63)
        prompt = torch.tensor([generation.prompt], device=self._model.device)
        with torch.inference_mode():
            self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                generation_config=generation.config,
                streamer=IdStreamer(self, generation),
            )


class IdStreamer:
    """What transformers calls with each new token. Raising here ends the generation before the next token is computed."""

    def __init__(self, engine: Engine, generation: Generation):
        self._engine = engine
        self._generation = generation
        self._prompt_seen = False

    def put(self, value: torch.Tensor) -> None:
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        generation = self._generation
        if generation.cancelled:
            raise Cancelled
        generation.times.append(time.perf_counter())
        generation.ids.put(int(value))
        self._engine.generated_tokens += 1

    def end(self) -> None:
        """END is put by the engine, which knows of errors as well."""


def set_sampling(config: Any, request: ChatRequest) -> None:
    """Temperature 0 is greedy. What the request leaves open is as the model's makers say; where they say nothing, that is greedy too."""
    own = bool(config.do_sample)
    config.do_sample = own if request.temperature is None else request.temperature != 0
    if not config.do_sample:
        config.temperature = config.top_p = config.top_k = config.min_p = config.typical_p = None
        return
    config.temperature = choose(request.temperature, config.temperature if own else None, 1.0)
    config.top_p = choose(request.top_p or None, config.top_p if own else None, 1.0)
    config.top_k = choose(request.top_k, config.top_k if own else None, 0)


def choose(*values: Any) -> Any:
    return next(value for value in values if value is not None)


def find_end_ids(model: Any, tokenizer: Any) -> set[int]:
    """All of them: a chat template often ends turns with another token than the one the base was trained with."""
    own = model.generation_config.eos_token_id
    ids = own if isinstance(own, list) else [own]
    return {int(end) for end in [*ids, tokenizer.eos_token_id] if end is not None}


def find_context(model: Any) -> int:
    config = model.config.get_text_config()
    return int(getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or 1 << 20)
