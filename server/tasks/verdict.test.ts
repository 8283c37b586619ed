import { expect, test } from "vitest";
import type { ExitRecord } from "../../lib/contract/event";
import { decideEnd } from "./verdict";

const exit = (change: Partial<ExitRecord> = {}): ExitRecord => ({
  code: 0,
  signal: null,
  killed: false,
  oomKills: 0,
  maxRssBytes: 0,
  startedAt: 0,
  endedAt: 1,
  ...change,
});
const calm = { failure: null, stopRequest: null };
const told = { code: "data_invalid", message: "Row 3", remedy: null, traceback: null, exitCode: null, signal: null } as const;

test.each([
  ["the worker said succeeded", { run: calm, outcome: "succeeded", exit: exit() }, "succeeded", null],
  ["the worker said stopped", { run: { ...calm, stopRequest: "stop" }, outcome: "stopped", exit: exit() }, "stopped", null],
  [
    "it had finished before our stop arrived",
    { run: { ...calm, stopRequest: "stop" }, outcome: "succeeded", exit: exit() },
    "succeeded",
    null,
  ],
  ["it said succeeded and its shim vanished", { run: calm, outcome: "succeeded", exit: null }, "succeeded", null],
  ["it told a failure", { run: { ...calm, failure: told }, outcome: null, exit: exit({ code: 1 }) }, "failed", "data_invalid"],
  [
    "we killed it after asking",
    { run: { ...calm, stopRequest: "abort" }, outcome: null, exit: exit({ code: null, signal: 9, killed: true }) },
    "stopped",
    null,
  ],
  [
    "signal 9 with memory spent",
    { run: calm, outcome: null, exit: exit({ code: null, signal: 9, oomKills: 1 }) },
    "failed",
    "out_of_memory",
  ],
  ["signal 9 by somebody", { run: calm, outcome: null, exit: exit({ code: null, signal: 9 }) }, "failed", "killed"],
  ["a crash", { run: calm, outcome: null, exit: exit({ code: null, signal: 11 }) }, "failed", "killed"],
  ["no such program", { run: calm, outcome: null, exit: exit({ code: 127 }) }, "failed", "start_failed"],
  ["code 0 without a word", { run: calm, outcome: null, exit: exit() }, "failed", "unknown"],
  ["no record", { run: calm, outcome: null, exit: null, reason: "rebooted" }, "lost", "worker_vanished"],
  [
    "code 1 on a full disk",
    { run: calm, outcome: null, exit: exit({ code: 1 }), disk: { path: "/d", freeBytes: 0 } },
    "failed",
    "disk_full",
  ],
  [
    "code 1 on a disk with room",
    { run: calm, outcome: null, exit: exit({ code: 1 }), disk: { path: "/d", freeBytes: 1e9 } },
    "failed",
    "unknown",
  ],
  ["no record on a full disk", { run: calm, outcome: null, exit: null, disk: { path: "/d", freeBytes: 4096 } }, "failed", "disk_full"],
] as const)("%s: %#", (_name, ending, status, code) => {
  const end = decideEnd(ending);
  expect(end.status).toBe(status);
  expect(end.failure?.code ?? null).toBe(code);
});
