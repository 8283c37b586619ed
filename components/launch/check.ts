import type { InstalledArguments } from "@/lib/contract/arguments";
import type { Dataset } from "@/lib/contract/dataset";
import type { FieldProblem } from "@/lib/contract/errors";
import type { ModelFacts } from "@/lib/contract/model";
import type { EnvironmentReport } from "@/lib/contract/system";
import { FreezeSettings, LoraSettings, TrainingSettings, TrainSpec } from "@/lib/contract/train-spec";
import { describeIssue, type FieldTrouble } from "@/lib/domain/field-problem";
import { type ModuleProblem, moduleProblems } from "@/lib/domain/module-problems";
import { moreProblems } from "@/lib/domain/more-problems";
import { planTraining } from "@/lib/domain/plan";
import { trainingProblems } from "@/lib/domain/training-problems";
import { type DataProblem, dataProblems } from "./data-check";
import { valueAt } from "./data-draft";
import type { DataPlan } from "./data-plan";
import { type Candidate, stageOf, toSpecInput } from "./draft";

/** One thing to fix, at one field. */
export type Problem =
  | { kind: "schema"; path: string; trouble: FieldTrouble }
  | { kind: "unknownTargets"; path: "lora.targets"; unknown: string[]; replacement: string[]; known: string[] }
  | { kind: "beyondContext"; path: "training.cutoffLength"; value: number; contextLength: number }
  | { kind: "module"; path: string; problem: ModuleProblem }
  | { kind: "noChatTemplate" | "modelMissing"; path: "modelId" }
  | DataProblem
  | { kind: "settings" | "server"; path: string; field: FieldProblem };

export type CheckResult = { spec: TrainSpec | null; problems: Problem[] };
type Known = {
  facts: ModelFacts | null;
  present: boolean;
  data: DataPlan;
  find: (datasetId: string) => Dataset | null;
  environment: EnvironmentReport | null;
  installed: InstalledArguments | null;
};

/** All that is wrong before anything starts: the server's own schema, then what only the model and the data can tell. */
export function checkCandidate(candidate: Candidate, known: Known, fromServer: readonly ServerProblem[]): CheckResult {
  const parsed = TrainSpec.safeParse(toSpecInput(candidate));
  const ofData = dataProblems(candidate, known.data, known.find, stageOf(candidate));
  const named = new Set(ofData.map((problem) => problem.path));
  // What is known of a set says more than the schema, which knows only its id.
  const ofSchema = schemaProblems(parsed, candidate).filter((problem) => !named.has(problem.path));
  const problems: Problem[] = [...ofSchema, ...ofData, ...modelProblems(candidate, known)];
  const wrong = new Set(problems.map((problem) => problem.path));
  problems.push(...settingsProblems(candidate, known).filter((problem) => !wrong.has(problem.path)));
  const seen = new Set(problems.map((problem) => problem.path));
  // What the server said holds until the field is changed, and gives way to what we can say ourselves.
  const open = fromServer.filter(
    (problem) => !seen.has(problem.path) && JSON.stringify(valueAt(candidate, problem.path)) === problem.valueThen,
  );
  problems.push(...open.map((problem): Problem => ({ kind: "server", path: problem.path, field: problem })));
  return { spec: parsed.success && problems.length === 0 ? parsed.data : null, problems };
}

export type ServerProblem = FieldProblem & { valueThen: string | undefined };

/** Remembers the value that the server refused, so that its sentence goes when the value does. */
export const fromServerFields = (fields: readonly FieldProblem[], candidate: Candidate): ServerProblem[] =>
  fields.map((field) => {
    const path = field.path.replace(/^spec\./, "");
    return { ...field, path, valueThen: JSON.stringify(valueAt(candidate, path)) };
  });

