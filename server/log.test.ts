import { expect, test, vi } from "vitest";
import { createLog } from "./log";

test("a full disk loses lines of the log, and the server goes on", () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const log = createLog("/dev/full");
  log.info("first.line");
  log.info("second.line");
  expect(said.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining("ENOSPC"), expect.stringContaining("ENOSPC")]);
  said.mockRestore();
});
