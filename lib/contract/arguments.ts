import * as z from "zod";
import { stages } from "./stages";

/** One argument of the installed trl or transformers. */
export const InstalledArgument = z.object({
  name: z.string(),
  kinds: z.array(z.enum(["boolean", "whole", "number", "text", "list", "map", "empty", "other"])),
  choices: z.array(z.string()).nullable(),
  default: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  refused: z.enum(["ours", "danger"]).nullable().describe("ours: set by Tuneboard itself; danger: reaches outside the run"),
});
export type InstalledArgument = z.infer<typeof InstalledArgument>;

/** What the trainer's Python found (trainer/src/trainer/more.py); learnt once for each version. */
export const InstalledArguments = z.object({
  versions: z.record(z.string(), z.string().nullable()),
  stages: z.record(z.enum(stages), z.object({ config: z.string(), arguments: z.array(InstalledArgument) })),
});
export type InstalledArguments = z.infer<typeof InstalledArguments>;
