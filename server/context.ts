import type { Dataset } from "../lib/contract/dataset";
import type { Model } from "../lib/contract/model";
import type { Device } from "../lib/contract/system";
import type { AttemptLimit, SessionKeys } from "./auth/session";
import type { Bus } from "./bus";
import type { Clock } from "./clock";
import type { Tables } from "./data/tables";
import type { Env } from "./env";
import type { StandbyKeeper } from "./launchers/standby-keeper";
import type { Log } from "./log";
import type { Db } from "./stores/db";
import type { RecordStore } from "./stores/record-store";
import type { RunDirs } from "./stores/run-dir";
import type { RunStore } from "./stores/run-store";
import type { SeriesStore } from "./stores/series-store";
import type { Tasks } from "./tasks/tasks";
import type { Warm } from "./warm/warm";

/** All that a verb may use. Built once by compose.ts; tests build one on a temporary home. */
export type ServerContext = {
  env: Env;
  log: Log;
  clock: Clock;
  bus: Bus;
  db: Db;
  startedAt: number;
  session: SessionKeys;
  signInLimit: AttemptLimit;
  runs: RunStore;
  runDirs: RunDirs;
  series: SeriesStore;
  models: RecordStore<Model>;
  datasets: RecordStore<Dataset>;
  system: SystemProbe;
  tables: Tables;
  tasks: Tasks;
  warm: Warm;
  standby: StandbyKeeper;
};

/** The machine as it is now; what changes fast enough to be pushed. */
export type SystemProbe = { devices(): Promise<Device[]> };

/** What a verb may know of the request beside its input: the session verbs who asks, long questions whether somebody still waits. */
export type Call = {
  address: string;
  signedIn: boolean /** Aborts when nobody waits any more. */;
  signal: AbortSignal;
  setCookie(value: string): void;
};
