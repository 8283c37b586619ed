import type { DatasetMapping } from "../../../lib/contract/dataset";
import { noColumns } from "../../../lib/domain/dataset-columns";

/** How the demo's files are read; known, so that the first start need not guess. */
export const chatMapping: DatasetMapping = {
  format: "messages",
  columns: { ...noColumns, messages: "messages" },
  tags: {
    roleKey: "role",
    contentKey: "content",
    system: ["system"],
    user: ["user"],
    assistant: ["assistant"],
    tool: ["tool"],
    functionCall: [],
  },
  xtunerMap: null,
  systemText: null,
};

export const alpacaMapping: DatasetMapping = {
  format: "alpaca",
  columns: { ...noColumns, prompt: "instruction", query: "input", response: "output" },
  tags: null,
  xtunerMap: null,
  systemText: null,
};
