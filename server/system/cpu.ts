import { readFileSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";
import type { Device } from "../../lib/contract/system";

type CpuTimes = { busy: number; all: number };

/** The processors as one device. Utilisation is that of the time since the last look; null at the first. */
export function createCpuProbe(): () => Omit<Device, "heldBy"> {
  let before: CpuTimes | null = null;
  return () => {
    const now = readTimes();
    const utilisation = before === null || now.all <= before.all ? null : (now.busy - before.busy) / (now.all - before.all);
    before = now;
    const list = cpus();
    return {
      id: "cpu",
      name: list[0] ? `${list[0].model.trim()} × ${list.length}` : "CPU",
      kind: "cpu",
      memoryBytes: totalmem(),
      memoryUsedBytes: totalmem() - availableBytes(),
      utilisation: utilisation === null ? null : Math.min(1, Math.max(0, utilisation)),
    };
  };
}

function readTimes(): CpuTimes {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0);
  return { all, busy: all - times.reduce((sum, t) => sum + t.idle, 0) };
}

/** What a new process could have: caches count as free, which `freemem` on Linux does not do everywhere. */
function availableBytes(): number {
  try {
    const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
    return line ? Number(line[1]) * 1024 : freemem();
  } catch {
    // Only Linux has this file.
    return freemem();
  }
}
