import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const testing = join(import.meta.dirname, "..", "server", "testing");

/**
 * A Python that is the real one, save that chat workers, and runs whose name says what to do (`steps=50 end=fail`), are the
 * rehearsals: what the pages show of a worker can be seen in seconds. The shim in front of them is the real one.
 */
export function standInPython(real: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "tuneboard-python-")), "python");
  writeFileSync(
    path,
    `#!/bin/sh
if [ "$1" = -m ] && [ "$2" = trainer ]; then
  if grep -Eq '"kind": ?"chat"' "$3/a$4/spec.json"; then exec "${real}" "${join(testing, "chat-rehearsal.py")}" "$3" "$4"; fi
  if grep -Eq '"name": ?"[^"]*steps=' "$3/a$4/spec.json"; then exec "${real}" "${join(testing, "rehearsal.py")}" "$3" "$4"; fi
fi
exec "${real}" "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}
