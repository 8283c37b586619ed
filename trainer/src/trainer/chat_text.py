"""Token ids into text as they come: no half characters, nothing that could be the beginning of a stop string."""

from typing import Any

BROKEN = "\ufffd"


class TextStream:
    def __init__(self, tokenizer: Any, stops: tuple[str, ...]):
        self._tokenizer = tokenizer
        self._stops = stops
        self._ids: list[int] = []
        self._start = 0  # decoding begins here: some tokenizers need the token before to place a space
        self._told = 0  # up to here the text is out
        self._held = ""
        self.stopped = False

    def add(self, ids: list[int]) -> str:
        """Text that is certain by now."""
        self._ids.extend(ids)
        return self._pass_on(self._decode(final=False))

    def finish(self) -> str:
        rest = self._pass_on(self._decode(final=True))
        held, self._held = self._held, ""
        return rest if self.stopped else rest + held

    def _decode(self, final: bool) -> str:
        before = self._text(self._ids[self._start : self._told])
        now = self._text(self._ids[self._start :])
        if len(now) <= len(before) or (now.endswith(BROKEN) and not final):
            return ""
        self._start, self._told = self._told, len(self._ids)
        return now[len(before) :]

    def _text(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _pass_on(self, text: str) -> str:
        if not self._stops or self.stopped:
            return "" if self.stopped else text
        text = self._held + text
        found = [position for position in (text.find(stop) for stop in self._stops) if position >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        keep = max(overlap(text, stop) for stop in self._stops)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]


def overlap(text: str, stop: str) -> int:
    """How much of the end of `text` is the beginning of `stop`."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if stop.startswith(text[-size:])), 0)
