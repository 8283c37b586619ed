import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const inRoot = (...parts) => join(root, ...parts);

/** sha256 over names and contents of files; folders are walked. Missing paths count as absent. */
export function hashOf(paths, salt = "") {
  const hash = createHash("sha256").update(salt);
  for (const file of paths.flatMap(filesUnder).sort()) {
    hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.name.startsWith(".") ? [] : filesUnder(join(path, entry.name)),
  );
}

/** A stamp tells that a stage was done for exactly these inputs. It is written only after success. */
export const stampIs = (file, value) => existsSync(file) && readFileSync(file, "utf8") === value;
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
