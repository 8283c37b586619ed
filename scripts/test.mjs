import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { trainerPython } from "./lib/python.mjs";
import { main, runVisible } from "./lib/stage.mjs";
import { setUp } from "./setup.mjs";

/** Every suite, one after the other; a failing one does not hide the next. The last line counts over all of them. */
const reports = inRoot("test-results", "reports");
const total = { passed: 0, failed: 0, skipped: 0 };

await main(async () => {
  console.log("Setting up");
  await setUp();
  const chromium = await findChromium();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  process.env.TUNEBOARD_PYTHON = trainerPython();
  process.env.TUNEBOARD_CHROMIUM = chromium;

  await check("Layers", process.execPath, ["scripts/check-layers.mjs"]);
  await check("Schema export", bin("tsx"), ["scripts/export-schema.ts", "--check"]);
  await check("Lint", bin("biome"), ["ci", "."]);
  await check("Types", process.execPath, ["scripts/typecheck.mjs"]);
  await suite(
    "Unit and server tests",
    bin("vitest"),
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${join(reports, "unit.json")}`],
    readVitest,
  );
  await suite(
    "Trainer tests",
    trainerPython(),
    ["-m", "pytest", "trainer/tests", "-q", `--junitxml=${join(reports, "trainer.xml")}`],
    readJunit,
    {
      PYTHONPATH: inRoot("trainer", "src"),
    },
  );
  heading("Build");
  await build("");
  await suite("Browser tests", bin("playwright"), ["test"], readPlaywright, { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, "browser.json") });

  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed > 0 ? 1 : 0);
});

async function check(name, command, args) {
  heading(name);
  const code = await runVisible(command, args, { cwd: root });
  count({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
}

async function suite(name, command, args, read, env) {
  heading(name);
  const code = await runVisible(command, args, { cwd: root, env });
  const result = read();
  // A runner that ends badly without a failed test (a crash, no tests found) is a failure too.
  if (code !== 0 && result.failed === 0) result.failed = 1;
  count(result);
}

function count({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

function readVitest() {
  const report = readReport("unit.json", JSON.parse);
  return report
    ? { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + (report.numTodoTests ?? 0) }
    : { passed: 0, failed: 1, skipped: 0 };
}

function readJunit() {
  const xml = readReport("trainer.xml", (text) => text);
  if (!xml) return { passed: 0, failed: 1, skipped: 0 };
  const sum = (name) =>
    [...xml.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, "g"))].reduce((n, match) => n + Number(match[1]), 0);
  const failed = sum("failures") + sum("errors");
  const skipped = sum("skipped");
  return { passed: sum("tests") - failed - skipped, failed, skipped };
}

function readPlaywright() {
  const report = readReport("browser.json", JSON.parse);
  return report
    ? { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected, skipped: report.stats.skipped }
    : { passed: 0, failed: 1, skipped: 0 };
}

function readReport(name, parse) {
  try {
    return parse(readFileSync(join(reports, name), "utf8"));
  } catch (error) {
    console.error(`no report ${name}: ${error.message}`);
    return null;
  }
}

function bin(name) {
  return inRoot("node_modules", ".bin", name);
}

function heading(name) {
  console.log(`\n── ${name}`);
}
