/** merge-cost — export of a 645 M model with a rank-8 adapter, time and peak memory, against peft's merge and against copying the base */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportSpec } from "./lib/export-spec";
import { type Finished, python, root, runProgram } from "./lib/programs";
import { median, report, spread } from "./lib/report";

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const work = mkdtempSync(join(tmpdir(), "tuneboard-merge-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const base = join(work, "base");
const adapter = join(work, "adapter");
const env = { PYTHONPATH: join(root, "trainer", "src"), HF_HUB_OFFLINE: "1" };

await runProgram(python, ["bench/python/make_model.py", base, "--adapter", adapter], { env });
const ours: Finished[] = [];
const peft: Finished[] = [];
const copies: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  copies.push(copyBase(round));
  ours.push(await exportOnce(round));
  peft.push(
    await runProgram(python, ["bench/python/peft_merge.py", "--base", base, "--adapter", adapter, "--out", join(work, `peft-${round}`)], {
      env,
    }),
  );
  rmSync(join(work, `peft-${round}`), { recursive: true });
  rmSync(join(work, `run-${round}`), { recursive: true });
}

const seconds = (runs: Finished[]) => runs.map((run) => run.seconds);
const megabytes = (runs: Finished[]) => runs.map((run) => run.peakBytes / 1e6);
console.log(`copy of the base   ${spread(copies)} s`);
console.log(`our export         ${spread(seconds(ours))} s, peak ${spread(megabytes(ours))} MB`);
console.log(`peft's merge       ${spread(seconds(peft))} s, peak ${spread(megabytes(peft))} MB`);
const timeRatio = median(seconds(ours)) / median(seconds(peft));
const memoryRatio = median(megabytes(ours)) / median(megabytes(peft));
const copyRatio = median(seconds(ours)) / median(copies);
console.log(`time ${timeRatio.toFixed(2)} of peft's, memory ${memoryRatio.toFixed(2)} of peft's, ${copyRatio.toFixed(1)} times a copy`);
report({
  name: "merge-cost",
  value: timeRatio,
  unit: "of the time of peft's merge",
  goal: "time <= 0.5 and memory <= 0.6 of peft's",
  met: timeRatio <= 0.5 && memoryRatio <= 0.6,
  against: `peft merge_and_unload on the same files; memory ratio ${memoryRatio.toFixed(2)}, ${copyRatio.toFixed(1)} times a plain copy (LLaMA-Factory: 9.1 times)`,
});

function copyBase(round: number): number {
  const started = performance.now();
  cpSync(base, join(work, `copy-${round}`), { recursive: true });
  const seconds = (performance.now() - started) / 1000;
  rmSync(join(work, `copy-${round}`), { recursive: true });
  return seconds;
}

async function exportOnce(round: number): Promise<Finished> {
  const runDir = join(work, `run-${round}`);
  mkdirSync(join(runDir, "a1"), { recursive: true });
  mkdirSync(join(runDir, "artifacts"));
  writeFileSync(join(runDir, "a1", "spec.json"), JSON.stringify(exportSpec({ base, adapter, output: join(runDir, "artifacts", "model") })));
  return runProgram(python, ["-m", "trainer", runDir, "1"], { env });
}
