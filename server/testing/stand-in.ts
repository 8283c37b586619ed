import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/**
 * Writes a program that is the real Python, save that chats, and runs whose name says what to do (`steps=50 end=fail`), are rehearsed.
 * For a built server, which has the real launcher. Gives the path, for TUNEBOARD_PYTHON.
 */
export function writeStandIn(path: string): string {
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
