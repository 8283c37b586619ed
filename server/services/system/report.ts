import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { SystemReport } from "../../../lib/contract/system";
import type { ServerContext } from "../../context";
import { folderBytes } from "../../stores/run-dir";
import { readEnvironment } from "../../system/environment";
import { readLoad } from "../../system/load";

export async function reportSystem(ctx: ServerContext, _input: object): Promise<SystemReport> {
  const [environment, load, disk] = await Promise.all([readEnvironment(ctx), readLoad(ctx), statfs(ctx.env.home)]);
  return {
    ...load,
    version: readVersion(ctx.env.root),
    node: process.version,
    host: hostname(),
    home: ctx.env.home,
    startedAt: ctx.startedAt,
    environment: environment.report,
    environmentProblem: environment.problem,
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize, usedByHomeBytes: homeBytes(ctx) },
    modelRoots: ctx.env.modelRoots,
  };
}

const SIZE_LIFETIME_MS = 60_000;
const sizes = new Map<string, { bytes: number | null; at: number }>();

/** The size known so far; walking the home may take long, so it is done beside and told at the next question. */
function homeBytes({ env, clock, log }: ServerContext): number | null {
  const known = sizes.get(env.home) ?? { bytes: null, at: Number.NEGATIVE_INFINITY };
  if (clock.now() - known.at > SIZE_LIFETIME_MS) {
    sizes.set(env.home, { ...known, at: clock.now() });
    folderBytes(env.home).then(
      (bytes) => sizes.set(env.home, { bytes, at: clock.now() }),
      (error) => log.warn("home.size_unknown", { error }),
    );
  }
  return known.bytes;
}

const readVersion = (root: string): string => String(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
