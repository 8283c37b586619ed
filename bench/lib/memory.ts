import { readFileSync, writeFileSync } from "node:fs";

/** Resident memory of a process now, and the most since it was last asked to count anew. */
export function memoryOf(pid: number): { nowBytes: number; peakBytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return { nowBytes: kilobytes("VmRSS") * 1024, peakBytes: kilobytes("VmHWM") * 1024 };
}

/** Seconds of all cores that a process has used, in steps of 10 ms: a figure that a busy machine hardly changes. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The kernel forgets the peak: what counts begins here. */
export const countPeakAnew = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");
