"""A mapping as a sentence that names its columns."""

from trainer.data.fields import Mapping
from trainer.data.sentences import Sentence, say
from trainer.data.xtuner import SIGNATURES


def describe_mapping(mapping: Mapping) -> Sentence:
    columns = {role: name for role, name in mapping["columns"].items() if name}
    form, tags = mapping["format"], mapping["tags"] or {"roleKey": "role", "contentKey": "content"}
    if form == "xtuner":
        return describe_map(mapping["xtunerMap"] or "conversation")
    if form == "text":
        return say("form_text", text=columns["text"]) if "text" in columns else say("form_text_lines")
    if form in ("messages", "sharegpt"):
        words = say("form_turns", turns=columns.get("messages", "–"), role=tags["roleKey"], content=tags["contentKey"])
        return with_others(words, columns, "tools", "system")
    if form == "preference":
        sides = {side: columns.get(side, "–") for side in ("chosen", "rejected")}
        before = columns.get("messages") or columns.get("prompt")
        words = say("form_preference", **sides, before=before) if before else say("form_preference_shared", **sides)
        return with_others(words, columns, "system", "tools")
    if form == "kto":
        answer = columns.get("response") or columns.get("messages") or "–"
        return with_others(say("form_kto", answer=answer, label=columns.get("label", "–")), columns, "prompt", "system")
    if form == "ranked":
        return say("form_ranked", answers=columns.get("responses", "–"), prompt=columns.get("prompt") or columns.get("messages") or "–")
    words = say("form_pair", prompt=columns.get("prompt", "–"), response=columns.get("response", "–"))
    return with_others(words, columns, "query", "history", "system", "tools")


def describe_map(name: str) -> Sentence:
    needed = ", ".join(f"“{column}”" for column in sorted(SIGNATURES.get(name, ())))
    return say("form_xtuner_columns", map=name, columns=needed) if needed else say("form_xtuner", map=name)


def with_others(words: Sentence, columns: dict[str, str], *roles: str) -> Sentence:
    found = ", ".join(f"“{columns[role]}”" for role in roles if role in columns)
    return words + say("form_beside", columns=found) if found else words
