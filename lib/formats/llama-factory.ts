import { type DatasetColumns, type DatasetFormat, DatasetMapping, type DatasetTags } from "../contract/dataset";
import { noColumns } from "../domain/dataset-columns";

/** One entry of dataset_info.json as LLaMA-Factory itself understands it. */
export type LlamaFactoryEntry = {
  name: string;
  /** File or folder below the folder of the registry; null where the rows come from elsewhere. */
  fileName: string | null;
  hub: { repo: string; subset: string | null; split: string } | null;
  formatting: string;
  mapping: DatasetMapping | null;
  /** Why it can't be added. */
  trouble: string | null;
  /** What reads other than one may think. */
  notes: string[];
};

type Fields = Record<string, unknown>;

/** All entries, those included that can't be used; throws a sentence where the text is no registry at all. */
export function parseRegistry(text: string): LlamaFactoryEntry[] {
  let all: unknown;
  try {
    all = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new Error(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isFields(all)) throw new Error("It is no JSON object of data sets by name.");
  return Object.entries(all).map(([name, value]) => readEntry(name, value));
}

export function readEntry(name: string, value: unknown): LlamaFactoryEntry {
  if (!isFields(value)) return { ...nothing(name), trouble: "The entry is no JSON object." };
  const formatting = textOf(value.formatting) ?? "alpaca";
  const hub = textOf(value.hf_hub_url);
  const { mapping, trouble } = withinBounds(readMapping(value, formatting));
  return {
    name,
    fileName: hub === null ? textOf(value.file_name) : null,
    hub: hub === null ? null : { repo: hub, subset: textOf(value.subset), split: textOf(value.split) ?? "train" },
    formatting,
    mapping,
    trouble: troubleOf(value) ?? trouble,
    notes: notesOf(value),
  };
}

/** How a set of ours is named in a registry that LLaMA-Factory reads. Every column is said: what is left out would be unset. */
export type RegistryForm = "sharegpt" | "preference" | "kto" | "text";

export function writeEntry(fileName: string, form: RegistryForm): Record<string, unknown> {
  switch (form) {
    case "sharegpt":
      return { file_name: fileName, formatting: "sharegpt", columns: { messages: "conversations", system: "system", tools: "tools" } };
    case "kto":
      return {
        file_name: fileName,
        formatting: "sharegpt",
        columns: { messages: "conversations", system: "system", tools: "tools", kto_tag: "kto_tag" },
      };
    case "preference":
      return {
        file_name: fileName,
        ranking: true,
        columns: { prompt: "instruction", query: "input", history: "history", system: "system", chosen: "chosen", rejected: "rejected" },
      };
    case "text":
      return { file_name: fileName, columns: { prompt: "text" } };
  }
}

/** The keys of DatasetColumns and their names in the registry, with the default that holds where there is no `columns`. */
const columnNames = {
  prompt: ["prompt", "instruction"],
  query: ["query", "input"],
  response: ["response", "output"],
  history: ["history", null],
  system: ["system", null],
  messages: ["messages", "conversations"],
  tools: ["tools", null],
  chosen: ["chosen", null],
  rejected: ["rejected", null],
  label: ["kto_tag", null],
} as const satisfies Partial<Record<keyof DatasetColumns, readonly [string, string | null]>>;

const tagNames = {
  role: ["role_tag", "from"],
  content: ["content_tag", "value"],
  user: ["user_tag", "human"],
  assistant: ["assistant_tag", "gpt"],
  observation: ["observation_tag", "observation"],
  function: ["function_tag", "function_call"],
  system: ["system_tag", "system"],
} as const;

function readMapping(entry: Fields, formatting: string): { mapping: DatasetMapping | null; trouble: string | null } {
  const columns = readColumns(entry.columns);
  switch (formatting) {
    case "alpaca":
      return { mapping: alpaca(columns, entry.ranking === true), trouble: null };
    case "sharegpt":
    case "openai": {
      const tags = readTags(entry.tags);
      const format = formatting === "openai" ? "messages" : "sharegpt";
      return { mapping: tags && turns(format, columns, tags, entry.ranking === true), trouble: null };
    }
    default:
      return { mapping: null, trouble: `The formatting “${formatting}” is not known: alpaca, sharegpt or openai.` };
  }
}

/** Names as long as nobody writes them, which nothing else here would take. */
function withinBounds(read: ReturnType<typeof readMapping>): ReturnType<typeof readMapping> {
  if (read.mapping === null) return read;
  const [wrong] = DatasetMapping.safeParse(read.mapping).error?.issues ?? [];
  return wrong === undefined ? read : { mapping: null, trouble: `Its ${wrong.path.join(".")} can't be used: ${wrong.message}.` };
}

function alpaca(columns: DatasetColumns, ranking: boolean): DatasetMapping | null {
  const { prompt, query, response, history, system, chosen, rejected, label } = columns;
  if (ranking) {
    if (chosen === null || rejected === null) return null;
    return mapping("preference", { prompt, query, history, system, chosen, rejected });
  }
  if (label !== null) return mapping("kto", { prompt, query, response, history, system, label });
  if (response === null && prompt !== null) return mapping("text", { text: prompt });
  return mapping("alpaca", { prompt, query, response, history, system });
}

function turns(format: DatasetFormat, columns: DatasetColumns, tags: DatasetTags, ranking: boolean): DatasetMapping | null {
  const { messages, system, tools, chosen, rejected, label } = columns;
  if (messages === null) return null;
  if (ranking)
    return chosen === null || rejected === null ? null : mapping("preference", { messages, system, tools, chosen, rejected }, tags);
  return label === null ? mapping(format, { messages, system, tools }, tags) : mapping("kto", { messages, system, tools, label }, tags);
}

const mapping = (format: DatasetFormat, columns: Partial<DatasetColumns>, tags: DatasetTags | null = null): DatasetMapping => ({
  format,
  columns: { ...noColumns, ...columns },
  tags,
  xtunerMap: null,
  systemText: null,
});

/** The trap: where `columns` stands at all, every name that it leaves out is unset. */
function readColumns(given: unknown): DatasetColumns {
  const columns = { ...noColumns };
  for (const [role, [key, fallback]] of Object.entries(columnNames))
    Object.assign(columns, { [role]: isFields(given) ? textOf(given[key]) : fallback });
  return columns;
}

/** The same trap with `tags`; without the names of role and content nothing can be read. */
function readTags(given: unknown): DatasetTags | null {
  const tag = (name: keyof typeof tagNames): string | null => {
    const [key, fallback] = tagNames[name];
    return isFields(given) ? textOf(given[key]) : fallback;
  };
  const list = (name: keyof typeof tagNames): string[] => [tag(name)].filter((value) => value !== null);
  const roleKey = tag("role");
  const contentKey = tag("content");
  if (roleKey === null || contentKey === null) return null;
  return {
    roleKey,
    contentKey,
    system: list("system"),
    user: list("user"),
    assistant: list("assistant"),
    tool: list("observation"),
    functionCall: list("function"),
  };
}

function troubleOf(entry: Fields): string | null {
  const columns = isFields(entry.columns) ? entry.columns : {};
  const media = ["images", "videos", "audios"].filter((name) => textOf(columns[name]) !== null);
  if (media.length > 0) return `It trains on ${media.join(" and ")}, which are not supported yet.`;
  if (textOf(entry.hf_hub_url) !== null) return null;
  if (textOf(entry.ms_hub_url) !== null || textOf(entry.om_hub_url) !== null)
    return "Its rows are only on ModelScope or Modelers. Download the files and give their path.";
  if (entry.script_url !== undefined) return "Its rows are made by a script, which would run code of others. Export them to a file first.";
  if (entry.cloud_file_name !== undefined) return "Its file is in a cloud store. Download it and give its path.";
  return textOf(entry.file_name) === null ? "The entry names neither a file nor a data set of the hub." : null;
}

const knownKeys = new Set(
  "hf_hub_url ms_hub_url om_hub_url script_url cloud_file_name file_name formatting ranking subset split folder num_samples columns tags".split(
    " ",
  ),
);

function notesOf(entry: Fields): string[] {
  const unknown = Object.keys(entry).filter((key) => !knownKeys.has(key));
  const unused = [...strangers(entry.columns, columnNames, ["images", "videos", "audios"]), ...strangers(entry.tags, tagNames, [])];
  return [
    ...unknown.map((key) => `The key “${key}” means nothing to LLaMA-Factory${key === "format" ? "; it is called “formatting”" : ""}.`),
    ...unused.map((key) => `“${key}” is no name of a column or tag and is not used.`),
    ...(entry.num_samples === undefined ? [] : [`LLaMA-Factory takes ${String(entry.num_samples)} random rows of it; here all are taken.`]),
    ...(entry.folder === undefined ? [] : [`Only the folder “${String(entry.folder)}” of the hub's data set is meant.`]),
  ];
}

const strangers = (given: unknown, names: Record<string, readonly [string, unknown]>, more: string[]): string[] =>
  isFields(given) ? Object.keys(given).filter((key) => !more.includes(key) && !Object.values(names).some(([name]) => name === key)) : [];

const nothing = (name: string): LlamaFactoryEntry => ({
  name,
  fileName: null,
  hub: null,
  formatting: "alpaca",
  mapping: null,
  trouble: null,
  notes: [],
});

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
