import { afterAll, beforeAll, expect, test } from "vitest";
import { SystemReport } from "../../../lib/contract/system";
import { parseGpus } from "../../system/gpus";
import { makeServer, type TestServer } from "../../testing/make-server";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer({ python: "/nowhere/python" });
});
afterAll(() => server.remove());

test("the report holds machine, disk and counts, and says what is wrong with Python", async () => {
  const report = SystemReport.parse(await (await server.fetch("/api/system")).json());
  expect(report).toMatchObject({
    home: server.home,
    environment: null,
    queued: 0,
    running: 0,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(report.environmentProblem).toMatch(/\/nowhere\/python can't be started.*npm run setup/);
  expect(report.devices[0]).toMatchObject({ id: "cpu", kind: "cpu", heldBy: null });
  expect(report.devices[0]?.memoryUsedBytes).toBeLessThan(report.devices[0]?.memoryBytes ?? 0);
  expect(report.disk.freeBytes).toBeGreaterThan(0);
});

test("GPUs are read from nvidia-smi, with what a card does not tell", () => {
  expect(parseGpus("0, NVIDIA H200, 143771, 1024, 37\n1, NVIDIA GB10, [N/A], [N/A], [Not Supported]\n")).toEqual([
    { id: "gpu:0", name: "NVIDIA H200", kind: "gpu", memoryBytes: 143_771 * 1024 ** 2, memoryUsedBytes: 1024 ** 3, utilisation: 0.37 },
    { id: "gpu:1", name: "NVIDIA GB10", kind: "gpu", memoryBytes: 0, memoryUsedBytes: 0, utilisation: null },
  ]);
});
