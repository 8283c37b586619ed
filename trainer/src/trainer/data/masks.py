"""Which characters of a rendered conversation the assistant is trained to say.

A conversation is rendered twice: as it is, and as a skeleton with a made-up word in place of each message's words. The skeleton shows
without doubt where every message stands, however often the same words occur; the real text must then be the skeleton with the words
put back, character by character, or the row is refused. Where the model takes over and where it ends (reference: hf-stack 2.4) is found
on the skeleton, once for all conversations of one shape. Training on a prompt is never an option.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.data.sentences import Sentence, say
from trainer.data.template import Message, Part, fixed_words

Span = tuple[int, int]


class RowRefused(Exception):
    """This row cannot be trained with this template; `reason` is a code, the text is for people."""

    def __init__(self, reason: str, message: Sentence):
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True)
class Place:
    """A position that holds for every conversation of one shape: so many characters behind the words before it."""

    slot: int
    offset: int


@dataclass(frozen=True)
class Turn:
    message: int
    start: Place
    end: Place
    ended: bool


@dataclass(frozen=True)
class Skeleton:
    """`glue[n]` is what the template writes before the n-th words and, at the end, behind the last. Words are named by their number."""

    glue: list[str]
    order: list[int]
    turns: list[Turn]
    dropped: list[int]
    notes: tuple[str, ...] = ()


Render = Callable[[Sequence[Message], bool], str]
"""Messages with made-up words, and whether the template is to ask for an answer behind them."""


@dataclass(frozen=True)
class Tokens:
    """`stops` end a turn; `special` are all that no words contain; `added` are read as one, whatever stands around them."""

    stops: list[str]
    special: list[str]
    added: list[str]


def build_skeleton(messages: Sequence[Message], words: dict[str, Part], render: Render, tokens: Tokens, *, marked: bool) -> Skeleton:
    """`words` are the made-up words in the order of the messages."""
    text = render(messages, False)
    found = find_all(text, words)
    numbers = {word: number for number, word in enumerate(words)}
    dropped = sorted(set(numbers.values()) - {numbers[word] for _, word in found})
    refuse_dropped([list(words.values())[number] for number in dropped], messages)
    walk = Walk(text, found, messages, words, render, tokens)
    try:
        turns = walk.find_turns()
    except RowRefused:
        if not marked:
            raise
        turns = []
    glue, at = [], 0
    for start, word in found:
        glue.append(text[at:start])
        at = start + len(word)
    glue.append(text[at:])
    place = Places(found)
    return Skeleton(
        glue,
        [numbers[word] for _, word in found],
        [Turn(turn.message, place(turn.start), place(turn.end), turn.ended) for turn in turns],
        dropped,
    )


@dataclass(frozen=True)
class Found:
    message: int
    start: int
    end: int
    ended: bool


class Walk:
    """Turns of one skeleton. Its made-up words are unique, so what is found once is found for certain."""

    def __init__(
        self, text: str, found: list[tuple[int, str]], messages: Sequence[Message], words: dict[str, Part], render: Render, tokens: Tokens
    ):
        self.text, self.messages, self.words, self.render, self.tokens = text, messages, words, render, tokens
        self.ends = {word: at + len(word) for at, word in found}
        self.spoken = [(at, at + len(word), words[word].message) for at, word in found]

    def find_turns(self) -> list[Found]:
        turns = [self.find_turn(index) for index, message in enumerate(self.messages) if message["role"] == "assistant"]
        for before, after in zip(turns, turns[1:], strict=False):
            if after.start < before.end:
                raise not_told_apart(after.message)
        return turns

    def find_turn(self, index: int) -> Found:
        start = self.find_start(index)
        limit = min((at for at, _, message in self.spoken if message > index), default=len(self.text))
        own = [(at, end) for at, end, message in self.spoken if message == index]
        said = max([start, *(end for _, end in own)])
        base = self.find_base(index, limit)
        calls = find_calls(self.text, self.messages[index], index, start, max(base, said))
        if calls is None or (self.messages[index].get("toolCalls") and base < said):
            # Alone the turn is written in another way; then a known stop must tell the call from what follows it.
            calls = need_calls(self.text, self.messages[index], index, start, limit)
            if not any(stop in self.text[max(calls, said) : limit] for stop in self.tokens.stops):
                raise not_told_apart(index)
        base = max(base, said, calls)
        said = max(said, calls)
        stop = self.find_stop(said, base, limit)
        end = base if stop is None else stop
        others = [(at, until) for at, until, message in self.spoken if message != index]
        if any(at < start for at, _ in own) or said > limit or (own and end <= start) or any(at < end and start < until for at, until in others):
            raise not_told_apart(index)
        return Found(index, start, end, stop is not None)

    def find_start(self, index: int) -> int:
        """Where the model takes over: behind what the template writes when it is asked for an answer."""
        prompt = self.render(self.messages[:index], True)
        at, word = max(((prompt.rfind(word), word) for word in self.ends if word in prompt), default=(0, ""))
        tail, cursor = prompt[at + len(word) :], self.ends.get(word, 0)
        length = common_length(tail, self.text[cursor:])
        # Two different tokens may share first letters (<think>, <tool_call>); a turn begins where a token does.
        return cursor + length if length == len(tail) else self.token_start(cursor + length)

    def token_start(self, position: int) -> int:
        for token in self.tokens.added:
            at = self.text.find(token, max(0, position - len(token) + 1), position + len(token) - 1)
            if 0 <= at < position:
                return at
        return position

    def find_base(self, index: int, limit: int) -> int:
        """How far the turn's own writing goes, up to what only the next message brings."""
        if index + 1 == len(self.messages):
            return limit
        return min(common_length(self.render(self.messages[: index + 1], False), self.text), limit)

    def find_stop(self, said: int, base: int, limit: int) -> int | None:
        """Behind the last stop token before the next message's words; else behind the special token that the turn ends with, or that follows."""
        found = [(self.text.rfind(stop, said, limit), len(stop)) for stop in self.tokens.stops]
        end = max((at + length for at, length in found if at >= 0), default=None)
        if end is not None or limit == len(self.text):
            return end
        own = self.text[said:base].rstrip()
        if any(own.endswith(token) for token in self.tokens.special):
            return said + len(own)
        follows = limit - len(self.text[base:limit].lstrip())
        token = max((token for token in self.tokens.special if self.text.startswith(token, follows)), key=len, default=None)
        return None if token is None else follows + len(token)


