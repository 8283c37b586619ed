/** Beside the schemas and without zod: the browser lists these names, and its pages load no schemas for it. */
export const datasetFormats = [
  "alpaca",
  "sharegpt",
  "messages",
  "prompt_completion",
  "preference",
  "kto",
  "ranked",
  "text",
  "xtuner",
] as const;

/** XTuner's map functions (reference/seeds.md 8.2); `conversation` is its own form. */
export const xtunerMaps = [
  "conversation",
  "alpaca",
  "alpaca_zh",
  "default",
  "oasst1",
  "openai",
  "openorca",
  "wizardlm",
  "medical",
  "law_reference",
  "crime_kg_assitant",
  "sql",
  "code_alpaca",
  "tiny_codes",
  "stack_exchange",
  "arxiv",
  "colors",
  "msagent_react",
  "pretrain",
] as const;

/** How a row of one version can differ from the other. */
export const differences = ["changed", "removed", "added"] as const;

/** Forms in which rows leave as a file: ours, OpenAI's messages, those of LLaMA-Factory, and Parquet as trl and `datasets` read it. */
export const rowForms = ["jsonl", "messages", "sharegpt", "alpaca", "csv", "parquet"] as const;
export type RowForm = (typeof rowForms)[number];
