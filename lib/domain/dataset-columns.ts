import type { DatasetColumns } from "../contract/dataset";

/** The start of every mapping: no column has a role. */
export const noColumns: DatasetColumns = {
  prompt: null,
  query: null,
  response: null,
  history: null,
  system: null,
  messages: null,
  tools: null,
  chosen: null,
  rejected: null,
  label: null,
  responses: null,
  text: null,
};
