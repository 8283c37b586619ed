import type { Parameter } from "../../contract/parameters/parameter";
import { type ParameterPath, parameterAt, parameterPaths } from "../../contract/parameters/tables";
import { nearest } from "./nearest";
import { asText, isOff, readValue } from "./read-value";
import { type ReasonCode, reasons } from "./reasons";
import type { Entry, Import, ImportForm, KnownModel, Line, Verdict, World } from "./types";

/** What a rule makes of a setting: values for the form, and what is said of it. Null: the tables and the list of reasons decide. */
export type Finding = { values?: Record<string, unknown>; verdict: Verdict; name?: string };
export type Rule = (value: unknown, context: Context) => Finding | Finding[] | null;
export type Context = {
  /** A setting's value: as given, else the tool's default. */
  at: (name: string) => unknown;
  given: (name: string) => boolean;
  world: World;
  model: KnownModel | null;
  tool: Tool;
};

export type Tool = {
  form: ImportForm;
  nameOf: (parameter: Parameter) => string | null;
  /** For what needs more than its name: a translation, or several settings looked at together. */
  rules: Readonly<Record<string, Rule>>;
  /** What the tool does where nothing is said. */
  defaults: Readonly<Record<string, unknown>>;
  formerNames: Readonly<Record<string, string>>;
  reasonOf: (name: string) => ReasonCode | null;
  known: readonly string[];
};

export type Options = { world: World; model: KnownModel | null; withDefaults: boolean };

/** Every entry becomes a line; later entries of the same name count, as on a command line. */
export function collect(tool: Tool, entries: readonly Entry[], { world, model, withDefaults }: Options): Import {
  const given = new Map<string, unknown>();
  const lines: Line[] = [];
  const values: Record<string, unknown> = {};
  for (const [at, { name: written, value }] of entries.entries()) {
    const name = currentName(tool, written);
    if (entries.slice(at + 1).some((later) => currentName(tool, later.name) === name)) lines.push(repeated(written, value));
    else given.set(name, value);
  }
  const context: Context = {
    at: (name) => (given.has(name) ? given.get(name) : tool.defaults[name]),
    given: (name) => given.has(name),
    world,
    model,
    tool,
  };
  const take = (name: string, value: unknown, assumed: boolean) => {
    for (const finding of findingsOf(name, value, context)) {
      const { kind } = finding.verdict;
      // A default that says nothing here is not worth a line.
      if (assumed && kind !== "taken") continue;
      Object.assign(values, finding.values);
      const verdict: Verdict = finding.verdict.kind === "taken" ? { ...finding.verdict, assumed } : finding.verdict;
      lines.push({ name: finding.name ?? name, shown: show(name, value), verdict });
    }
  };
  // What is given comes after the defaults, so that it has the last word where two settings meet at one field.
  if (withDefaults) for (const [name, value] of Object.entries(tool.defaults)) if (!given.has(name)) take(name, value, true);
  for (const [name, value] of given) take(name, value, false);
  return { form: tool.form, values, lines };
}

/** Parameters that bear a name in the other tool. Several share one where it holds a dictionary, as lr_scheduler_kwargs does. */
export const pathsNamed = (tool: Tool, name: string): ParameterPath[] => parameterPaths.filter((path) => nameAt(tool, path) === name);

/** Sets fields, each read by its own schema; the first that can't be read is told. */
export function takeFields(raw: Readonly<Record<string, unknown>>): Finding {
  const values: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(raw)) {
    const parameter = parameterAt(path);
    const read = parameter === null ? { value } : readValue(path, parameter, value);
    if ("trouble" in read) return { verdict: { kind: "invalid", path, trouble: read.trouble } };
    values[path] = read.value;
  }
  return { values, verdict: taken(Object.keys(raw)) };
}

export const taken = (paths: string[], note?: ReasonLike): Verdict => ({ kind: "taken", paths, assumed: false, ...(note && { note }) });
type ReasonLike = NonNullable<Extract<Verdict, { kind: "taken" }>["note"]>;

export const because = (code: ReasonCode, params?: Record<string, string | number>): Finding => ({
  verdict: { kind: reasons[code], reason: params === undefined ? { code } : { code, params } },
});

function findingsOf(name: string, value: unknown, context: Context): Finding[] {
  const { tool } = context;
  const byRule = Object.hasOwn(tool.rules, name) ? (tool.rules[name]?.(value, context) ?? null) : null;
  const found = byRule ?? byTable(name, value, tool) ?? byReason(name, value, tool);
  return Array.isArray(found) ? found : [found];
}

function byTable(name: string, value: unknown, tool: Tool): Finding | Finding[] | null {
  const paths = pathsNamed(tool, name);
  const [first] = paths;
  if (first === undefined) return null;
  const parts = paths.filter((path) => parameterAt(path)?.trl.startsWith(`${name}.`));
  return parts.length > 0 ? dictionary(name, value, parts) : takeFields({ [first]: value });
}

/** `{"power": 2}`, as JSON or `power=2,lr_end=0`: each key goes to the parameter whose name in trl ends with it. */
function dictionary(name: string, value: unknown, paths: readonly ParameterPath[]): Finding | Finding[] {
  if (isOff(value)) return because("off");
  return Object.entries(readDictionary(value)).map(([key, item]) => {
    const path = paths.find((one) => parameterAt(one)?.trl === `${name}.${key}`);
    return { ...(path === undefined ? because("noArgument", { key }) : takeFields({ [path]: item })), name: `${name}.${key}` };
  });
}

export function readDictionary(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  const text = asText(value);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // No JSON: `key=value,key=value`, as optim_args is written.
  }
  return Object.fromEntries(
    text
      .split(",")
      .map((pair) => pair.split("="))
      .map(([key = "", item = ""]) => [key.trim(), item.trim()]),
  );
}

function byReason(name: string, value: unknown, tool: Tool): Finding {
  const code = tool.reasonOf(name);
  if (code === null) return { verdict: { kind: "unknown", nearest: nearest(name, namesOf(tool)) } };
  const atDefault = name in tool.defaults && asText(tool.defaults[name]) === asText(value);
  return reasons[code] === "refused" && (isOff(value) || atDefault) ? because("off") : because(code);
}

/** `--learning-rate` is `learning_rate`, and old names are the new ones. */
function currentName(tool: Tool, written: string): string {
  const name = written.replaceAll("-", "_");
  if (tool.known.includes(written)) return written;
  return tool.formerNames[name] ?? (namesOf(tool).includes(name) ? name : written);
}

/** All names that mean something there. */
const namesOf = (tool: Tool): string[] => [...tool.known, ...parameterPaths.flatMap((path) => nameAt(tool, path) ?? [])];

const nameAt = (tool: Tool, path: ParameterPath): string | null => {
  const parameter = parameterAt(path);
  return parameter === null ? null : tool.nameOf(parameter);
};

const repeated = (name: string, value: unknown): Line => ({ name, shown: show(name, value), verdict: because("repeated").verdict });

/** Keys and tokens are not shown, not even to the person who pasted them. */
export const show = (name: string, value: unknown): string => (SECRET.test(name) ? "•••" : asText(value).slice(0, 200));
const SECRET = /(api_?key|secret|password|webhook_url|(^|[^esdk])_token|^\w*(HF|HUB|ACCESS|AUTH)_TOKEN)$/i;
