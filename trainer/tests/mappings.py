"""Mappings as the browser makes them, short enough to read in a test."""

from trainer.data.fields import COLUMNS
from trainer.data.sample import NAMES


def mapping(
    form: str, *, xtuner: str | None = None, system_text: str | None = None, keys: tuple[str, str] | None = None, **columns: str
) -> dict:
    chat = keys or (("from", "value") if form == "sharegpt" else ("role", "content"))
    tags = {"roleKey": chat[0], "contentKey": chat[1], **{role: list(names) for role, names in NAMES.items()}}
    return {"format": form, "columns": dict.fromkeys(COLUMNS) | columns, "tags": tags, "xtunerMap": xtuner, "systemText": system_text}


ALPACA = mapping("alpaca", prompt="instruction", query="input", response="output", history="history", system="system")
MESSAGES = mapping("messages", messages="messages", tools="tools", system="system")
SHAREGPT = mapping("sharegpt", messages="conversations", tools="tools", system="system")


def said(row: dict) -> list[tuple[str, str]]:
    return [(message["role"], message["content"]) for message in row["messages"]]
