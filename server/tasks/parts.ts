import type { Bus } from "../bus";
import type { Clock } from "../clock";
import type { Env } from "../env";
import type { Launcher } from "../launchers/launcher";
import type { Log } from "../log";
import type { RunDirs } from "../stores/run-dir";
import type { RunStore } from "../stores/run-store";
import type { SeriesStore } from "../stores/series-store";

/** What the tasks stand on. */
export type TaskParts = {
  env: Pick<Env, "stopSeconds" | "abortSeconds" | "graceSeconds">;
  log: Log;
  clock: Clock;
  bus: Bus;
  runs: RunStore;
  runDirs: RunDirs;
  series: SeriesStore;
  launcher: Launcher;
};