function schemaProblems(parsed: ReturnType<typeof TrainSpec.safeParse>, candidate: Candidate): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const issue of parsed.error?.issues ?? []) {
    const path = fieldOf(issue.path);
    const value = valueAt(candidate, path);
    // The first sentence about a field is the one to mend first.
    if (!byPath.has(path)) byPath.set(path, { kind: "schema", path, trouble: { ...describeIssue(issue, value), path } });
  }
  return [...byPath.values()];
}

/** An item of a list is shown at its list, save that each set has fields of its own. */
const fieldOf = ([group, ...rest]: readonly PropertyKey[]): string =>
  [group, ...rest.slice(0, group !== "data" ? 1 : rest[0] === "sets" ? 3 : 2)].map(String).join(".");

/** What settings say against each other, the rows and the machine; of settings that are right by themselves. */
function settingsProblems(candidate: Candidate, { data, environment, installed }: Known): Problem[] {
  const input = toSpecInput(candidate);
  const { data: training } = TrainingSettings.safeParse(input.training);
  if (training === undefined) return [];
  const counts = data.wrong || data.counts.trainRows < 1 ? null : data.counts;
  const plan = counts === null ? null : planTraining({ lora: null, freeze: null, training }, counts, null);
  const found = [
    ...trainingProblems(training, { counts, plan, environment }),
    ...moreProblems({ stage: stageOf(candidate), training }, installed),
  ];
  return found.map((field): Problem => ({ kind: "settings", path: field.path, field }));
}

function modelProblems(candidate: Candidate, { facts, present }: Known): Problem[] {
  const problems: Problem[] = [];
  if (!present) problems.push({ kind: "modelMissing", path: "modelId" });
  if (facts === null) return problems;
  if (!facts.chatTemplate && candidate.stage !== "pt") problems.push({ kind: "noChatTemplate", path: "modelId" });
  const { lora, freeze } = partsOf(candidate);
  const targets = lora !== null ? findUnknownTargets(lora.targets, facts) : null;
  if (targets !== null) problems.push({ kind: "unknownTargets", path: "lora.targets", ...targets });
  const ofModules = moduleProblems({ lora, freeze }, facts).filter(({ path }) => path !== "lora.targets");
  problems.push(...ofModules.map((problem): Problem => ({ kind: "module", path: problem.path, problem })));
  const cutoff = candidate["training.cutoffLength"];
  if (facts.contextLength !== null && typeof cutoff === "number" && cutoff > facts.contextLength)
    problems.push({ kind: "beyondContext", path: "training.cutoffLength", value: cutoff, contextLength: facts.contextLength });
  return problems;
}

/** The parts that can be read; a part with a wrong field is told by the schema first. */
function partsOf(candidate: Candidate) {
  const { lora, freeze } = toSpecInput(candidate);
  return { lora: LoraSettings.safeParse(lora).data ?? null, freeze: FreezeSettings.safeParse(freeze).data ?? null };
}

/** Names that other model families give to the same matrices. */
const sameRole: readonly (readonly string[])[] = [
  ["q_proj", "k_proj", "v_proj", "qkv_proj", "c_attn", "query_key_value", "W_pack", "Wqkv", "wqkv", "query", "key", "value"],
  ["o_proj", "out_proj", "dense", "wo"],
  ["gate_proj", "up_proj", "gate_up_proj", "c_fc", "dense_h_to_4h", "fc1", "w1", "w3"],
  ["down_proj", "c_proj", "dense_4h_to_h", "fc2", "w2"],
];

function findUnknownTargets(targets: unknown, facts: ModelFacts) {
  if (!Array.isArray(targets) || facts.modules.length === 0) return null;
  const known = facts.modules.map((group) => group.name);
  const unknown = targets.filter((name): name is string => typeof name === "string" && !known.includes(name));
  if (unknown.length === 0) return null;
  const roles = sameRole.filter((role) => role.some((name) => unknown.includes(name)));
  const replacement = known.filter((name) => roles.some((role) => role.includes(name)) && !targets.includes(name));
  return { unknown, replacement, known };
}
