import { build } from "./lib/build.mjs";
import { environmentOf, parseOptions } from "./lib/options.mjs";
import { inRoot } from "./lib/paths.mjs";
import { reportEnvironment, trainerPython } from "./lib/python.mjs";
import { main } from "./lib/stage.mjs";
import { setUp } from "./setup.mjs";

await main(async () => {
  const options = parseOptions(process.argv.slice(2));
  console.log("Tuneboard");
  await setUp(() => build(options.basePath));
  console.log(await reportEnvironment());
  Object.assign(process.env, environmentOf(options), {
    TUNEBOARD_PYTHON: trainerPython(),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  // In this process: one process to stop, and nothing is left behind when it is killed.
  await import(inRoot(".build", "server.mjs"));
});
