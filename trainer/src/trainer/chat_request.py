"""A chat-completions request as OpenAI's protocol has it, checked field by field before anything is generated."""

from dataclasses import dataclass
from typing import Any

ROLES = ("system", "developer", "user", "assistant", "tool")
# Sent by common clients, without meaning here.
IGNORED = frozenset({"model", "user", "metadata", "store", "service_tier", "parallel_tool_calls", "safety_identifier", "prompt_cache_key"})
# Refused unless at the value that changes nothing.
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "n": (None, 1),
    "frequency_penalty": (None, 0),
    "presence_penalty": (None, 0),
    "logit_bias": (None, {}),
    "logprobs": (None, False),
    "top_logprobs": (None, 0),
    "tools": (None, []),
    "tool_choice": (None, "none", "auto"),
    "response_format": (None, {"type": "text"}),
}
NUMBERS: dict[str, tuple[float, float, bool]] = {
    "temperature": (0, 2, False),
    "top_p": (0, 1, False),
    "top_k": (0, 1_000_000, True),
    "repetition_penalty": (0.01, 10, False),
    "max_tokens": (1, 10_000_000, True),
    "max_completion_tokens": (1, 10_000_000, True),
    "min_tokens": (0, 10_000_000, True),
    "seed": (-(2**63), 2**63 - 1, True),
}
STOP_LIMIT = 16


class BadRequest(Exception):
    """Answered with status 400 (or another) as an OpenAI error."""

    def __init__(self, message: str, param: str | None = None, code: str = "invalid_value", status: int = 400):
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.status = status


@dataclass(frozen=True)
class ChatRequest:
    """None means: as the model's own generation_config says."""

    messages: list[dict[str, str]]
    stream: bool
    include_usage: bool
    stop: tuple[str, ...]
    temperature: float | None
    top_p: float | None
    top_k: int | None
    repetition_penalty: float | None
    max_tokens: int | None
    min_tokens: int | None
    seed: int | None


def parse_request(body: Any) -> ChatRequest:
    if not isinstance(body, dict):
        raise BadRequest("The body is not a JSON object. Send {\"messages\": [...]}.", code="invalid_json")
    refuse_unknown(body)
    numbers = {name: read_number(body, name) for name in NUMBERS}
    limit = numbers["max_completion_tokens"] if numbers["max_completion_tokens"] is not None else numbers["max_tokens"]
    options = read_typed(body, "stream_options", dict, "an object such as {\"include_usage\": true}") or {}
    return ChatRequest(
        messages=read_messages(body.get("messages")),
        stream=bool(read_typed(body, "stream", bool, "true or false")),
        include_usage=bool(options.get("include_usage")),
        stop=read_stop(body.get("stop")),
        temperature=numbers["temperature"],
        top_p=numbers["top_p"],
        top_k=whole(numbers["top_k"]),
        repetition_penalty=numbers["repetition_penalty"],
        max_tokens=whole(limit),
        min_tokens=whole(numbers["min_tokens"]),
        seed=whole(numbers["seed"]),
    )


def refuse_unknown(body: dict[str, Any]) -> None:
    known = {"messages", "stream", "stream_options", "stop", *NUMBERS, *NEUTRAL, *IGNORED}
    for name, value in body.items():
        if name not in known:
            raise BadRequest(f"{name}: this parameter is not known. Leave it out.", name, "unknown_parameter")
        if name in NEUTRAL and value not in NEUTRAL[name]:
            raise BadRequest(f"{name}: {value!r} is not supported here. Leave it out.", name, "unsupported_parameter")


def read_number(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    low, high, is_whole = NUMBERS[name]
    kind = "a whole number" if is_whole else "a number"
    valid = isinstance(value, (int, float)) and not isinstance(value, bool) and (not is_whole or float(value).is_integer())
    if not valid or not low <= value <= high:
        raise BadRequest(f"{name}: {value!r} is not {kind} from {low} to {high}. Choose one in this range or leave it out.", name)
    return value


def whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def read_typed(body: dict[str, Any], name: str, kind: type, wanted: str) -> Any:
    value = body.get(name)
    if value is not None and not isinstance(value, kind):
        raise BadRequest(f"{name}: {value!r} is not {wanted}.", name, "invalid_type")
    return value


def read_stop(value: Any) -> tuple[str, ...]:
    stops = [value] if isinstance(value, str) else [] if value is None else value
    if not isinstance(stops, list) or len(stops) > STOP_LIMIT or not all(isinstance(stop, str) and stop for stop in stops):
        raise BadRequest(f"stop: {value!r} is not a text or a list of at most {STOP_LIMIT} texts that are not empty.", "stop")
    return tuple(stops)


def read_messages(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or not value:
        raise BadRequest('messages: at least one message is needed, such as {"role": "user", "content": "Hello"}.', "messages")
    return [read_message(message, f"messages[{index}]") for index, message in enumerate(value)]


def read_message(message: Any, where: str) -> dict[str, str]:
    if not isinstance(message, dict):
        raise BadRequest(f"{where}: {message!r} is not an object with role and content.", where)
    role = message.get("role")
    if role not in ROLES:
        raise BadRequest(f"{where}.role: {role!r} is none of {', '.join(ROLES)}.", f"{where}.role")
    return {"role": "system" if role == "developer" else role, "content": read_content(message.get("content"), f"{where}.content")}


def read_content(content: Any, where: str) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "".join(str(part.get("text", "")) for part in content)
    raise BadRequest(f"{where}: only text is understood. Send a text, or a list of parts of type text.", where)
