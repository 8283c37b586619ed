import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { hashOf, inRoot, root, stampIs, writeStamp } from "./paths.mjs";
import { run, stage } from "./stage.mjs";

const stamp = inRoot(".build", "stamp");
const sources = [
  "app",
  "components",
  "lib",
  "server",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
].map((p) => inRoot(p));
const bin = (name) => inRoot("node_modules", ".bin", name);

/** Builds pages and server when a source or the base path changed. The base path is part of the pages, so it is part of the stamp. */
export async function build(basePath) {
  const wanted = hashOf(sources, basePath);
  if (stampIs(stamp, wanted) && existsSync(inRoot(".next", "BUILD_ID")) && existsSync(inRoot(".build", "server.mjs")))
    return stage("Build", () => "up to date");
  await stage("Pages (next build)", () =>
    run(process.execPath, [inRoot("node_modules", "next", "dist", "bin", "next"), "build"], {
      cwd: root,
      env: { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", TUNEBOARD_BASE_PATH: basePath },
      remedy: "The messages above name the file. After a change of branch, remove .next and .build and run the same command again.",
    }).then(() => ""),
  );
  await stage("Server (esbuild)", bundleServer);
  await stage("Compress pages", compressStatic);
  writeStamp(stamp, wanted);
}

/** Beside the server lies the thread that reads data sets (server/data/worker-thread.ts). */
function bundleServer() {
  return run(
    bin("esbuild"),
    [
      "server=server/main.ts",
      "data-worker=server/data/worker/worker.ts",
      "--bundle",
      "--platform=node",
      "--target=node20",
      "--format=esm",
      "--packages=external",
      "--outdir=.build",
      "--out-extension:.js=.mjs",
      "--sourcemap",
      "--log-level=warning",
    ],
    { cwd: root },
  ).then(() => "");
}

/** Writes .br and .gz beside each file, so that nothing is compressed while somebody waits. */
async function compressStatic() {
  const files = textFilesUnder(inRoot(".next", "static"));
  files.filter((file) => file.endsWith(".js")).forEach(hintEagerCompile);
  const saved = await Promise.all(files.map(compress));
  return `${(saved.reduce((sum, bytes) => sum + bytes, 0) / 1e6).toFixed(1)} MB less on the wire`;
}

/**
 * Tells Chromium to compile a script whole, on another thread, while it loads. Without it most functions are compiled one by one
 * at their first call, on the page's own thread: 40 % of all script time of a first visit. Other browsers see a comment.
 */
function hintEagerCompile(file) {
  const hint = "//# allFunctionsCalledOnLoad\n";
  const content = readFileSync(file, "utf8");
  if (!content.startsWith(hint)) writeFileSync(file, hint + content);
}

/** The asynchronous calls run on all cores; quality 11 costs seconds once and takes 7 % off every first visit. */
async function compress(file) {
  const content = readFileSync(file);
  if (content.length < 1024) return 0;
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, zipped);
  return content.length - brotli.length;
}

function textFilesUnder(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return textFilesUnder(path);
    return /\.(js|css|json|svg|txt)$/.test(name) ? [path] : [];
  });
}
