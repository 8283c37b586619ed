import * as z from "zod";
import { InstalledArguments } from "../arguments";
import { StandbyReport, SystemReport } from "../system";
import { endpoint, Nothing } from "./endpoint";

/** The machine and the server. */
export const system = {
  getSystem: endpoint({
    method: "GET",
    path: "/system",
    tag: "system",
    summary: "Machine, environment, disk",
    input: Nothing,
    output: SystemReport,
  }),
  getStandby: endpoint({
    method: "GET",
    path: "/system/standby",
    tag: "system",
    summary: "The worker that waits for the next training",
    input: Nothing,
    output: StandbyReport,
  }),
  setStandby: endpoint({
    method: "PATCH",
    path: "/system/standby",
    tag: "system",
    summary: "Let a worker wait for the next training, or not",
    input: z.strictObject({ allowed: z.boolean() }),
    output: StandbyReport,
  }),
  getArguments: endpoint({
    method: "GET",
    path: "/system/arguments",
    tag: "system",
    summary: "Arguments of the installed trl and transformers, by stage; null where Python can't tell",
    input: Nothing,
    output: InstalledArguments.nullable(),
  }),
} as const;
