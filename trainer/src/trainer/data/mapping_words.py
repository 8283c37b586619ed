"""A mapping as a sentence that names its columns."""

from trainer.data.fields import Mapping
from trainer.data.xtuner import SIGNATURES


def describe_mapping(mapping: Mapping) -> str:
    """A mapping as a sentence that names its columns."""
    columns = {role: f"“{name}”" for role, name in mapping["columns"].items() if name}
    form, tags = mapping["format"], mapping["tags"]
    if form == "xtuner":
        needed = sorted(SIGNATURES.get(mapping["xtunerMap"] or "conversation", ()))
        names = ", ".join(f"“{name}”" for name in needed)
        return f"XTuner's {mapping['xtunerMap']}" + (f" with {names}." if names else ".")
    if form == "text":
        return f"plain text in {columns.get('text', 'every row')}."
    if form in ("messages", "sharegpt"):
        keys = f"“{tags['roleKey']}” and “{tags['contentKey']}”" if tags else "roles"
        return f"a list {columns.get('messages', '')} of turns with {keys}{also(columns, 'tools', 'system')}."
    if form == "preference":
        before = columns.get("messages") or columns.get("prompt") or "the shared beginning of both"
        return f"a pair of answers {columns.get('chosen')} and {columns.get('rejected')} to {before}{also(columns, 'system', 'tools')}."
    if form == "kto":
        answer = columns.get("response") or columns.get("messages")
        return f"an answer in {answer}, with {columns.get('label')} for whether it is wanted{also(columns, 'prompt', 'system')}."
    if form == "ranked":
        return f"ranked answers in {columns.get('responses')} to {columns.get('prompt') or columns.get('messages')}."
    beside = also(columns, "query", "history", "system", "tools")
    return f"a question in {columns.get('prompt')}, an answer in {columns.get('response')}{beside}."


def also(columns: dict[str, str], *roles: str) -> str:
    found = [columns[role] for role in roles if role in columns]
    return f", with {', '.join(found)}" if found else ""
