import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inRoot, root } from "./lib/paths.mjs";
import { trainerPython } from "./lib/python.mjs";
import { main, runVisible, StageError } from "./lib/stage.mjs";

/** `npm run bench` lists, `npm run bench NAME` runs one. The first comment of a bench says what it measures. */
const benches = readdirSync(inRoot("bench"))
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => ({
    name: file.replace(/\.bench\.ts$/, ""),
    about: /\/\*\* (.+?) \*\//s.exec(readFileSync(inRoot("bench", file), "utf8"))?.[1].replace(/\s*\n \*\s*/g, " ") ?? "",
  }));

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (!name) {
    for (const bench of benches) console.log(`${bench.name.padEnd(18)} ${bench.about}`);
    return;
  }
  if (!benches.some((bench) => bench.name === name))
    throw new StageError(`There is no bench ${name}.`, `Choose one of: ${benches.map((b) => b.name).join(", ")}`);
  if (!existsSync(inRoot(".build", "server.mjs"))) throw new StageError("Nothing is built yet.", "Run: npm run setup");
  process.exit(
    await runVisible(inRoot("node_modules", ".bin", "tsx"), [`bench/${name}.bench.ts`, ...args], {
      cwd: root,
      env: { TUNEBOARD_PYTHON: trainerPython() },
    }),
  );
});
