import * as z from "zod";
import { RunId } from "./ids";

export const Device = z.object({
  id: z.string().describe("cpu or gpu:0"),
  name: z.string(),
  kind: z.enum(["cpu", "gpu"]),
  memoryBytes: z.number(),
  memoryUsedBytes: z.number(),
  utilisation: z.number().min(0).max(1).nullable(),
  heldBy: z.object({ runId: RunId, name: z.string() }).nullable(),
});
export type Device = z.infer<typeof Device>;

/** What the trainer's Python found about itself; made once at start and on request. */
export const EnvironmentReport = z.object({
  python: z.string(),
  executable: z.string(),
  cuda: z.string().nullable(),
  bf16: z.boolean(),
  devices: z.array(z.object({ name: z.string(), memoryBytes: z.number() })),
  packages: z.array(z.object({ name: z.string(), version: z.string().nullable(), required: z.boolean() })),
  extras: z.array(z.object({ name: z.string(), version: z.string().nullable(), enables: z.object({ en: z.string(), zh: z.string() }) })),
});
export type EnvironmentReport = z.infer<typeof EnvironmentReport>;

export const SystemReport = z.object({
  version: z.string(),
  node: z.string(),
  host: z.string(),
  home: z.string(),
  startedAt: z.number(),
  environment: EnvironmentReport.nullable(),
  environmentProblem: z.string().nullable(),
  devices: z.array(Device),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number(), usedByHomeBytes: z.number().nullable() }),
  modelRoots: z.array(z.string()).describe("Folders under which a local model may be added"),
  queued: z.int(),
  running: z.int(),
});
export type SystemReport = z.infer<typeof SystemReport>;

/** The worker that waits with its libraries imported, so that the next training starts at once. */
export const StandbyReport = z.object({
  permitted: z.boolean().describe("False where TUNEBOARD_STANDBY=off: then no setting turns it on"),
  allowed: z.boolean().describe("The person's choice"),
  state: z.enum(["off", "warming", "ready"]),
});
export type StandbyReport = z.infer<typeof StandbyReport>;
