import type { InstalledArgument, InstalledArguments } from "../contract/arguments";
import type { FieldProblem } from "../contract/errors";
import type { MoreValue } from "../contract/parameters/more";
import { parameterAt, parameterPaths } from "../contract/parameters/tables";
import type { Stage } from "../contract/stages";

type Asked = { stage: Stage; training: { more: Readonly<Record<string, MoreValue>> } };

/** What is wrong with the further arguments of a training; trainer/src/trainer/more.py refuses the same before anything is loaded. */
export function moreProblems({ stage, training }: Asked, installed: InstalledArguments | null): FieldProblem[] {
  if (installed === null) return [];
  const known = installed.stages[stage].arguments;
  const versions = Object.entries(installed.versions).map(([name, version]) => `${name} ${version ?? ""}`);
  return Object.entries(training.more).flatMap(([name, value]) => judge(name, value, known, versions.join(", ")) ?? []);
}

function judge(name: string, value: MoreValue, known: readonly InstalledArgument[], versions: string): FieldProblem | null {
  const tell = (code: FieldProblem["code"], message: string, params: Record<string, string> = {}): FieldProblem => ({
    path: "training.more",
    code,
    message,
    params: { name, value: JSON.stringify(value), ...params },
    value: name,
  });
  const own = fieldOf(name);
  if (own !== null) return tell("moreOwnField", `${name} has a field of its own: set ${own} there, and take the line out.`, { own });
  const argument = known.find((one) => one.name === name);
  if (argument === undefined) {
    const near = nearest(
      name,
      known.map((one) => one.name),
    ).join(", ");
    const hint = near === "" ? "Take the line out." : `Did you mean ${near}?`;
    return tell("moreUnknown", `${name} is no argument of ${versions}. ${hint}`, { versions, near: near || "none" });
  }
  if (argument.refused === "ours") return tell("moreOurs", `${name} is set by Tuneboard itself. Take the line out.`);
  if (argument.refused === "danger") return tell("moreDanger", `${name} could reach outside this run. Take the line out.`);
  if (fits(value, argument)) return null;
  const kinds = (argument.choices ?? argument.kinds.map((kind) => kindWords[kind])).join(", ");
  return tell("moreType", `${name} takes ${kinds}; ${JSON.stringify(value)} is none.`, { kinds });
}

const kindWords: Record<InstalledArgument["kinds"][number], string> = {
  boolean: "true or false",
  whole: "a whole number",
  number: "a number",
  text: "a text",
  list: "[a list]",
  map: "{a map}",
  empty: "null",
  other: "what can't be written here",
};

/** The form's field for an argument, by its name in trl or LLaMA-Factory. */
function fieldOf(name: string): string | null {
  return (
    parameterPaths.find((path) => {
      const parameter = parameterAt(path);
      return parameter !== null && path !== "training.more" && (parameter.trl.split(".")[0] === name || parameter.llamaFactory === name);
    }) ?? null
  );
}

function fits(value: MoreValue, { kinds, choices }: InstalledArgument): boolean {
  if (typeof value === "string") return choices === null ? kinds.includes("text") : choices.includes(value);
  if (typeof value === "boolean") return kinds.includes("boolean");
  if (typeof value === "number") return kinds.includes("number") || (kinds.includes("whole") && Number.isInteger(value));
  if (value === null) return kinds.includes("empty");
  return kinds.includes(Array.isArray(value) ? "list" : "map");
}

const MOST_NEAR = 3;

/** Names that differ in few letters, the nearest first. */
function nearest(name: string, names: readonly string[]): string[] {
  const far = Math.max(2, Math.floor(name.length / 3));
  return names
    .map((one) => ({ one, distance: distanceOf(name, one) }))
    .filter(({ distance }) => distance <= far)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_NEAR)
    .map(({ one }) => one);
}

/** Letters to put in, take out or change (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
