import type { DatasetRow, Message, ToolCall } from "../contract/dataset";
import type { RowForm } from "../contract/dataset-names";

/** A row in another form, or why that form has no place for it. */
export type Written = { record: Record<string, unknown> } | { left: LeftReason };
export type LeftReason = "not_alternating" | "no_answer" | "tools_in_alpaca" | "text_beside_call" | "ranked_as_pair";

export const leftReasons: Record<LeftReason, string> = {
  not_alternating: "turns of people and of the model do not take turns, which this form needs",
  no_answer: "the conversation does not end with an answer",
  tools_in_alpaca: "tools are called, for which alpaca has no place",
  text_beside_call: "a turn says something and calls a tool, for which sharegpt has no place",
  ranked_as_pair: "fewer than two answers are ranked",
};

/** A row that trains, as a record of the form. */
export function writeRow(row: DatasetRow, form: Exclude<RowForm, "csv">): Written {
  switch (form) {
    case "jsonl":
      return { record: { ...row } };
    case "messages":
      return { record: asMessages(row) };
    case "sharegpt":
      return row.text === null ? asSharegpt(row) : { record: { text: row.text } };
    case "alpaca":
      return row.text === null ? asAlpaca(row) : { record: { text: row.text } };
    case "parquet":
      return { record: asTrl(row) };
  }
}

/** Forms that have a place for every row. */
export const fitsAll = (form: RowForm): boolean => form === "jsonl" || form === "messages" || form === "parquet";

/** As trl takes it, with columns of one type each: definitions of tools, which all differ, as JSON text. */
function asTrl({ text, messages, tools, rejected, ranked, label }: DatasetRow): Record<string, unknown> {
  if (text !== null) return { text };
  const turns = (messages ?? []).map(asOpenAi);
  const beside = tools === null ? {} : { tools: JSON.stringify(tools) };
  const [prompt, answer] = [turns.slice(0, -1), turns.slice(-1)];
  if (rejected !== null) return { prompt, chosen: answer, rejected: [asOpenAi(rejected)], ...beside };
  if (ranked !== null) return { prompt, responses: ranked.map(spoken), ...beside };
  if (label !== null) return { prompt, completion: answer, label, ...beside };
  return { messages: turns, ...beside };
}

/** As OpenAI's fine-tuning takes it. */
function asMessages({ text, messages, tools, rejected, ranked, label }: DatasetRow): Record<string, unknown> {
  if (text !== null) return { text };
  return {
    messages: (messages ?? []).map(asOpenAi),
    ...(tools && { tools }),
    ...(rejected && { rejected: asOpenAi(rejected) }),
    ...(ranked && { ranked: ranked.map(asOpenAi) }),
    ...(label !== null && { label }),
  };
}

const asOpenAi = ({ role, content, reasoning, toolCalls, name, train }: Message): Record<string, unknown> => ({
  role,
  content,
  ...(reasoning !== undefined && { reasoning_content: reasoning }),
  ...(toolCalls && {
    tool_calls: toolCalls.map((call) => ({
      ...(call.id !== null && { id: call.id }),
      type: "function",
      function: { name: call.name, arguments: call.arguments },
    })),
  }),
  ...(name !== undefined && { name }),
  ...(train === false && { weight: 0 }),
});

/** As LLaMA-Factory reads it with its default names: from, value, human, gpt, observation, function_call. */
function asSharegpt(row: DatasetRow): Written {
  const { system, turns } = split(row);
  const conversations: { from: string; value: string }[] = [];
  for (const turn of turns) {
    if (turn.toolCalls && turn.content.trim() !== "") return { left: "text_beside_call" };
    const last = conversations.at(-1);
    // Results of several tools that were called at once are one turn there.
    if (turn.role === "tool" && last?.from === "observation") last.value += `\n${turn.content}`;
    else conversations.push({ from: speaker(turn), value: spoken(turn) });
  }
  const trouble = orderTrouble(conversations.map(({ from }) => from === "human" || from === "observation"));
  if (trouble !== null) return { left: trouble };
  const tools = row.tools === null ? "" : JSON.stringify(row.tools);
  const pair = pairOf(row);
  if (pair === "none") return { left: "ranked_as_pair" };
  if (pair !== null)
    return {
      record: {
        conversations: conversations.slice(0, -1),
        chosen: { from: "gpt", value: spoken(pair.chosen) },
        rejected: { from: "gpt", value: spoken(pair.rejected) },
        system,
        tools,
      },
    };
  return { record: { conversations, system, tools, ...(row.label !== null && { kto_tag: row.label }) } };
}

function asAlpaca(row: DatasetRow): Written {
  const { system, turns } = split(row);
  if (row.tools !== null || turns.some(({ role, toolCalls }) => role === "tool" || toolCalls)) return { left: "tools_in_alpaca" };
  const trouble = orderTrouble(turns.map(({ role }) => role === "user"));
  if (trouble !== null) return { left: trouble };
  const texts = turns.map(spoken);
  const history = Array.from({ length: texts.length / 2 - 1 }, (_, n) => [texts[2 * n], texts[2 * n + 1]]);
  const common = { instruction: texts.at(-2) ?? "", input: "", history, system };
  const pair = pairOf(row);
  if (pair === "none") return { left: "ranked_as_pair" };
  if (pair !== null) return { record: { ...common, chosen: spoken(pair.chosen), rejected: spoken(pair.rejected) } };
  return { record: { ...common, output: texts.at(-1) ?? "", ...(row.label !== null && { kto_tag: row.label }) } };
}

/** Of a ranking the best and the worst answer; null for a row that is no comparison. */
function pairOf({ messages, rejected, ranked }: DatasetRow): { chosen: Message; rejected: Message } | "none" | null {
  const chosen = messages?.at(-1);
  if (rejected !== null && chosen !== undefined) return { chosen, rejected };
  if (ranked === null) return null;
  const [best, worst] = [ranked.at(0), ranked.at(-1)];
  return ranked.length < 2 || best === undefined || worst === undefined ? "none" : { chosen: best, rejected: worst };
}

function split({ messages }: DatasetRow): { system: string; turns: Message[] } {
  const [first, ...rest] = messages ?? [];
  return first?.role === "system" ? { system: first.content, turns: rest } : { system: "", turns: messages ?? [] };
}

/** Those who ask stand at even places, the model at odd ones, and the model has the last word. */
function orderTrouble(asks: boolean[]): "not_alternating" | "no_answer" | null {
  if (asks.length === 0 || asks.length % 2 === 1) return "no_answer";
  return asks.every((asking, place) => asking === (place % 2 === 0)) ? null : "not_alternating";
}

function speaker({ role, toolCalls }: Message): string {
  if (role === "assistant") return toolCalls ? "function_call" : "gpt";
  return { user: "human", tool: "observation", system: "system" }[role];
}

function spoken({ content, reasoning, toolCalls }: Message): string {
  const said = toolCalls ? calls(toolCalls) : content;
  return reasoning === undefined ? said : `<think>\n${reasoning}\n</think>\n\n${said}`;
}

function calls(toolCalls: readonly ToolCall[]): string {
  const all = toolCalls.map(({ name, arguments: text }) => ({ name, arguments: parse(text) }));
  return JSON.stringify(all.length === 1 ? all[0] : all);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
