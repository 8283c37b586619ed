import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "./fixtures";
import { type BuiltServer, startBuiltServer } from "./server";

const root = join(import.meta.dirname, "..");

/**
 * As the other tests, on a server whose Python is the real one, save that chats, and runs whose name says what to do
 * (`steps=50 end=fail`), are rehearsed: what pages show of a worker is seen in seconds. Shim, files and sockets are real.
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

function writeStandIn(path: string): string {
  const real = process.env.TUNEBOARD_PYTHON ?? join(root, ".venv", "bin", "python");
  const program = (name: string) => `exec "${real}" "${join(root, "server", "testing", name)}" "$3" "$4"`;
  writeFileSync(
    path,
    `#!/bin/sh
if [ "$1" = -m ] && [ "$2" = trainer ]; then
  if grep -Eq '"kind": ?"chat"' "$3/a$4/spec.json"; then ${program("chat-rehearsal.py")}; fi
  if grep -Eq '"name": ?"[^"]*steps=' "$3/a$4/spec.json"; then ${program("rehearsal.py")}; fi
fi
exec "${real}" "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}
