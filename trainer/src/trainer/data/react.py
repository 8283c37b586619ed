"""ModelScope's agent dialogues as Thought, Action, Response and Final Answer: what XTuner's msagent_react makes of them."""

import json
import re
from typing import Any

from trainer.data.fields import Message
from trainer.data.problems import refuse
from trainer.data.sentences import say

THINK = re.compile(r"(.*?)<\|startofthink\|>(.*?)<\|endofthink\|>", re.DOTALL)
EXEC = re.compile(r"<\|startofexec\|>(.*?)<\|endofexec\|>(.*)$", re.DOTALL)
EXEC_START = "<|startofexec|>"
RULES = """如果使用工具请遵循以下格式回复：
```
Thought:思考你当前步骤需要解决什么问题，是否需要使用工具
Action:工具名称，你的工具必须从 [{names}] 选择
Action Input:工具输入参数
```
工具返回按照以下格式回复：
```
Response:调用工具后的结果
```
如果你已经知道了答案，或者你不需要工具，请遵循以下格式回复
```
Thought:给出最终答案的思考过程
Final Answer:最终答案
```
开始!
"""


def react_turns(turns: Any, field: str) -> list[Message]:
    if not isinstance(turns, list) or len(turns) < 2:
        refuse("not_a_list", field, turns, say("turns_few"))
    messages: list[Message] = []
    for index, turn in enumerate(turns):
        place = f"{field}[{index}]"
        if not isinstance(turn, dict) or not isinstance(turn.get("value"), str):
            refuse("not_an_object", place, turn, say("turn_no_object", role="from", content="value"))
        who, text = turn.get("from"), turn["value"]
        if who == "system":
            messages.append({"role": "system", "content": describe_tools(text)})
        elif who == "user":
            messages.append({"role": "user", "content": f"{text}\n"})
        elif who == "assistant":
            messages += answer_turns(text, place)
        else:
            refuse("unknown_role", f"{place}.from", who, say("role_not_of_map", roles="system, user, assistant"))
    return messages


def answer_turns(text: str, field: str) -> list[Message]:
    """An answer, and where a tool was run: what it said, and the final answer."""
    said, mark, run = text.partition(EXEC_START)
    try:
        words, calls = THINK.subn(write_action, said)
        message: Message = {"role": "assistant", "content": f"{words}\n" if calls else f"Final Answer:{words}\n"}
        return [message, *(result_turns(mark + run) if mark else [])]
    except (ValueError, KeyError, TypeError) as error:
        refuse("bad_tool_call", field, text, say("call_unreadable", words=str(error)))


def write_action(match: re.Match[str]) -> str:
    thought = match.group(1).strip()
    call = read_fenced(match.group(2))
    return (f"Thought:{thought}\n" if thought else "") + f"Action:{call['api_name']}\nAction Input:{call['parameters']}\n"


def result_turns(text: str) -> list[Message]:
    match = EXEC.match(text)
    if match is None:
        return []
    result: Message = {"role": "tool", "content": f"Response:{read_fenced(match.group(1))}\n"}
    final = match.group(2).strip()
    return [result, {"role": "assistant", "content": f"Final Answer:{final}\n"}] if final else []


def read_fenced(text: str) -> Any:
    return json.loads(text.replace("```JSON", "").replace("```", "").replace("\n", ""))


def describe_tools(text: str) -> str:
    tools = {tool["name"]: describe_tool(tool) for tool in find_objects(text)}
    return f"你是一个可以调用外部工具的助手，可以使用的工具包括：\n{tools}\n{RULES.format(names=list(tools))}"


def describe_tool(tool: dict[str, Any]) -> str:
    try:
        inputs = {each["name"]: each["description"] for each in tool["paths"][0]["parameters"]}
    except (LookupError, TypeError):
        return str(tool["description"])
    return f"{tool['description']}\n输入参数: {inputs}"


def find_objects(text: str) -> list[dict[str, Any]]:
    decoder, found, at = json.JSONDecoder(), [], text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            value, end = None, at + 1
        named = isinstance(value, dict) and "name" in value and "description" in value
        if named:
            found.append(value)
        at = text.find("{", end if named else at + 1)
    return found
