"""XTuner's own form, `conversation`, and the map functions that bring known sets into it (reference: seeds 8.2).

What they do by accident and people rely on is kept: the line end behind an instruction without input, <nooutput>, the odd last turn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trainer.data.fields import Message, Reader, from_json, need
from trainer.data.problems import refuse
from trainer.data.react import react_turns
from trainer.data.sentences import say
from trainer.data.turns import check_order

Turns = dict[str, Any]
LAWYER = "你现在是一名专业的中国律师，请根据用户的问题给出准确、有理有据的回复。\n"
DOCTOR = "如果你是一名医生，请根据患者的描述回答医学问题。\n"
SQL = "If you are an expert in SQL, please generate a good SQL Query for Question based on the CREATE TABLE statement.\n"
CODER = "You are a professional programer. Please provide the corresponding code based on the description of Human.\n"
COLORIST = "You are a professional color designer. Please provide the corresponding colors based on the description of Human.\n"
TITLES = (
    "If you are an expert in writing papers, please generate a good paper title for this paper "
    "based on other authors' descriptions of their abstracts.\n"
)
SKIPPED_ANSWER = "<nooutput>"


@dataclass(frozen=True)
class Pair:
    """Columns that make a question (joined by a line end) and its answer; `system_column` or a fixed system text before it."""

    question: tuple[str, ...]
    answer: str
    system: str = ""
    system_column: str | None = None

    def __call__(self, reader: Reader, value: Any) -> Turns:
        fields = reader.row(value)
        parts = [reader.text(self.take(fields, name), name) for name in self.question]
        answer = reader.text(need(fields, self.answer), self.answer)
        if answer == SKIPPED_ANSWER:
            refuse("no_output", self.answer, answer, say("says_no_output"))
        own = reader.text(fields.get(self.system_column) or "", self.system_column) if self.system_column else ""
        return finish(reader, own or self.system, [("\n".join(parts), answer)], [(self.question[0], self.answer)])

    def take(self, fields: dict[str, Any], name: str) -> Any:
        """An input beside an instruction may be empty or null; its line end stays, as in XTuner."""
        beside = len(self.question) > 1 and name in ("input", "input_zh")
        return (fields.get(name) or "") if beside else need(fields, name)


def convert_conversation(reader: Reader, value: Any) -> Turns:
    fields = reader.row(value)
    turns = from_json(need(fields, "conversation"))
    if not isinstance(turns, list) or not turns:
        refuse("not_a_list", "conversation", turns, say("turns_empty", field="conversation"))
    messages: list[Message] = []
    names: list[str] = []
    for index, turn in enumerate(turns):
        field = f"conversation[{index}]"
        if not isinstance(turn, dict):
            refuse("not_an_object", field, turn, say("turn_no_object", role="input", content="output"))
        for role, key in (("system", "system"), ("user", "input"), ("assistant", "output")):
            text = reader.text(need(turn, key, field) if key == "output" else turn.get(key) or "", f"{field}.{key}")
            if text.strip() or key == "output":
                messages.append({"role": role, "content": text})
                names.append(f"{field}.{key}")
        if turn.get("output_with_loss") in (False, "false", "False"):
            messages[-1]["train"] = False
    if len(messages) == 1:
        return plain_text(messages[0]["content"], names[0])
    return {"messages": check_order(reader, with_system(reader, messages), lambda index: names[min(index, len(names) - 1)])}


def convert_oasst1(reader: Reader, value: Any) -> Turns:
    """One text in which Human and Assistant speak in turn; a last question without an answer is left out."""
    text = reader.text(need(reader.row(value), "text"), "text")
    said = [piece.strip() for piece in text.strip().split("###")]
    spoken = [piece.partition(":")[2].strip() for piece in said if piece.startswith(("Human:", "Assistant:"))]
    if len(spoken) < 2:
        refuse("no_assistant_turn", "text", text, say("no_spoken_pair"))
    pairs = list(zip(spoken[::2], spoken[1::2], strict=False))
    return finish(reader, "", pairs, [("text", "text")] * len(pairs))


def convert_openai(reader: Reader, value: Any) -> Turns:
    """Answers before the first question are skipped, questions in a row are joined without a sign between, `loss` marks answers."""
    turns = from_json(need(reader.row(value), "messages"))
    if not isinstance(turns, list):
        refuse("not_a_list", "messages", turns, say("turns_no_list", field="messages"))
    messages: list[Message] = []
    for index, turn in enumerate(turns):
        field = f"messages[{index}]"
        if not isinstance(turn, dict):
            refuse("not_an_object", field, turn, say("turn_no_object", role="role", content="content"))
        role = need(turn, "role", field)
        if role not in ("system", "user", "assistant"):
            refuse("unknown_role", f"{field}.role", role, say("role_not_of_map", roles="system, user, assistant"))
        message: Message = {"role": role, "content": reader.text(need(turn, "content", field), f"{field}.content")}
        if role == "assistant" and not messages:
            continue
        if role == "assistant" and str(turn.get("loss", True)).lower() != "true":
            message["train"] = False
        if role == "user" and messages and messages[-1]["role"] == "user":
            messages[-1]["content"] += message["content"]
        else:
            messages.append(message)
    return {"messages": check_order(reader, with_system(reader, messages), lambda _: "messages")}


def convert_wizardlm(reader: Reader, value: Any) -> Turns:
    turns = from_json(need(reader.row(value), "conversations"))
    if not isinstance(turns, list):
        refuse("not_a_list", "conversations", turns, say("turns_no_list", field="conversations"))
    roles = {"human": "user", "gpt": "assistant"}
    messages: list[Message] = []
    for index, turn in enumerate(turns):
        field = f"conversations[{index}]"
        if not isinstance(turn, dict):
            refuse("not_an_object", field, turn, say("turn_no_object", role="from", content="value"))
        who = need(turn, "from", field)
        if not isinstance(who, str) or who not in roles:
            refuse("unknown_role", f"{field}.from", who, say("role_not_of_map", roles="human, gpt"))
        if who == "gpt" and not messages:
            continue
        messages.append({"role": roles[who], "content": reader.text(need(turn, "value", field), f"{field}.value")})
    return {"messages": check_order(reader, with_system(reader, messages), lambda index: f"conversations[{index}].value")}


def convert_colors(reader: Reader, value: Any) -> Turns:
    fields = reader.row(value)
    description = reader.text(need(fields, "description"), "description")
    if ":" not in description:
        refuse("missing", "description", description, say("no_colon"))
    color = reader.text(need(fields, "color"), "color")
    return finish(reader, COLORIST, [(description.partition(":")[2].strip(), color)], [("description", "color")])


def convert_react(reader: Reader, value: Any) -> Turns:
    turns = from_json(need(reader.row(value), "conversations"))
    messages = react_turns(turns, "conversations")
    return {"messages": check_order(reader, messages, lambda _: "conversations")}


def convert_pretrain(reader: Reader, value: Any) -> Turns:
    return plain_text(reader.text(need(reader.row(value), "text"), "text").strip(), "text")


def finish(reader: Reader, system: str, pairs: list[tuple[str, str]], names: list[tuple[str, str]]) -> Turns:
    messages: list[Message] = [{"role": "system", "content": system}] if system.strip() else []
    for question, answer in pairs:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    messages = with_system(reader, messages)
    offset = messages[0]["role"] == "system"
    flat = [name for pair in names for name in pair]
    return {"messages": check_order(reader, messages, lambda index: flat[max(0, index - offset)])}


def with_system(reader: Reader, messages: list[Message]) -> list[Message]:
    default = reader.mapping.get("systemText") or ""
    if default.strip() and messages and messages[0]["role"] != "system":
        return [{"role": "system", "content": default}, *messages]
    return messages


def plain_text(text: str, field: str) -> Turns:
    """Nothing is asked: the whole text is learned, as in pre-training."""
    if not text.strip():
        refuse("empty_text", field, text, say("empty_text"))
    return {"text": text}


MAPS: dict[str, Callable[[Reader, Any], Turns]] = {
    "conversation": convert_conversation,
    "alpaca": Pair(("instruction", "input"), "output"),
    "alpaca_zh": Pair(("instruction_zh", "input_zh"), "output_zh"),
    "default": Pair(("input",), "output"),
    "oasst1": convert_oasst1,
    "openai": convert_openai,
    "openorca": Pair(("question",), "response", system_column="system_prompt"),
    "wizardlm": convert_wizardlm,
    "medical": Pair(("instruction", "input"), "output", system=DOCTOR),
    "law_reference": Pair(("question",), "answer", system=LAWYER),
    "crime_kg_assitant": Pair(("input",), "output", system=LAWYER),
    "sql": Pair(("context", "question"), "answer", system=SQL),
    "code_alpaca": Pair(("prompt",), "completion", system=CODER),
    "tiny_codes": Pair(("prompt",), "response", system=CODER),
    "stack_exchange": Pair(("question",), "response"),
    "arxiv": Pair(("abstract",), "title", system=TITLES),
    "colors": convert_colors,
    "msagent_react": convert_react,
    "pretrain": convert_pretrain,
}
"""Columns by which a map function is told from the others; those that read common columns are only taken when somebody says so."""
SIGNATURES: dict[str, frozenset[str]] = {
    "conversation": frozenset({"conversation"}),
    "alpaca_zh": frozenset({"instruction_zh", "output_zh"}),
    "openorca": frozenset({"system_prompt", "question", "response"}),
    "sql": frozenset({"context", "question", "answer"}),
    "arxiv": frozenset({"abstract", "title"}),
    "colors": frozenset({"description", "color"}),
    "stack_exchange": frozenset({"question", "response"}),
    "law_reference": frozenset({"question", "answer", "reference"}),
}
