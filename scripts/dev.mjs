import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { environmentOf, parseOptions } from "./lib/options.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { trainerPython } from "./lib/python.mjs";
import { main } from "./lib/stage.mjs";
import { setUp } from "./setup.mjs";

await main(async () => {
  const options = parseOptions(process.argv.slice(2));
  await setUp();
  const nextPort = await freePort();
  const env = {
    ...process.env,
    ...environmentOf(options),
    TUNEBOARD_PYTHON: trainerPython(),
    TUNEBOARD_NEXT_PORT: String(nextPort),
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "development",
  };
  const children = [
    spawn(process.execPath, [inRoot("node_modules", "next", "dist", "bin", "next"), "dev", "-p", String(nextPort), "-H", "127.0.0.1"], {
      cwd: root,
      env,
      stdio: "inherit",
    }),
    // Training workers are started in sessions of their own: a restart of the server does not touch them.
    spawn(inRoot("node_modules", ".bin", "tsx"), ["watch", "--clear-screen=false", "server/main.ts"], { cwd: root, env, stdio: "inherit" }),
  ];
  const stop = () => {
    for (const child of children) child.kill("SIGTERM");
  };
  for (const child of children) child.on("exit", stop);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
});

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
