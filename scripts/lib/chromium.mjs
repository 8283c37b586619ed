import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run, StageError, stage } from "./stage.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const remedy =
  "Install Chromium (Debian and Ubuntu: apt-get install chromium fonts-noto-cjk), or name one: TUNEBOARD_CHROMIUM=/path/to/chromium";

/** A Chromium for the browser tests: named, found on the PATH, or Debian's package where it may be installed. */
export async function findChromium() {
  const found = process.env.TUNEBOARD_CHROMIUM || onPath();
  if (found) return found;
  if (process.getuid?.() !== 0 || !has("apt-get")) throw new StageError("No Chromium was found for the browser tests.", remedy);
  await stage("Chromium (Debian's package)", async () => {
    await run("apt-get", ["update", "-q"], { remedy });
    await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-cjk"], {
      remedy,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
    return "";
  });
  const installed = onPath();
  if (!installed) throw new StageError("Chromium was installed but is not on the PATH.", remedy);
  return installed;
}

function onPath() {
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder; the search goes on.
      }
    }
  return null;
}

function has(command) {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
