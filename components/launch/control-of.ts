import * as z from "zod";

export type Control =
  | { kind: "number"; allowEmpty: boolean; step: number; min: number | undefined }
  | { kind: "choice"; options: readonly string[] }
  | { kind: "switch" }
  | { kind: "names" }
  | { kind: "lines" };

/** The control that fits a parameter, read from its schema: a new parameter in the table needs no line of form. */
export function controlOf(schema: z.ZodType, example: unknown): Control {
  if (schema instanceof z.ZodDefault) return controlOf(asSchema(schema.unwrap()), example);
  if (schema instanceof z.ZodNullable) {
    const inner = controlOf(asSchema(schema.unwrap()), example);
    return inner.kind === "number" ? { ...inner, allowEmpty: true } : inner;
  }
  if (schema instanceof z.ZodNumber)
    return { kind: "number", allowEmpty: false, step: stepFor(schema, example), min: schema.minValue ?? undefined };
  if (schema instanceof z.ZodEnum) return { kind: "choice", options: schema.options.map(String) };
  if (schema instanceof z.ZodBoolean) return { kind: "switch" };
  if (schema instanceof z.ZodArray) return { kind: "names" };
  if (schema instanceof z.ZodRecord) return { kind: "lines" };
  throw new Error(`no control for a schema of type ${schema.def.type}`);
}

/** Arrow keys move whole numbers by 1, others by one unit of their first figure: 2e-4 by 1e-4. */
function stepFor(schema: z.ZodNumber, example: unknown): number {
  if (schema.format === "safeint" || (typeof example === "number" && example >= 1)) return 1;
  return typeof example === "number" && example > 0 ? Number(`1e${Math.floor(Math.log10(example))}`) : 0.01;
}

/** zod's unwrap gives the core type; every schema of the table is made by the full package. */
const asSchema = (schema: z.core.$ZodType): z.ZodType => schema as z.ZodType;