def need_calls(text: str, message: Message, index: int, begin: int, limit: int) -> int:
    """Behind the last thing that is seen of the tool calls of a message; raises RowRefused where something of them is missing."""
    end = begin
    for call in message.get("toolCalls") or []:
        name, *rest = fixed_words(call)
        begin = find_any(text, name, begin, limit, index)[0]
        # Some templates sort the keys; strings are words of their own and stand where the skeleton shows them.
        end = max([end, *(find_any(text, ways, begin, limit, index)[1] for ways in (name, *rest))])
    return end


def find_calls(text: str, message: Message, index: int, begin: int, limit: int) -> int | None:
    try:
        return need_calls(text, message, index, begin, limit)
    except RowRefused:
        return None


def find_any(text: str, ways: list[str], begin: int, limit: int, index: int) -> Span:
    places = [(place, place + len(way)) for way in ways if (place := text.find(way, begin, limit)) >= 0]
    if not places:
        raise RowRefused("tool_calls_dropped", say("tool_call_dropped", what=shorten(ways[0]), message=index + 1))
    return min(places)


class Places:
    def __init__(self, found: list[tuple[int, str]]):
        self.ends = [0, *(at + len(word) for at, word in found)]

    def __call__(self, position: int) -> Place:
        slot = max(index for index, end in enumerate(self.ends) if end <= position)
        return Place(slot, position - self.ends[slot])


def find_all(text: str, words: dict[str, Part]) -> list[tuple[int, str]]:
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append((at, word))
            at = text.find(word, at + len(word))
    return sorted(found)


# ---------------------------------------------------------------- the real text


class Fitted:
    """A real text on its skeleton: where each piece of glue begins, and where the words stand."""

    def __init__(self, skeleton: Skeleton, parts: Sequence[Part], text: str):
        """`parts` are the real words in the order of the messages."""
        self.text = text
        self.skeleton = skeleton
        self.parts = [parts[number] for number in skeleton.order]
        self.starts = [0]
        self.words: list[Span] = []
        if not text.startswith(skeleton.glue[0]):
            raise rewritten(self.parts[0] if parts else None)
        at = len(skeleton.glue[0])
        for part, behind in zip(self.parts, skeleton.glue[1:], strict=True):
            place = fit_words(text, at, part.words, behind)
            if place is None:
                raise rewritten(part)
            self.words.append(place[0])
            self.starts.append(place[1])
            at = place[1] + len(behind)
        if at != len(text):
            raise rewritten(self.parts[-1] if parts else None)

    def position(self, place: Place) -> int:
        return self.starts[place.slot] + place.offset

    def spans(self) -> list[tuple[int, Span]]:
        """The assistant's turns by the number of their message."""
        return [(turn.message, (self.position(turn.start), self.position(turn.end))) for turn in self.skeleton.turns]


