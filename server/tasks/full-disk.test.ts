import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asDiskError } from "../stores/disk-error";
import { makeRun, untilEnded, untilStep } from "../testing/make-run";
import { makeHome, makeServer, type TestServer } from "../testing/make-server";

let home: string;
let server: TestServer;
const mounts = canMount();
beforeEach(async () => {
  home = makeHome();
  if (mounts) execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", home]);
  server = await makeServer({ home });
});
afterEach(async () => {
  await server.stop();
  if (mounts) execFileSync("umount", ["--lazy", home]);
  rmSync(home, { recursive: true, force: true });
});

test.skipIf(!mounts)("a run that a full disk ends is failed, with the disk named, while the disk is still full", async () => {
  const { id } = makeRun(server, "steps=100000 delay=0.01");
  await untilStep(server, id, 5);
  fill(join(home, "filler"));
  const run = await untilEnded(server, id);
  expect(run).toMatchObject({ status: "failed", failure: { code: "disk_full" } });
  expect(run.failure?.message).toMatch(new RegExp(`^The disk of ${home}/runs/${id} is full: \\d+ bytes are free\\.$`));
  expect(run.failure?.remedy).toContain("Delete runs");
  // A full disk must not keep anybody from deleting.
  expect((await server.fetch(`/api/runs/${id}`, { method: "DELETE" })).status).toBe(200);
  rmSync(join(home, "filler"));
  expect(await untilEnded(server, makeRun(server, "steps=5").id)).toMatchObject({ status: "succeeded" });
});

test.skipIf(!mounts)("a home whose runs can't be written says so before anything starts", async () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", join(home, "runs")]);
  try {
    makeRun(server, "steps=5");
    expect.unreachable();
  } catch (error) {
    expect(asDiskError(error, home)).toMatchObject({ code: "path_not_writable", message: expect.stringContaining("read-only") });
  } finally {
    execFileSync("umount", [join(home, "runs")]);
  }
  expect(server.ctx.runs.list({ kind: "train", limit: 10 })).toEqual([]);
});

/** Until not one more byte goes in, again and again: what is freed meanwhile is taken too. */
function fill(path: string): void {
  const file = openSync(path, "w");
  for (const piece of [Buffer.alloc(65_536), Buffer.alloc(1)]) {
    try {
      for (;;) writeSync(file, piece);
    } catch (error) {
      expect(error).toMatchObject({ code: "ENOSPC" });
    }
  }
  closeSync(file);
}

function canMount(): boolean {
  const probe = makeHome();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe]);
    return true;
  } catch {
    // Not root, or no such command: the same is tested without a real disk in verdict.test.ts.
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
