import * as z from "zod";
import type { Method, Stage } from "../stages";

/** Words in both languages of the product. */
export type Words = { en: string; zh: string };

/** Where a parameter's field stands in the form. */
export type ParameterGroup = "preference" | "lora" | "quantization" | "freeze" | "training" | "schedule" | "output";

/** One training parameter, described once: the form, validation, JSON Schema, command and help are drawn from this. */
export type Parameter<S extends z.ZodType = z.ZodType> = {
  schema: S;
  default: z.output<S>;
  /** What the form begins with, where that is not the default: what is left out of a spec must change nothing. */
  suggested?: z.output<S>;
  /** Default where it differs by method. */
  defaultFor?: Partial<Record<Method, z.output<S>>>;
  /** Default where it differs by stage; a method that is not named takes the one of `full`. */
  defaultForStage?: Partial<Record<Stage, Partial<Record<Method, z.output<S>>> & { full: z.output<S> }>>;
  group: ParameterGroup;
  level: "basic" | "expert";
  /** What it has a meaning for; for all where it is not said. */
  stages?: readonly Stage[];
  methods?: readonly Method[];
  /** Has a meaning only while these settings of its part have such values ("set": any but null); elsewhere it stays at its default and has no field. */
  shownWhen?: Readonly<Record<string, readonly unknown[] | "set">>;
  unit?: "steps" | "tokens" | "rows" | "epochs";
  /** The range people usually choose from; values outside are allowed, and said. */
  usual?: Words;
  label: Words;
  help: Words;
  /** Name in trl's configuration, peft's LoraConfig or transformers' BitsAndBytesConfig. */
  trl: string;
  /** Name in Axolotl's YAML where it is not trl's. */
  axolotl?: string;
  /** Name on LLaMA-Factory's command line; null where it has none. */
  llamaFactory: string | null;
};

export const define = <S extends z.ZodType>(parameter: Parameter<S>) => parameter;

/** A parameter that may be left out of a spec: its default changes nothing, so specs written before it still mean the same. */
export const defineOptional = <S extends z.ZodType>(parameter: Parameter<S>) => {
  // The default of a parameter is a value that its own schema has given out.
  const schema = parameter.schema.default(parameter.default as z.core.util.NoUndefined<z.output<S>>);
  return { ...parameter, schema } as Omit<Parameter<S>, "schema"> & { schema: z.ZodDefault<S> };
};

export type ParameterTable = Readonly<Record<string, Parameter>>;

/** The settings that a table describes, as one strict object. */
export const settingsOf = <T extends ParameterTable>(table: T) =>
  z.strictObject(
    Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, schema])) as { [K in keyof T]: T[K]["schema"] },
  );

export type SettingsOf<T extends ParameterTable> = { [K in keyof T]: z.output<T[K]["schema"]> };

/** The table's defaults for a method and a stage. */
export const defaultsOf = <T extends ParameterTable>(table: T, method: Method, stage: Stage = "sft"): SettingsOf<T> =>
  Object.fromEntries(Object.entries(table).map(([name, parameter]) => [name, defaultOf(parameter, method, stage)])) as SettingsOf<T>;

function defaultOf(parameter: Parameter, method: Method, stage: Stage): unknown {
  const own = ofStage(parameter.defaultForStage?.[stage], method) ?? parameter.defaultFor?.[method];
  const value = own ?? parameter.suggested ?? parameter.default;
  // A list is the form's to change, and the table's stays.
  return Array.isArray(value) ? [...value] : value;
}

const ofStage = (values: Record<string, unknown> | undefined, method: Method): unknown => values?.[method] ?? values?.full;

export const appliesTo = (parameter: Parameter, stage: Stage, method: Method): boolean =>
  (parameter.stages?.includes(stage) ?? true) && (parameter.methods?.includes(method) ?? true);

/** Whether a setting means anything among the other settings of its part. */
export const isShown = (parameter: Parameter, settings: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(parameter.shownWhen ?? {}).every(([name, values]) =>
    values === "set" ? settings[name] !== null && settings[name] !== undefined : values.includes(settings[name]),
  );
