import { execFile } from "node:child_process";
import type { Device } from "../../lib/contract/system";

const QUERY = ["--query-gpu=index,name,memory.total,memory.used,utilization.gpu", "--format=csv,noheader,nounits"];
const TIMEOUT_MS = 4_000;
const MEBI = 1024 ** 2;

/** NVIDIA's GPUs by its own tool; an empty list on machines that have neither. */
export function readGpus(program = "nvidia-smi"): Promise<Omit<Device, "heldBy">[]> {
  return new Promise((resolve) => {
    execFile(program, QUERY, { timeout: TIMEOUT_MS, killSignal: "SIGKILL" }, (error, stdout) => resolve(error ? [] : parseGpus(stdout)));
  });
}

/** Values that a card does not tell are `[N/A]` or `[Not Supported]`. */
export function parseGpus(text: string): Omit<Device, "heldBy">[] {
  return text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === 5)
    .map(([index = "", name = "", total, used, utilisation]) => ({
      id: `gpu:${index}`,
      name,
      kind: "gpu",
      memoryBytes: (number(total) ?? 0) * MEBI,
      memoryUsedBytes: (number(used) ?? 0) * MEBI,
      utilisation: inShare(number(utilisation)),
    }));
}

const inShare = (percent: number | null): number | null => (percent === null ? null : Math.min(1, Math.max(0, percent / 100)));

const number = (field: string | undefined): number | null => (field !== undefined && /^[\d.]+$/.test(field) ? Number(field) : null);
