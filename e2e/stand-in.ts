import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeStandIn } from "../server/testing/stand-in";
import { test as base } from "./fixtures";
import { type BuiltServer, startBuiltServer } from "./server";

/**
 * As the other tests, on a server whose chats and runs named `steps=…` are rehearsed: what pages show of a worker is seen in
 * seconds. Shim, files and sockets are real.
 */
export const test = base.extend<object, { server: BuiltServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "tuneboard-python-"));
      const server = await startBuiltServer({
        env: { TUNEBOARD_MODEL_ROOTS: tmpdir(), TUNEBOARD_PYTHON: writeStandIn(join(folder, "python")) },
      });
      await use(server);
      await server.stop();
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
});
