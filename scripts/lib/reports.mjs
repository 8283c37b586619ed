import { stripVTControlCharacters } from "node:util";

/**
 * What a suite's report says: `{ passed, failed, skipped, failures }`, a failure as one line of file, title and the first line of its
 * error. Of what failed outside a test (a file that does not load) the error is told too. `shaky`: what passed only at the second try.
 */
export function readVitest(text) {
  const report = JSON.parse(text);
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return status === "failed" ? [line(name, "", message)] : [];
    return failed.map((test) => line(name, test.fullName, test.failureMessages[0]));
  });
  return {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, failures.length),
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    failures,
  };
}

export function readJunit(text) {
  const cases = [...text.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)];
  const has = (name) => cases.filter(([, , inside]) => inside?.includes(`<${name}`));
  const bad = cases.filter(([, , inside]) => /<(failure|error)\b/.test(inside ?? ""));
  const failures = bad.map(([, attributes, inside]) =>
    line(attribute(attributes, "classname"), attribute(attributes, "name"), attribute(inside, "message")),
  );
  const skipped = has("skipped").length;
  return { passed: cases.length - bad.length - skipped, failed: bad.length, skipped, failures };
}

export function readPlaywright(text) {
  const { stats, suites, errors } = JSON.parse(text);
  const specs = specsOf(suites);
  const failures = [...specs.filter(({ ok }) => !ok).map(withError), ...errors.map(({ message }) => line("", "", message))];
  return {
    passed: stats.expected + stats.flaky,
    failed: Math.max(stats.unexpected, failures.length),
    skipped: stats.skipped,
    failures,
    shaky: specs.filter(({ tests }) => tests.some(({ status }) => status === "flaky")).map(withError),
  };
}

const withError = ({ file, title, tests }) =>
  line(file, title, tests.flatMap(({ results }) => results).findLast(({ error }) => error)?.error.message);

const specsOf = (suites) => suites.flatMap(({ specs, suites: inner }) => [...specs, ...specsOf(inner ?? [])]);

const line = (file, title, error = "") =>
  [file.replace(`${process.cwd()}/`, ""), title, firstLine(error)].filter((part) => part !== "").join(" › ");

const firstLine = (text) => stripVTControlCharacters(text).trim().split("\n")[0].slice(0, 300);

const attribute = (text, name) =>
  (new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? "").replace(/&(lt|gt|quot|apos|amp|#10);/g, (_, code) => entities[code]);
const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n" };
