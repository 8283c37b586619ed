import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseRegistry, readEntry } from "./llama-factory";

const mapped = (entry: object) => {
  const { mapping } = readEntry("x", { file_name: "x.json", ...entry });
  const columns = Object.fromEntries(Object.entries(mapping?.columns ?? {}).filter(([, column]) => column !== null));
  return mapping && { format: mapping.format, columns, tags: mapping.tags };
};

describe("an entry is mapped as LLaMA-Factory itself reads it", () => {
  test("without columns the defaults of alpaca hold, and neither history nor system is read", () => {
    expect(mapped({})).toEqual({ format: "alpaca", columns: { prompt: "instruction", query: "input", response: "output" }, tags: null });
  });

  test("a columns object unsets every name that it leaves out", () => {
    expect(mapped({ columns: { prompt: "question", response: "answer" } })?.columns).toEqual({ prompt: "question", response: "answer" });
  });

  test("a prompt without a response is plain text", () => {
    expect(mapped({ columns: { prompt: "text" } })).toMatchObject({ format: "text", columns: { text: "text" } });
  });

  test("sharegpt has its own names of turns; given tags unset those that they leave out", () => {
    expect(mapped({ formatting: "sharegpt" })).toMatchObject({
      format: "sharegpt",
      columns: { messages: "conversations" },
      tags: {
        roleKey: "from",
        contentKey: "value",
        user: ["human"],
        assistant: ["gpt"],
        tool: ["observation"],
        functionCall: ["function_call"],
      },
    });
    const tags = { role_tag: "role", content_tag: "content", user_tag: "user", assistant_tag: "assistant" };
    expect(mapped({ formatting: "sharegpt", columns: { messages: "messages" }, tags })?.tags).toEqual({
      roleKey: "role",
      contentKey: "content",
      system: [],
      user: ["user"],
      assistant: ["assistant"],
      tool: [],
      functionCall: [],
    });
  });

  test("tags without the name of the role can't be read by anybody", () => {
    expect(mapped({ formatting: "sharegpt", tags: { user_tag: "user" } })).toBeNull();
  });

  test("pairs, KTO and openai", () => {
    const pair = { messages: "conversations", chosen: "good", rejected: "bad" };
    expect(mapped({ formatting: "sharegpt", ranking: true, columns: pair })).toMatchObject({ format: "preference", columns: pair });
    expect(mapped({ ranking: true, columns: { prompt: "q", chosen: "good", rejected: "bad" } })).toMatchObject({
      format: "preference",
      columns: { prompt: "q", chosen: "good", rejected: "bad" },
      tags: null,
    });
    expect(mapped({ columns: { prompt: "q", response: "a", kto_tag: "label" } })).toMatchObject({
      format: "kto",
      columns: { label: "label" },
    });
    expect(mapped({ formatting: "openai" })).toMatchObject({ format: "messages", tags: { roleKey: "from" } });
    // Ranking without the two answers: LLaMA-Factory fails, and we ask.
    expect(mapped({ ranking: true })).toBeNull();
  });
});

test.each([
  [{ script_url: "load.py" }, /script/],
  [{ cloud_file_name: "s3://a/b.json" }, /cloud/],
  [{ file_name: "a.json", columns: { messages: "m", images: "images" }, formatting: "sharegpt" }, /images/],
  [{ ms_hub_url: "a/b" }, /ModelScope/],
  [{}, /neither a file nor/],
  [{ file_name: "a.json", formatting: "dolly" }, /formatting “dolly”/],
])("%j can't be added, with the reason", (entry, reason) => {
  expect(readEntry("x", entry).trouble).toMatch(reason);
});

test("what LLaMA-Factory would silently ignore is said", () => {
  const { notes, mapping } = readEntry("x", {
    file_name: "a.json",
    format: "sharegpt",
    columns: { prompt: "p", answer: "a" },
    num_samples: 5,
  });
  expect(mapping?.format).toBe("text");
  expect(notes).toEqual([
    "The key “format” means nothing to LLaMA-Factory; it is called “formatting”.",
    "“answer” is no name of a column or tag and is not used.",
    "LLaMA-Factory takes 5 random rows of it; here all are taken.",
  ]);
});

test("the hub wins over a file, with its subset and split", () => {
  expect(readEntry("x", { hf_hub_url: "a/b", file_name: "c.json", subset: "en" })).toMatchObject({
    fileName: null,
    hub: { repo: "a/b", subset: "en", split: "train" },
  });
});

test("a file that is no registry is told in a sentence", () => {
  expect(() => parseRegistry("[1]")).toThrow("It is no JSON object");
  expect(() => parseRegistry("{,")).toThrow("It is not JSON");
  expect(parseRegistry('\ufeff{"a": 7}')).toMatchObject([{ name: "a", trouble: "The entry is no JSON object." }]);
});

test("the registry that LLaMA-Factory ships is read whole", () => {
  let text: string;
  try {
    text = readFileSync("/work/shared/data/llama-factory/dataset_info.json", "utf8");
  } catch {
    return; // Not on this machine.
  }
  const entries = parseRegistry(text);
  expect(entries).toHaveLength(Object.keys(JSON.parse(text)).length);
  for (const { trouble, mapping, name } of entries)
    if (trouble === null && name !== "nectar_rm" && name !== "orca_dpo_de") expect([name, mapping]).not.toContain(null);
  expect(entries.find(({ name }) => name === "mllm_demo")?.trouble).toMatch(/images/);
});
