import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { trainerPython } from "./lib/python.mjs";
import { readJunit, readPlaywright, readVitest } from "./lib/reports.mjs";
import { main, runVisible } from "./lib/stage.mjs";
import { setUp } from "./setup.mjs";

/** Every suite, one after the other; a failing one does not hide the next. The last lines name what failed and count over all of them. */
const reports = inRoot("test-results", "reports");
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const shaky = [];

await main(async () => {
  console.log("Setting up");
  await setUp(async () => {
    await check("Layers", process.execPath, ["scripts/check-layers.mjs"]);
    await check("Schema export", bin("tsx"), ["scripts/export-schema.ts", "--check"]);
    await check("Lint", bin("biome"), ["ci", "."]);
    await check("Types", process.execPath, ["scripts/typecheck.mjs"]);
    await build("");
  });
  const chromium = await findChromium();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  process.env.TUNEBOARD_PYTHON = trainerPython();
  process.env.TUNEBOARD_CHROMIUM = chromium;

  await suite(
    "Unit and server tests",
    bin("vitest"),
    // A retried test is marked in the output; a fault of the machine must not hide what else a run has to say.
    [
      "run",
      ...(process.env.CI ? ["--retry=1"] : []),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${join(reports, "unit.json")}`,
    ],
    "unit.json",
    readVitest,
  );
  await suite(
    "Trainer tests",
    trainerPython(),
    ["-m", "pytest", "trainer/tests", "-q", `--junitxml=${join(reports, "trainer.xml")}`],
    "trainer.xml",
    readJunit,
    { PYTHONPATH: inRoot("trainer", "src") },
  );
  await suite("Browser tests", bin("playwright"), ["test"], "browser.json", readPlaywright, {
    PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, "browser.json"),
  });

  if (shaky.length > 0) console.log(`\n── Passed only at the second try\n${shaky.join("\n")}`);
  if (failures.length > 0) console.log(`\n── Failed\n${failures.join("\n")}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed > 0 ? 1 : 0);
});

async function check(name, command, args) {
  heading(name);
  const code = await runVisible(command, args, { cwd: root });
  count(name, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: code === 0 ? [] : [`ended with ${code}`] });
}

async function suite(name, command, args, report, read, env) {
  heading(name);
  const began = performance.now();
  const code = await runVisible(command, args, { cwd: root, env });
  console.log(`${name}: ${Math.round((performance.now() - began) / 1000)} s`);
  const result = readReport(report, read);
  // A runner that ends badly without a failed test (a crash, no tests found) is a failure too.
  if (code !== 0 && result.failed === 0) count(name, { ...result, failed: 1, failures: [`ended with ${code}`] });
  else count(name, result);
}

function count(name, { passed, failed, skipped, failures: lines, shaky: seconds = [] }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  failures.push(...lines.map((line) => `${name}: ${line}`));
  shaky.push(...seconds.map((line) => `${name}: ${line}`));
}

function readReport(name, read) {
  try {
    return read(readFileSync(join(reports, name), "utf8"));
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`no report ${name}: ${error.message}`] };
  }
}

function bin(name) {
  return inRoot("node_modules", ".bin", name);
}

function heading(name) {
  console.log(`\n── ${name}`);
}
