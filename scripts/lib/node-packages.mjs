import { join } from "node:path";
import { hashOf, inRoot, root, stampIs, writeStamp } from "./paths.mjs";
import { run, StageError, stage } from "./stage.mjs";

const stamp = join(root, "node_modules", ".tuneboard-stamp");

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new StageError(`Node ${process.versions.node} is too old.`, "Install Node 20.19 or newer and run the same command again.");
}

export async function setUpNodePackages() {
  const wanted = hashOf([inRoot("package.json"), inRoot("package-lock.json")]);
  await stage("Node packages", async () => {
    if (stampIs(stamp, wanted)) return "up to date";
    // `install`, not `ci`: ci refuses a lockfile whose optional binaries of other platforms are not listed.
    // --include=dev: with NODE_ENV=production npm would leave out TypeScript and Tailwind, which the build needs.
    await run("npm", ["install", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"], {
      cwd: root,
      remedy: "Check that the npm registry can be reached (npm ping), then run the same command again.",
    });
    writeStamp(stamp, hashOf([inRoot("package.json"), inRoot("package-lock.json")]));
    return "";
  });
}
