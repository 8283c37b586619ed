import { SystemReport } from "../system";
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
} as const;
