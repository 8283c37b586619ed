import type { FieldProblemCode } from "../contract/errors";
import type { Words } from "../contract/parameters/parameter";

/** What is needed of a zod issue; zod itself stays out of the pages that only show problems. */
export type Issue = {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly expected?: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
};

/** A problem at a field: a code of `launch.problems` with its numbers, and the table's own English sentence where it has one. */
export type FieldTrouble = {
  path: string;
  code: TroubleCode;
  params: Record<string, string | number>;
  sentence: string | null;
  words?: Words;
};

/** Rules between fields tell their code themselves. */
const ruleCodes = [
  "nothingLearns",
  "startNeedsAdapter",
  "pissaRounded",
  "twiceTrained",
  "embeddingWhole",
  "onTopRounded",
  "onTopDora",
] as const satisfies readonly FieldProblemCode[];
export type RuleCode = (typeof ruleCodes)[number];
export const asRuleCode = (code: unknown): RuleCode | undefined => ruleCodes.find((one) => one === code);

export type TroubleCode =
  | RuleCode
  | Extract<
      FieldProblemCode,
      "missing" | "notNumber" | "notWhole" | "tooSmall" | "notAbove" | "tooBig" | "tooFew" | "tooMany" | "tooLong" | "notAllowed"
    >;

/** Turns an issue of the shared schema into words that a language file can say. */
export function describeIssue(issue: Issue, value: unknown): FieldTrouble {
  const { code, params } = classify(issue, value);
  const words = wordsOf(issue.params?.words);
  const sentence = isOwnSentence(issue.message) ? issue.message : null;
  return { path: issue.path.map(String).join("."), code, params, sentence, ...(words && { words }) };
}

function classify(issue: Issue, value: unknown): Pick<FieldTrouble, "code" | "params"> {
  const shown = showValue(value);
  const rule = asRuleCode(issue.params?.code);
  if (rule !== undefined) return { code: rule, params: { names: String(issue.params?.names ?? "") } };
  // A number field holds NaN while its text is no number.
  if (Number.isNaN(value)) return { code: "notNumber", params: {} };
  if (value === undefined || value === null || value === "") return { code: "missing", params: {} };
  if (issue.code === "too_small") return tooSmall(issue, shown);
  if (issue.code === "too_big") return tooBig(issue, shown);
  if (issue.code === "invalid_type" && issue.expected === "int") return { code: "notWhole", params: { value: shown } };
  if (issue.code === "invalid_type" && issue.expected === "number") return { code: "notNumber", params: {} };
  return { code: "notAllowed", params: { value: shown } };
}

function tooSmall(issue: Issue, value: string): Pick<FieldTrouble, "code" | "params"> {
  const minimum = Number(issue.minimum ?? 0);
  if (issue.origin === "string") return { code: "missing", params: {} };
  if (issue.origin === "array") return { code: "tooFew", params: { minimum } };
  return { code: issue.inclusive === false ? "notAbove" : "tooSmall", params: { minimum, value } };
}

function tooBig(issue: Issue, value: string): Pick<FieldTrouble, "code" | "params"> {
  const maximum = Number(issue.maximum ?? 0);
  if (issue.origin === "string") return { code: "tooLong", params: { maximum } };
  if (issue.origin === "array") return { code: "tooMany", params: { maximum } };
  return { code: "tooBig", params: { maximum, value } };
}

/** A rule between fields brings its sentence in both languages. */
function wordsOf(value: unknown): Words | null {
  if (typeof value !== "object" || value === null || !("en" in value) || !("zh" in value)) return null;
  return { en: String(value.en), zh: String(value.zh) };
}

/** zod's stock sentences begin like this; everything else was written for this field. */
const isOwnSentence = (message: string): boolean => !/^(Too small|Too big|Invalid|Unrecognized|Expected|Required)/.test(message);

const showValue = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 60);
