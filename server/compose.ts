import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../lib/contract/model";
import { isActive } from "../lib/domain/run-status";
import { createAttemptLimit, createSessionKeys } from "./auth/session";
import { createBus } from "./bus";
import { type Clock, systemClock } from "./clock";
import type { ServerContext } from "./context";
import { arrowConverter } from "./data/convert-arrow";
import { createTables } from "./data/tables";
import type { Env } from "./env";
import type { Launcher } from "./launchers/launcher";
import { createLocalLauncher, workerVariables } from "./launchers/local";
import { createStandby } from "./launchers/standby";
import { createStandbyKeeper } from "./launchers/standby-keeper";
import type { Log } from "./log";
import { createDatasetStore } from "./stores/dataset-store";
import { openDb } from "./stores/db";
import { createRecordStore } from "./stores/record-store";
import { createRunDirs } from "./stores/run-dir";
import { createRunStore } from "./stores/run-store";
import { createSeriesStore } from "./stores/series-store";
import { createSystemProbe } from "./system/probe";
import { createTasks } from "./tasks/create-tasks";
import { createWarm } from "./warm/warm";

/** What tests put in place of the real thing. */
type Replaced = { clock?: Clock; launcher?: Launcher };

/** Puts the parts together; nothing is started yet. */
export function compose(env: Env, log: Log, { clock = systemClock, launcher }: Replaced = {}): ServerContext {
  for (const folder of ["runs", "datasets", "uploads"]) mkdirSync(join(env.home, folder), { recursive: true, mode: 0o700 });
  const bus = createBus((error) => log.error("bus.listener_fault", { error }));
  const db = openDb(join(env.home, "tuneboard.db"));
  const runs = createRunStore(db, clock);
  const runDirs = createRunDirs(env.home);
  const standby = createStandby({ ...env, variables: workerVariables(env.trainer, "train", process.env), log });
  const series = createSeriesStore({
    runDirs,
    committedOffset: runs.logOffset,
    isLive: (id) => isActive(runs.find(id)?.status ?? "draft"),
  });
  return {
    env,
    log,
    clock,
    bus,
    db,
    startedAt: clock.now(),
    session: createSessionKeys(env, clock),
    signInLimit: createAttemptLimit(clock),
    runs,
    runDirs,
    series,
    models: createRecordStore<Model>(db, { table: "model", notFound: "model_not_found" }),
    datasets: createDatasetStore(db, env.home),
    system: createSystemProbe({ runs }),
    tables: createTables({ home: env.home, roots: [env.home, ...env.modelRoots], log, convertArrow: arrowConverter(env) }),
    tasks: createTasks({
      env,
      log,
      clock,
      bus,
      runs,
      runDirs,
      series,
      launcher: launcher ?? createLocalLauncher({ ...env, variables: process.env, standby }),
    }),
    standby: createStandbyKeeper({
      standby,
      home: env.home,
      permitted: env.keepsStandby && launcher === undefined,
      isTraining: () => runs.withStatus("starting", "running", "stopping").some(({ spec }) => spec.kind === "train"),
      log,
    }),
    warm: createWarm({ env, log }),
  };
}
