import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { newRunId } from "../ids";
import { silentLog } from "../log";
import { findByEnvironment } from "../stores/process-probe";
import { makeHome, makeServer, type TestServer, testEnv } from "../testing/make-server";
import { workerVariables } from "./local";
import { createStandby } from "./standby";
import { createStandbyKeeper } from "./standby-keeper";

const PLENTY = 64 * 1024 ** 3;
let servers: TestServer[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(servers.map((server) => server.remove()));
  servers = [];
});

test("a worker that waits is ready, is sent away, and leaves no process", { timeout: 90_000 }, async () => {
  const env = testEnv(makeHome());
  const mark = `standby-test-${process.pid}`;
  const variables = { ...workerVariables(env.trainer, "train", process.env), TUNEBOARD_MARK: mark };
  const standby = createStandby({ ...env, variables, log: silentLog });
  standby.begin();
  expect(standby.state()).toBe("warming");
  await expect.poll(standby.state, { timeout: 60_000 }).toBe("ready");
  expect(findByEnvironment("TUNEBOARD_MARK", mark)).toHaveLength(2);
  standby.leave("the test ends");
  await expect.poll(() => findByEnvironment("TUNEBOARD_MARK", mark), { timeout: 10_000 }).toEqual([]);
  expect(standby.faulty()).toBe(false);
});

test("where no worker is ready, or its program can't be started, nothing is handed over", async () => {
  const env = testEnv(makeHome());
  const standby = createStandby({
    ...env,
    python: "/nowhere/python",
    variables: workerVariables(env.trainer, "train", {}),
    log: silentLog,
  });
  const start = {
    runId: newRunId(),
    attempt: 1,
    runDir: env.home,
    attemptDir: env.home,
    token: "t".repeat(32),
    kind: "train",
    processes: 1,
  } as const;
  expect(await standby.take(start)).toBe(false);
  standby.begin();
  await expect.poll(standby.faulty).toBe(true);
  expect(standby.state()).toBe("off");
});

function keeper({ availableBytes = () => PLENTY, isTraining = (): boolean => false, permitted = true, home = makeHome() } = {}) {
  vi.useFakeTimers();
  let state: "off" | "ready" = "off";
  const standby = {
    state: () => state,
    faulty: () => false,
    begin: () => {
      state = "ready";
    },
    leave: () => {
      state = "off";
    },
    take: () => Promise.resolve(false),
  };
  const made = createStandbyKeeper({ standby, home, permitted, isTraining, availableBytes, log: silentLog });
  made.open();
  return { keeper: made, standby, home, look: () => vi.advanceTimersByTime(5000) };
}

test("it waits while nothing trains and memory is plentiful, and leaves otherwise", () => {
  let bytes = PLENTY;
  let training = false;
  const { standby, look } = keeper({ availableBytes: () => bytes, isTraining: () => training });
  look();
  expect(standby.state()).toBe("ready");
  bytes = 1024 ** 3;
  look();
  expect(standby.state()).toBe("off");
  // More must be free before the next one comes than before the last one left.
  bytes = 2 * 1024 ** 3;
  look();
  expect(standby.state()).toBe("off");
  bytes = PLENTY;
  look();
  expect(standby.state()).toBe("ready");
  training = true;
  look();
  expect(standby.state()).toBe("off");
});

test("the person's choice outlasts the server; what the environment forbids nobody allows", () => {
  const first = keeper();
  first.keeper.allow(false);
  first.look();
  expect(first.standby.state()).toBe("off");
  expect(existsSync(join(first.home, "standby-off"))).toBe(true);
  const again = keeper({ home: first.home });
  expect(again.keeper.report()).toMatchObject({ allowed: false, permitted: true });
  again.keeper.allow(true);
  expect(again.standby.state()).toBe("ready");
  const forbidden = keeper({ permitted: false });
  forbidden.keeper.allow(true);
  forbidden.look();
  expect(forbidden.keeper.report()).toEqual({ allowed: true, permitted: false, state: "off" });
});

test("the setting is read and changed over the API", async () => {
  const server = await makeServer();
  servers.push(server);
  const patch = await server.fetch("/api/system/standby", { method: "PATCH", json: { allowed: false } });
  expect(await patch.json()).toEqual({ permitted: false, allowed: false, state: "off" });
  expect(await (await server.fetch("/api/system/standby")).json()).toMatchObject({ allowed: false });
});
