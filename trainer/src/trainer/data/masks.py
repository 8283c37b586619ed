"""Which characters of a rendered conversation the assistant is trained to say.

Templates that mark their own answers (`{% generation %}`) are believed. For all others a cursor walks the rendered text, message by
message (reference: hf-stack 2.4). When a turn cannot be found for certain the row is refused: training on a prompt is never an option.
"""

from collections.abc import Callable, Sequence

Span = tuple[int, int]
Messages = Sequence[dict[str, str]]
RenderPrompt = Callable[[Messages], str]
THOUGHT_END = "</think>"


class RowRefused(Exception):
    """This row cannot be trained with this template; `reason` is a code, the text is for people."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason




def find_spans(text: str, messages: Messages, render_prompt: RenderPrompt, stops: Sequence[str], snap: Callable[[int], int]) -> list[Span]:
    """Spans of `text` that the assistant says, stop token included. `snap` moves a position down to where a token begins."""
    walk = Walk(text, messages, render_prompt, stops)
    spans = []
    for index, begin in walk.starts.items():
        start, end, content = snap(begin), walk.find_end(index), walk.places[index]
        if end <= start or end < content[1]:
            raise RowRefused("turn_not_found", f"Message {index + 1} could not be told from the text around it.")
        if any(place[0] < end and start < place[1] for other, place in enumerate(walk.places) if other != index):
            raise RowRefused("turns_overlap", f"Message {index + 1} could not be told from another message.")
        spans.append((start, end))
    return spans


class Walk:
    """One way through a text, left to right, so that equal words in two messages are two places."""

    def __init__(self, text: str, messages: Messages, render_prompt: RenderPrompt, stops: Sequence[str]):
        self.text = text
        self.messages = messages
        self.render_prompt = render_prompt
        self.stops = stops
        self.places: list[Span] = []
        self.starts: dict[int, int] = {}
        for index, message in enumerate(messages):
            place = self.find_answer(index) if message["role"] == "assistant" else self.find_other(index)
            if place is None:
                words = f"message {index + 1} ({message['role']}): {shorten(message['content'])}"
                raise RowRefused("content_dropped", f"The chat template drops or rewrites {words}")
            self.places.append(place)

    @property
    def cursor(self) -> int:
        return self.places[-1][1] if self.places else 0

    def find_other(self, index: int) -> Span | None:
        """The header may hold the same letters (“im” in <|im_end|>), so behind an answer the search begins after its stop token."""
        after_answer = index > 0 and self.messages[index - 1]["role"] == "assistant"
        return find_visible(self.text, self.messages[index], first_stop_end(self.text, self.cursor, self.stops) if after_answer else self.cursor)

    def find_answer(self, index: int) -> Span | None:
        start = self.starts[index] = self.find_start(index)
        ahead = find_visible(self.text, self.messages[index], start)
        if ahead and not any(stop in self.text[start : ahead[0]] for stop in self.stops):
            return ahead
        # What the prompt already says (an opened thought) may be the answer's own beginning.
        around = find_visible(self.text, self.messages[index], self.cursor)
        return around if around and around[0] <= start <= around[1] else None

    def find_start(self, index: int) -> int:
        """Where the model takes over: behind what the template writes when it is asked for an answer."""
        before, cursor = self.messages[:index], self.cursor
        prompt = self.render_prompt(before)
        if prompt[:cursor] == self.text[:cursor]:
            tail = prompt[cursor:]
        else:
            # Earlier turns read differently once later ones exist (dropped thoughts), so the prompt is walked on its own.
            tail = prompt[Walk(prompt, before, self.render_prompt, self.stops).cursor :]
        return cursor + common_length(tail, self.text[cursor : cursor + len(tail)])

    def find_end(self, index: int) -> int:
        """The last stop token before the next message's words. Without one: the end of the words, or of the text if it is the last."""
        begin, last = self.places[index][1], index + 1 == len(self.places)
        limit = len(self.text) if last else self.places[index + 1][0]
        found = [(self.text.rfind(stop, begin, limit), len(stop)) for stop in self.stops]
        return max((at + length for at, length in found if at >= 0), default=limit if last else begin)


def find_visible(text: str, message: dict[str, str], cursor: int) -> Span | None:
    """Templates trim what they print, and some drop the thoughts of earlier turns."""
    content = message["content"]
    wanted = [content, content.strip()]
    if message["role"] == "assistant" and THOUGHT_END in content:
        wanted.append(content.rpartition(THOUGHT_END)[2].strip())
    if content.strip() == "":
        return (cursor, cursor)
    places = ((text.find(words, cursor), len(words)) for words in wanted if words)
    return next(((at, at + length) for at, length in places if at >= 0), None)


def check_marked_spans(text: str, messages: Messages, spans: list[Span]) -> None:
    """Marks may be wrong too: what the assistant says must stand inside them, in order."""
    answers = [message for message in messages if message["role"] == "assistant" and message["content"].strip()]
    pieces = [text[start:end] for start, end in spans]
    for answer in answers:
        while pieces and find_visible(pieces[0], answer, 0) is None:
            pieces.pop(0)
        if not pieces:
            raise RowRefused("content_dropped", f"The chat template drops or rewrites an answer: {shorten(answer['content'])}")
        pieces.pop(0)


def include_stop(text: str, spans: list[Span], stops: Sequence[str]) -> list[Span]:
    """Some templates leave the stop token outside their marks; then the model would never learn to end its turn."""
    extended = []
    for start, end in spans:
        if not any(text[start:end].rstrip().endswith(stop) for stop in stops):
            end += max((len(stop) for stop in stops if text.startswith(stop, end)), default=0)
        extended.append((start, end))
    return extended


def first_stop_end(text: str, cursor: int, stops: Sequence[str]) -> int:
    ends = [found + len(stop) for stop in stops if (found := text.find(stop, cursor)) >= 0]
    return min(ends, default=cursor)


def common_length(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length)


def shorten(content: str) -> str:
    return repr(content if len(content) <= 60 else content[:57] + "…")
