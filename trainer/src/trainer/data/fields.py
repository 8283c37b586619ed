"""Reading one row with a mapping: its columns, texts and turns, each checked as it is taken."""

import json
from typing import Any

from trainer.data.problems import BadRow, kind_of, refuse, shorten
from trainer.data.sentences import Sentence, say

Message = dict[str, Any]
Mapping = dict[str, Any]
COLUMNS = (
    "prompt", "query", "response", "history", "system", "messages", "tools", "chosen", "rejected", "label", "responses", "text",
)  # fmt: skip
MEDIA_COLUMNS = ("images", "videos", "audios", "image", "video", "audio")
MEDIA_PARTS = ("image", "image_url", "input_image", "video", "video_url", "audio", "input_audio", "audio_url")
UNMENDED = frozenset[str]()


class Reader:
    """One mapping, ready to read rows. `fixes` are the reasons that are mended; `mended` says what was, in the row read last."""

    def __init__(self, mapping: Mapping, fixes: frozenset[str] = UNMENDED):
        self.mapping = mapping
        self.columns: dict[str, str | None] = {name: mapping["columns"].get(name) for name in COLUMNS}
        self.fixes = fixes
        self.mended: list[tuple[str, str, str, Sentence]] = []
        tags = mapping.get("tags") or {}
        self.role_key: str = tags.get("roleKey", "role")
        self.content_key: str = tags.get("contentKey", "content")
        self.roles = {tag: role for role in ("system", "user", "assistant", "tool") for tag in tags.get(role, ())}
        self.roles |= dict.fromkeys(tags.get("functionCall", ()), "function_call")
        self.roles = {tag.lower(): role for tag, role in self.roles.items()} | self.roles

    def mend(self, reason: str, field: str, value: Any, message: Sentence) -> bool:
        """Whether this fault may be mended; if so it is noted."""
        if reason in self.fixes:
            self.mended.append((reason, field, shorten(value), message))
        return reason in self.fixes

    def row(self, value: Any) -> dict[str, Any]:
        if isinstance(value, BadRow):
            refuse(value.reason, "", value.text, value.message)
        if not isinstance(value, dict):
            refuse("not_an_object", "", value, say("row_no_object", kind=kind_of(value)))
        for column in MEDIA_COLUMNS:
            if value.get(column):
                refuse("media_not_supported", column, value[column], say("media"))
        return value

    def need(self, fields: dict[str, Any], role: str) -> tuple[Any, str]:
        """Value and name of a column that the format can't do without."""
        name = self.columns[role]
        if name is None:
            refuse("missing", role, None, say("no_column", role=role))
        return need(fields, name), name

    def text_of(self, fields: dict[str, Any], role: str) -> str:
        value, name = self.need(fields, role)
        return self.text(value, name)

    def optional_text(self, fields: dict[str, Any], role: str) -> str:
        name = self.columns[role]
        value = None if name is None else fields.get(name)
        return "" if value is None else self.text(value, name or role)

    def optional(self, fields: dict[str, Any], role: str) -> Any:
        name = self.columns[role]
        return None if name is None else fields.get(name)

    def text(self, value: Any, field: str) -> str:
        """OpenAI's form of content, a list of text parts, is text too."""
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
            return self.join_parts(value, field)
        message = no_text(value, field)
        if isinstance(value, (bool, int, float)) and self.mend("not_a_string", field, value, message):
            return json.dumps(value)
        refuse("not_a_string", field, value, message)

    def join_parts(self, parts: list[dict[str, Any]], field: str) -> str:
        texts = []
        for index, part in enumerate(parts):
            if part.get("type") in MEDIA_PARTS:
                message = say("media_part", type=part["type"])
                refuse("media_not_supported", f"{field}[{index}]", part, message)
            text = part.get("text")
            if not isinstance(text, str):
                refuse("not_a_string", f"{field}[{index}].text", text, say("no_parts", field=field))
            texts.append(text)
        return "".join(texts)

    def system(self, fields: dict[str, Any]) -> list[Message]:
        text = self.optional_text(fields, "system")
        text = text if text.strip() else self.mapping.get("systemText") or ""
        return [{"role": "system", "content": text}] if text.strip() else []


def need(fields: dict[str, Any], key: str, inside: str = "") -> Any:
    value = fields.get(key)
    if value is None:
        refuse("missing", f"{inside}.{key}" if inside else key, None, say("missing", key=key))
    return value


def no_text(value: Any, field: str) -> Sentence:
    if isinstance(value, dict) and value:
        return say("no_text_object", field=field, keys=", ".join(f"“{key}”" for key in list(value)[:3]))
    return say("no_text", field=field, kind=kind_of(value))


def from_json(value: Any) -> Any:
    """Tables keep lists and objects as JSON text; whatever is no JSON stays what it was."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return value
    return value
