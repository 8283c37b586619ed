"""Which characters of a rendered conversation the assistant is trained to say.

Templates that mark their own answers (`{% generation %}`) are believed. For all others a cursor walks the rendered text, message by
message (reference: hf-stack 2.4). When a turn cannot be found for certain the row is refused: training on a prompt is never an option.
"""

from collections.abc import Callable, Sequence

Span = tuple[int, int]
Messages = Sequence[dict[str, str]]
THOUGHT_END = "</think>"


class RowRefused(Exception):
    """This row cannot be trained with this template; `reason` is a code, the text is for people."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason




def find_spans(
    text: str,
    messages: Messages,
    render_prompt: Callable[[Messages], str],
    stops: Sequence[str],
    snap: Callable[[int], int],
) -> list[Span]:
    """Spans of `text` that the assistant says, stop token included. `snap` moves a position down to where a token begins."""
    places = locate(text, messages, stops)
    spans = []
    for index, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        start = snap(find_start(text, messages, index, places, render_prompt, stops))
        end = find_end(text, index, places, stops)
        content = places[index]
        if content is None or end <= start or end < content[1]:
            raise RowRefused("turn_not_found", f"Message {index + 1} could not be told from the text around it.")
        if any(place and place[0] < end and start < place[1] for other, place in enumerate(places) if other != index):
            raise RowRefused("turns_overlap", f"Message {index + 1} could not be told from another message.")
        spans.append((start, end))
    return spans


def locate(text: str, messages: Messages, stops: Sequence[str]) -> list[Span | None]:
    """Walks over the text once, left to right, so that equal texts in two messages are two places."""
    places: list[Span | None] = []
    cursor = 0
    for index, message in enumerate(messages):
        if index and messages[index - 1]["role"] == "assistant":
            # Headers may hold a short message's text (“im” in <|im_end|>), so search behind the token that ended the turn.
            cursor = first_stop_end(text, cursor, stops)
        place = find_visible(text, message, cursor)
        if place is None:
            raise RowRefused(
                "content_dropped", f"The chat template drops or rewrites message {index + 1} ({message['role']}): {shorten(message['content'])}"
            )
        places.append(place if place[1] > place[0] else None)
        cursor = place[1]
    return places


def find_visible(text: str, message: dict[str, str], cursor: int) -> Span | None:
    """Templates trim what they print, and some drop the thoughts of earlier turns."""
    wanted = [message["content"], message["content"].strip()]
    if message["role"] == "assistant" and THOUGHT_END in message["content"]:
        wanted.append(message["content"].rpartition(THOUGHT_END)[2].strip())
    if message["content"].strip() == "":
        return (cursor, cursor)
    for content in wanted:
        found = text.find(content, cursor) if content else -1
        if found >= 0:
            return (found, found + len(content))
    return None


def find_start(
    text: str,
    messages: Messages,
    index: int,
    places: list[Span | None],
    render_prompt: Callable[[Messages], str],
    stops: Sequence[str],
) -> int:
    """Where the model takes over: behind what the template writes when it is asked for an answer."""
    before = messages[:index]
    cursor = last_end(places[:index])
    prompt = render_prompt(before)
    if prompt[:cursor] == text[:cursor]:
        tail = prompt[cursor:]
    else:
        # Earlier turns read differently once later ones exist (dropped thoughts), so the prompt is walked on its own.
        tail = prompt[last_end(locate(prompt, before, stops)) :]
    return cursor + common_length(tail, text[cursor : cursor + len(tail)])


def find_end(text: str, index: int, places: list[Span | None], stops: Sequence[str]) -> int:
    """The last stop token before the next message's text; without one, the end of what the assistant says."""
    content = places[index]
    begin = content[1] if content else last_end(places[:index])
    following = [place[0] for place in places[index + 1 :] if place]
    limit = following[0] if following else len(text)
    ends = [text.rfind(stop, begin, limit) + len(stop) for stop in stops if text.rfind(stop, begin, limit) >= 0]
    return max(ends, default=begin)


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


def last_end(places: list[Span | None]) -> int:
    return max((place[1] for place in places if place), default=0)


def common_length(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length)


def shorten(content: str) -> str:
    return repr(content if len(content) <= 60 else content[:57] + "…")
