import type { Run } from "../../lib/contract/run";
import type { Device } from "../../lib/contract/system";
import type { SystemProbe } from "../context";
import type { RunStore } from "../stores/run-store";
import { createCpuProbe } from "./cpu";
import { readGpus } from "./gpus";

/** No nvidia-smi at the first look means that there will be none at the next. */
const GPU_RETRY_MS = 60_000;

export function createSystemProbe({ runs }: { runs: RunStore }): SystemProbe {
  const readCpu = createCpuProbe();
  let nextGpuLook = 0;
  return {
    async devices() {
      const now = Date.now();
      const gpus = now >= nextGpuLook ? await readGpus() : [];
      if (gpus.length === 0 && now >= nextGpuLook) nextGpuLook = now + GPU_RETRY_MS;
      const active = runs.withStatus("starting", "running", "stopping");
      return [readCpu(), ...gpus].map((device) => ({ ...device, heldBy: findHolder(device.id, active, gpus.length > 0) }));
    },
  };
}

/** The run that computes there, by its plan; before the plan, where a run of its kind will go. */
function findHolder(id: Device["id"], active: Run[], hasGpu: boolean): Device["heldBy"] {
  const run = active.find((candidate) => candidate.spec.kind !== "export" && deviceOf(candidate, hasGpu) === id);
  return run ? { runId: run.id, name: run.name } : null;
}

function deviceOf(run: Run, hasGpu: boolean): string {
  const device = run.plan?.device;
  if (device === undefined) return hasGpu ? "gpu:0" : "cpu";
  return device.startsWith("cuda") ? `gpu:${device.split(":")[1] ?? "0"}` : "cpu";
}
