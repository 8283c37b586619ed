import type { DatasetColumns, DatasetFormat, DatasetMapping, DatasetTags } from "@/lib/contract/dataset";
import { noColumns } from "@/lib/domain/dataset-columns";

export type ColumnRole = keyof DatasetColumns;

/** Roles that a format knows; the first group must be there. */
export const rolesOf: Record<DatasetFormat, { needed: readonly ColumnRole[]; optional: readonly ColumnRole[] }> = {
  alpaca: { needed: ["prompt", "response"], optional: ["query", "system", "history"] },
  sharegpt: { needed: ["messages"], optional: ["system", "tools"] },
  messages: { needed: ["messages"], optional: ["system", "tools"] },
  prompt_completion: { needed: ["prompt", "response"], optional: ["system"] },
  preference: { needed: ["chosen", "rejected"], optional: ["prompt", "query", "messages", "system", "tools"] },
  kto: { needed: ["label"], optional: ["prompt", "query", "response", "messages", "system"] },
  ranked: { needed: ["prompt", "responses"], optional: ["query", "system"] },
  text: { needed: ["text"], optional: [] },
  xtuner: { needed: [], optional: [] },
};

export const sharegptTags: DatasetTags = {
  roleKey: "from",
  contentKey: "value",
  system: ["system"],
  user: ["human", "user"],
  assistant: ["gpt", "assistant"],
  tool: ["observation", "tool"],
  functionCall: ["function_call"],
};

export const messagesTags: DatasetTags = {
  roleKey: "role",
  contentKey: "content",
  system: ["system", "developer"],
  user: ["user"],
  assistant: ["assistant"],
  tool: ["tool"],
  functionCall: ["function_call"],
};

const hasTurns: readonly DatasetFormat[] = ["sharegpt", "messages", "preference", "kto"];

export const emptyMapping: DatasetMapping = { format: "alpaca", columns: noColumns, tags: null, xtunerMap: null, systemText: null };

/** Another format keeps the columns whose role it knows too. */
export function withFormat(mapping: DatasetMapping, format: DatasetFormat): DatasetMapping {
  const { needed, optional } = rolesOf[format];
  const known = new Set<string>([...needed, ...optional]);
  const columns = Object.fromEntries(Object.entries(mapping.columns).map(([role, column]) => [role, known.has(role) ? column : null]));
  const tags = hasTurns.includes(format) ? (mapping.tags ?? (format === "sharegpt" ? sharegptTags : messagesTags)) : null;
  return {
    ...mapping,
    format,
    columns: { ...noColumns, ...columns },
    tags,
    xtunerMap: format === "xtuner" ? (mapping.xtunerMap ?? "conversation") : null,
  };
}

/** A column has one role, and a role one column. */
export function withRole(mapping: DatasetMapping, column: string, role: ColumnRole | null): DatasetMapping {
  const columns = Object.fromEntries(Object.entries(mapping.columns).map(([name, taken]) => [name, taken === column ? null : taken]));
  return { ...mapping, columns: { ...noColumns, ...columns, ...(role !== null && { [role]: column }) } };
}

export const roleOf = (mapping: DatasetMapping, column: string): ColumnRole | null =>
  roles.find((role) => mapping.columns[role] === column) ?? null;

export const missingRoles = (mapping: DatasetMapping): ColumnRole[] =>
  rolesOf[mapping.format].needed.filter((role) => mapping.columns[role] === null);

export const readTags = (text: string): string[] =>
  text
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");

const roles: readonly ColumnRole[] = [
  "prompt",
  "query",
  "response",
  "history",
  "system",
  "messages",
  "tools",
  "chosen",
  "rejected",
  "label",
  "responses",
  "text",
];
