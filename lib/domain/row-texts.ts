import type { DatasetRow, Message } from "../contract/dataset";

/** All that a row says, by field: two rows are compared text by text. */
export function textsOf(row: DatasetRow | null): Map<string, string> {
  const texts = new Map<string, string>();
  if (row === null) return texts;
  if (row.text !== null) texts.set("text", row.text);
  for (const [at, message] of (row.messages ?? []).entries()) addMessage(texts, `messages[${at}]`, message);
  if (row.rejected !== null) addMessage(texts, "rejected", row.rejected);
  for (const [at, message] of (row.ranked ?? []).entries()) addMessage(texts, `ranked[${at}]`, message);
  if (row.tools !== null) texts.set("tools", JSON.stringify(row.tools, null, 1));
  if (row.label !== null) texts.set("label", String(row.label));
  return texts;
}

function addMessage(texts: Map<string, string>, field: string, { role, content, reasoning, toolCalls, name, train }: Message): void {
  texts.set(`${field}.role`, role);
  if (reasoning !== undefined) texts.set(`${field}.reasoning`, reasoning);
  texts.set(`${field}.content`, content);
  for (const [at, call] of (toolCalls ?? []).entries()) texts.set(`${field}.toolCalls[${at}]`, `${call.name}(${call.arguments})`);
  if (name !== undefined) texts.set(`${field}.name`, name);
  if (train === false) texts.set(`${field}.train`, "false");
}
