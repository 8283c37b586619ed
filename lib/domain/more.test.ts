import { describe, expect, it } from "vitest";
import type { InstalledArgument, InstalledArguments } from "../contract/arguments";
import type { MoreValue } from "../contract/parameters/more";
import { stages } from "../contract/stages";
import { readMore, writeMore } from "./more-lines";
import { moreProblems } from "./more-problems";

describe("lines of further arguments", () => {
  it("reads what YAML and JSON would, and skips comments", () => {
    const text = `# a comment\neval_delay: 10\nlog_level: error # loud\n\nlr: 2e-4\ntorch_empty_cache_steps: null\na: true\nb: "yes # no"\nc: [1, "x"]\nd: {"even": false}\ne: 'it''s'\n`;
    expect(readMore(text).more).toEqual({
      eval_delay: 10,
      log_level: "error",
      lr: 2e-4,
      torch_empty_cache_steps: null,
      a: true,
      b: "yes # no",
      c: [1, "x"],
      d: { even: false },
      e: "it's",
    });
  });

  it.each(["eval_delay", "eval_delay:10", "a: 1\na: 2", "a: [1", 'a: {"b": {"c": 1}}', "a:", "- a: 1"])(
    "names the line it can't read: %s",
    (text) => {
      expect(readMore(text).more).toBeNull();
      expect(readMore(text).fault?.line).toBe(text.split("\n").length);
    },
  );

  it("writes lines that it reads again", () => {
    const more: Record<string, MoreValue> = { a: 1, b: "x: y # z", c: [true, null], d: { e: "f" }, g: "12" };
    expect(readMore(writeMore(more)).more).toEqual(more);
  });
});

const argument = (name: string, kinds: InstalledArgument["kinds"], changes: Partial<InstalledArgument> = {}): InstalledArgument => ({
  name,
  kinds,
  choices: null,
  default: null,
  refused: null,
  ...changes,
});
const sft = {
  config: "SFTConfig",
  arguments: [
    argument("eval_delay", ["number"]),
    argument("eval_accumulation_steps", ["empty", "whole"]),
    argument("learning_rate", ["number"]),
    argument("hub_token", ["empty", "text"], { refused: "danger" }),
    argument("output_dir", ["text"], { refused: "ours" }),
    argument("kind_of", ["text"], { choices: ["a", "b"] }),
  ],
};
const installed: InstalledArguments = {
  versions: { trl: "1.13.0" },
  stages: Object.fromEntries(stages.map((stage) => [stage, sft])) as InstalledArguments["stages"],
};
const judge = (more: Record<string, MoreValue>) => moreProblems({ stage: "sft", training: { more } }, installed);

describe("further arguments against what is installed", () => {
  it("takes what is there with a value of its type, and judges nothing while nothing is known", () => {
    expect(judge({ eval_delay: 2, eval_accumulation_steps: null, kind_of: "a" })).toEqual([]);
    expect(moreProblems({ stage: "sft", training: { more: { nonsense: 1 } } }, null)).toEqual([]);
  });

  it("answers an unknown name with the nearest", () => {
    const [problem] = judge({ eval_dely: 1 });
    expect(problem).toMatchObject({
      code: "moreUnknown",
      params: { near: "eval_delay" },
      message: "eval_dely is no argument of trl 1.13.0. Did you mean eval_delay?",
    });
    expect(judge({ zebra: 1 })[0]?.params?.near).toBe("none");
  });

  it("sends what has a field there, by either tool's name, and never overrides it", () => {
    expect(judge({ learning_rate: 1 })[0]).toMatchObject({ code: "moreOwnField", params: { own: "training.learningRate" } });
    expect(judge({ cutoff_len: 1 })[0]).toMatchObject({ code: "moreOwnField", params: { own: "training.cutoffLength" } });
    expect(judge({ lr_scheduler_kwargs: { power: 2 } })[0]?.code).toBe("moreOwnField");
  });

  it("refuses what is ours, what reaches outside, and values of another type", () => {
    expect(judge({ output_dir: "/tmp" })[0]?.code).toBe("moreOurs");
    expect(judge({ hub_token: "secret" })[0]?.code).toBe("moreDanger");
    expect(judge({ eval_delay: "soon" })[0]?.code).toBe("moreType");
    expect(judge({ eval_accumulation_steps: 1.5 })[0]?.code).toBe("moreType");
    expect(judge({ kind_of: "c" })[0]).toMatchObject({ code: "moreType", params: { kinds: "a, b" } });
  });
});
