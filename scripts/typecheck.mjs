import { existsSync } from "node:fs";
import { inRoot, root } from "./lib/paths.mjs";
import { runVisible } from "./lib/stage.mjs";

/**
 * Four projects: the ground compiles without DOM and Node types, the server without DOM, the pages without Node types;
 * tests see all.
 */
if (!existsSync(inRoot("next-env.d.ts")))
  await runVisible(process.execPath, [inRoot("node_modules", "next", "dist", "bin", "next"), "typegen"], { cwd: root });
let worst = 0;
for (const project of ["tsconfig.ground.json", "tsconfig.server.json", "tsconfig.json", "tsconfig.test.json"])
  worst = Math.max(worst, await runVisible(inRoot("node_modules", ".bin", "tsc"), ["--noEmit", "-p", project], { cwd: root }));
process.exit(worst);