def fit_words(text: str, at: int, words: str, behind: str) -> tuple[Span, int] | None:
    """Where the words end; templates may trim them, or write them as JSON."""
    for way in (words, json.dumps(words, ensure_ascii=False)[1:-1]):
        core = way.strip()
        lead = way[: len(way) - len(way.lstrip())]
        begin = text.find(core, at, at + len(lead) + len(core))
        if begin < 0 or not lead.endswith(text[at:begin]):
            continue
        end = begin + len(core)
        trail = way[len(way.rstrip()) :]
        for kept in range(len(trail) + 1):
            if text.startswith(trail[:kept] + behind, end):
                return (begin, end), end + kept
    return None


def rewritten(part: Part | None) -> RowRefused:
    if part is None:
        return RowRefused("content_dropped", say("conversation_rewritten"))
    return RowRefused("content_dropped", say("message_rewritten", message=part.message + 1, words=shorten(part.words)))


def marked_spans(fitted: Fitted, marks: list[Span], messages: Sequence[Message], stops: Sequence[str]) -> list[tuple[int, Span]]:
    """The template's own marks, by message. They may be wrong too: the assistant's words stand inside them, and nobody else's.

    What the template writes when it asks for an answer is not the model's to say, even where it is marked.
    """
    owners: dict[Span, int] = {}
    for part, place in zip(fitted.parts, fitted.words, strict=True):
        around = [mark for mark in marks if mark[0] < place[1] and place[0] < mark[1]]
        said = messages[part.message]["role"] == "assistant"
        if not said and around:
            raise RowRefused("turns_overlap", say("marked_wrongly", message=part.message + 1))
        if said and part.kind != "thought" and not any(mark[0] <= place[0] and place[1] <= mark[1] for mark in around):
            reason = "tool_calls_dropped" if part.kind == "call" else "content_dropped"
            raise RowRefused(reason, say("answer_rewritten", words=shorten(part.words)))
        owners |= {mark: part.message for mark in around if said}
    turns = fitted.spans()
    for mark in marks:
        if mark not in owners and mark[1] > mark[0]:
            owner = next((message for message, (start, end) in turns if start < mark[1] and mark[0] < end), None)
            if owner is None:
                raise RowRefused("turn_not_found", say("mark_without_owner", words=shorten(fitted.text[slice(*mark)])))
            owners[mark] = owner
    for index, message in enumerate(messages):
        own = "\n".join(fitted.text[slice(*mark)] for mark in marks if owners.get(mark) == index)
        need_calls(own, message, index, 0, len(own))
    takeover = {message: start for message, (start, _) in reversed(turns)}
    clipped = [(owners[mark], (max(mark[0], takeover.get(owners[mark], 0)), mark[1])) for mark in marks if mark in owners]
    return [(owner, include_stop(fitted.text, span, stops)) for owner, span in clipped if span[1] > span[0]]


def include_stop(text: str, span: Span, stops: Sequence[str]) -> Span:
    """Some templates leave the stop token outside their marks; then the model would never learn to end its turn."""
    start, end = span
    if not any(text[start:end].rstrip().endswith(stop) for stop in stops):
        end += max((len(stop) for stop in stops if text.startswith(stop, end)), default=0)
    return start, end


def refuse_dropped(dropped: list[Part], messages: Sequence[Message]) -> None:
    """Thoughts may go (and are told as `thought_dropped`); all other words must be there."""
    for part in dropped:
        if part.kind == "call":
            raise RowRefused("tool_calls_dropped", say("arguments_dropped", message=part.message + 1))
        if part.kind == "content":
            message = messages[part.message]
            raise RowRefused("content_dropped", say("message_dropped", message=part.message + 1, speaker=message["role"]))


def not_told_apart(index: int) -> RowRefused:
    return RowRefused("turn_not_found", say("not_told_apart", message=index + 1))


def common_length(one: str, other: str) -> int:
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(index for index in range(length) if one[index] != other[index])


def shorten(content: Any) -> str:
    text = str(content)
    return repr(text if len(text) <= 60 else text[:57] + "…")
