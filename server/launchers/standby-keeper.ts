import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StandbyReport } from "../../lib/contract/system";
import type { Log } from "../log";
import type { Standby } from "./standby";

export type KeeperOptions = {
  standby: Standby;
  home: string;
  /** Off by the environment: no setting turns it on. */
  permitted: boolean;
  /** Whether something trains: then nobody waits for a start, and its memory is not ours to take. */
  isTraining: () => boolean;
  availableBytes?: () => number;
  log: Log;
};

/** Decides when a worker waits: while nothing trains, memory is plentiful, and nobody has switched it off. */
export type StandbyKeeper = {
  report(): StandbyReport;
  /** The person's choice, kept in the home. */
  allow(on: boolean): void;
  /** Begins to look after it. */
  open(): void;
  close(): void;
};

/** One takes about 0.7 GB; a training needs more than that beside it. */
const START_BYTES = 3 * 1024 ** 3;
const LEAVE_BYTES = 1.5 * 1024 ** 3;
const LOOK_MS = 5000;
/** After one that ended by itself (a broken environment): not again and again. */
const RETRY_MS = 10 * 60_000;

export function createStandbyKeeper(options: KeeperOptions): StandbyKeeper {
  const { standby, home, permitted, isTraining, log, availableBytes = () => process.availableMemory() } = options;
  const mark = join(home, "standby-off");
  let allowed = !existsSync(mark);
  let timer: NodeJS.Timeout | null = null;
  let begunAt = Number.NEGATIVE_INFINITY;

  const look = (): void => {
    if (standby.state() !== "off") {
      const reason = whyLeave();
      if (reason !== null) standby.leave(reason);
      return;
    }
    if (!permitted || !allowed || isTraining() || availableBytes() < START_BYTES || Date.now() - begunAt < retryMs()) return;
    begunAt = Date.now();
    standby.begin();
  };

  const whyLeave = (): string | null => {
    if (!allowed) return "switched off";
    if (isTraining()) return "something trains";
    return availableBytes() < LEAVE_BYTES ? "memory is short" : null;
  };

  /** One that ended by itself waits longer than one that was taken or sent away. */
  const retryMs = (): number => (standby.faulty() ? RETRY_MS : 0);

  return {
    report: () => ({ permitted, allowed, state: standby.state() }),
    allow(on) {
      allowed = on;
      if (on) rmSync(mark, { force: true });
      else writeFileSync(mark, "");
      log.info("standby.allowed", { on });
      if (timer !== null) look();
    },
    open() {
      if (permitted) timer = setInterval(look, LOOK_MS).unref();
    },
    close() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      standby.leave("the server ends");
    },
  };
}
