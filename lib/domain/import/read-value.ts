import * as z from "zod";
import type { Parameter } from "../../contract/parameters/parameter";
import { describeIssue, type FieldTrouble } from "../field-problem";

export type Read = { value: unknown } | { trouble: FieldTrouble };

/** A setting's value as the table wants it: the first reading of what is written that its schema takes. */
export function readValue(path: string, parameter: Parameter, raw: unknown): Read {
  const readings = readingsOf(inner(parameter.schema), raw);
  // What is switched off there may have no name for "off" here but the default.
  if (isOff(raw)) readings.push(null, parameter.default);
  for (const reading of readings) if (parameter.schema.safeParse(reading).success) return { value: reading };
  const [first] = readings;
  const issue = parameter.schema.safeParse(first).error?.issues[0];
  return { trouble: { ...describeIssue(issue ?? { path: [], message: "" }, first), path } };
}

/** Nothing is asked for by it. */
export const isOff = (raw: unknown): boolean => raw === null || raw === undefined || raw === false || raw === 0 || OFF.test(asText(raw));
const OFF = /^(|none|null|~|false|no|off|0(\.0*)?|\[\]|\{\})$/i;

export const readBoolean = (raw: unknown): boolean | null =>
  /^(true|yes|on|1|y|t)$/i.test(asText(raw)) ? true : /^(false|no|off|0|n|f)$/i.test(asText(raw)) ? false : null;

export const readNumber = (raw: unknown): number | null => {
  const text = asText(raw).trim();
  const number = text === "" ? Number.NaN : Number(text.replace(/_/g, ""));
  return Number.isFinite(number) ? number : null;
};

/** "a, b", ["a", "b"] and '["a", "b"]' name the same. */
export function readList(raw: unknown): string[] {
  if (Array.isArray(raw)) return raw.map(asText).filter(Boolean);
  const text = asText(raw).trim();
  if (/^\[.*\]$/s.test(text)) return readList(text.slice(1, -1).replace(/["']/g, ""));
  return text.split(/[,，\s]+/).filter(Boolean);
}

export const asText = (raw: unknown): string =>
  typeof raw === "string" ? raw.trim() : raw === undefined ? "" : (JSON.stringify(raw) ?? "");

function readingsOf(schema: z.ZodType, raw: unknown): unknown[] {
  if (schema instanceof z.ZodNumber) return numbers(raw);
  if (schema instanceof z.ZodBoolean) return [readBoolean(raw) ?? raw];
  if (schema instanceof z.ZodArray) return /^all$/i.test(asText(raw)) ? [["all"], []] : [readList(raw)];
  if (schema instanceof z.ZodEnum) return names(raw);
  return [raw];
}

/** 0 and -1 often stand for "none". */
function numbers(raw: unknown): unknown[] {
  const number = readNumber(raw);
  return number === null ? [Number.NaN] : number === 0 || number === -1 ? [number, null] : [number];
}

function names(raw: unknown): unknown[] {
  const text = asText(raw);
  const flag = readBoolean(raw);
  const lower = text.toLowerCase();
  return [text, lower, `${lower}s`, ...(flag === null ? [] : [flag ? "on" : "off"])];
}

/** Without the wrappers that only say "may be null" or "may be left out". */
function inner(schema: z.ZodType): z.ZodType {
  // zod's unwrap gives the core type; every schema of the table is made by the full package.
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return inner(schema.unwrap() as z.ZodType);
  return schema;
}
