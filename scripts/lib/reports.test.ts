import { expect, test } from "vitest";
import { readJunit, readPlaywright, readVitest } from "./reports.mjs";

test("a report of vitest names the tests that failed, and a file that did not load", () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      {
        name: `${process.cwd()}/server/a.test.ts`,
        status: "failed",
        message: "",
        assertionResults: [
          { fullName: "a run ends", status: "failed", failureMessages: ["\u001b[31mError: too late\u001b[39m\n    at a.test.ts:1"] },
          { fullName: "a run begins", status: "passed", failureMessages: [] },
        ],
      },
      { name: `${process.cwd()}/server/b.test.ts`, status: "failed", message: "Error: no such module\nat b", assertionResults: [] },
    ],
  };
  expect(readVitest(JSON.stringify(report))).toEqual({
    passed: 3,
    failed: 2,
    skipped: 1,
    failures: ["server/a.test.ts › a run ends › Error: too late", "server/b.test.ts › Error: no such module"],
  });
});

test("a report of pytest names the tests that failed or could not begin", () => {
  const report = `<?xml version="1.0"?><testsuites><testsuite errors="1" failures="1" skipped="1" tests="4">
    <testcase classname="tests.test_a" name="test_whole" time="0.1" />
    <testcase classname="tests.test_a" name="test_half" time="0.1"><failure message="AssertionError: assert 1 &lt; 0&#10;more">assert</failure></testcase>
    <testcase classname="tests.test_a" name="test_none" time="0.1"><skipped message="no GPU"/></testcase>
    <testcase classname="tests.test_b" name="test_set_up" time="0.1"><error message="failed on setup">x</error></testcase>
  </testsuite></testsuites>`;
  expect(readJunit(report)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 1,
    failures: ["tests.test_a › test_half › AssertionError: assert 1 < 0", "tests.test_b › test_set_up › failed on setup"],
  });
});

test("a report of Playwright names the tests that failed, however deep, and what failed outside of tests", () => {
  const report = {
    stats: { expected: 0, unexpected: 1, flaky: 1, skipped: 0 },
    errors: [{ message: "Error: no tests found" }],
    suites: [
      {
        specs: [
          {
            file: "runs.spec.ts",
            title: "runs are listed",
            ok: true,
            tests: [{ status: "flaky", results: [{ error: { message: "Error: not yet" } }, {}] }],
          },
        ],
        suites: [
          {
            specs: [
              {
                file: "runs.spec.ts",
                title: "a run is deleted",
                ok: false,
                tests: [{ status: "unexpected", results: [{ error: { message: "Error: not visible\nCall log" } }] }],
              },
            ],
          },
        ],
      },
    ],
  };
  expect(readPlaywright(JSON.stringify(report))).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
    failures: ["runs.spec.ts › a run is deleted › Error: not visible", "Error: no tests found"],
    shaky: ["runs.spec.ts › runs are listed › Error: not yet"],
  });
});
