import type { FieldProblem } from "@/lib/contract/errors";
import { TrainSpec } from "@/lib/contract/job-spec";
import type { ModelFacts } from "@/lib/contract/model";
import { describeIssue, type FieldTrouble } from "@/lib/domain/field-problem";
import { type Candidate, type FieldPath, toSpecInput } from "./draft";

/** One thing to fix, at one field. */
export type Problem =
  | { kind: "schema"; path: string; trouble: FieldTrouble }
  | { kind: "unknownTargets"; path: "lora.targets"; unknown: string[]; replacement: string[]; known: string[] }
  | { kind: "beyondContext"; path: "training.cutoffLength"; value: number; contextLength: number }
  | { kind: "noChatTemplate" | "modelMissing"; path: "modelId" }
  | { kind: "noRows"; path: "datasetId" }
  | { kind: "server"; path: string; message: string; value: unknown };

export type CheckResult = { spec: TrainSpec | null; problems: Problem[] };
type Known = { facts: ModelFacts | null; present: boolean; usableRows: number | null };

/** All that is wrong before anything starts: the server's own schema, then what only the model and the data can tell. */
export function checkCandidate(candidate: Candidate, known: Known, fromServer: readonly ServerProblem[]): CheckResult {
  const parsed = TrainSpec.safeParse(toSpecInput(candidate));
  const problems = [...schemaProblems(parsed, candidate), ...modelProblems(candidate, known)];
  const seen = new Set(problems.map((problem) => problem.path));
  // What the server said holds until the field is changed, and gives way to what we can say ourselves.
  const open = fromServer.filter(
    (problem) => !seen.has(problem.path) && JSON.stringify(candidate[problem.path as FieldPath]) === problem.valueThen,
  );
  problems.push(
    ...open.map((problem): Problem => ({ kind: "server", path: problem.path, message: problem.message, value: problem.value })),
  );
  return { spec: parsed.success && problems.length === 0 ? parsed.data : null, problems };
}

export type ServerProblem = FieldProblem & { valueThen: string | undefined };

/** Remembers the value that the server refused, so that its sentence goes when the value does. */
export const fromServerFields = (fields: readonly FieldProblem[], candidate: Candidate): ServerProblem[] =>
  fields.map((field) => {
    const path = formPath(field.path.split(".").slice(1));
    return { ...field, path, valueThen: JSON.stringify(candidate[path as FieldPath]) };
  });

/** The field of the form that holds this part of the spec. */
function formPath([group, name]: readonly PropertyKey[]): string {
  if (group === "data") return name === "sets" ? "datasetId" : "evalFraction";
  return name === undefined ? String(group) : `${String(group)}.${String(name)}`;
}

function schemaProblems(parsed: ReturnType<typeof TrainSpec.safeParse>, candidate: Candidate): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const issue of parsed.error?.issues ?? []) {
    // An item of a list is shown at its list; the first sentence about a field is the one to mend first.
    const path = formPath(issue.path);
    const value = candidate[path as FieldPath];
    if (!byPath.has(path)) byPath.set(path, { kind: "schema", path, trouble: { ...describeIssue(issue, value), path } });
  }
  return [...byPath.values()];
}

function modelProblems(candidate: Candidate, { facts, present, usableRows }: Known): Problem[] {
  const problems: Problem[] = [];
  if (usableRows === 0) problems.push({ kind: "noRows", path: "datasetId" });
  if (!present) problems.push({ kind: "modelMissing", path: "modelId" });
  if (facts === null) return problems;
  if (!facts.chatTemplate) problems.push({ kind: "noChatTemplate", path: "modelId" });
  const targets = candidate.method === "lora" ? findUnknownTargets(candidate["lora.targets"], facts) : null;
  if (targets !== null) problems.push({ kind: "unknownTargets", path: "lora.targets", ...targets });
  const cutoff = candidate["training.cutoffLength"];
  if (facts.contextLength !== null && typeof cutoff === "number" && cutoff > facts.contextLength)
    problems.push({ kind: "beyondContext", path: "training.cutoffLength", value: cutoff, contextLength: facts.contextLength });
  return problems;
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
