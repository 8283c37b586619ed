import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "./errors";
import { lockHome } from "./home-lock";
import { readStartTicks } from "./stores/process-probe";
import { makeHome } from "./testing/make-server";

let home: string;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("a second server on a home is refused with the number of the first", () => {
  const unlock = lockHome(home);
  try {
    lockHome(home);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "home_locked", params: { home, pid: process.pid } });
  }
  unlock();
  lockHome(home)();
});

test("the lock of a server that was killed is taken over", async () => {
  const other = spawn("sleep", ["60"]);
  await once(other, "spawn");
  const pid = other.pid ?? 0;
  writeFileSync(join(home, "lock"), JSON.stringify({ pid, startTicks: readStartTicks(pid) }));
  expect(() => lockHome(home)).toThrow(`process ${pid}`);
  other.kill("SIGKILL");
  await once(other, "exit");
  lockHome(home);
  expect(JSON.parse(readFileSync(join(home, "lock"), "utf8")).pid).toBe(process.pid);
});

test("a process that only has the same number does not hold it", () => {
  writeFileSync(join(home, "lock"), JSON.stringify({ pid: process.pid, startTicks: 1 }));
  lockHome(home);
  expect(JSON.parse(readFileSync(join(home, "lock"), "utf8")).startTicks).toBe(readStartTicks(process.pid));
});

test("of many servers that start at once over a stale lock, one gets the home", async () => {
  writeFileSync(join(home, "lock"), JSON.stringify({ pid: process.pid, startTicks: 1 }));
  const program = `import { lockHome } from "./server/home-lock"; try { lockHome(${JSON.stringify(home)}); console.log("got it"); setInterval(() => {}, 1000); } catch { console.log("refused"); }`;
  const others = Array.from({ length: 4 }, () => spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]));
  const said = await Promise.all(others.map((child) => once(child.stdout, "data").then(([data]) => String(data).trim())));
  for (const child of others) child.kill("SIGKILL");
  expect(said.filter((word) => word === "got it")).toHaveLength(1);
});
