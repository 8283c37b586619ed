import { afterEach, expect, test, vi } from "vitest";
import { environmentOf, parseOptions } from "./options.mjs";

afterEach(() => vi.unstubAllEnvs());

test("the command line wins over the environment, and a base path loses its last slash", () => {
  vi.stubEnv("TUNEBOARD_BASE_PATH", "/other");
  vi.stubEnv("TUNEBOARD_PORT", "9000");
  const options = parseOptions(["--base-path", "/studio/", "--home=/tmp/home"]);
  expect(options).toMatchObject({ basePath: "/studio", port: 9000, home: "/tmp/home" });
  expect(environmentOf(options)).toMatchObject({ TUNEBOARD_BASE_PATH: "/studio", TUNEBOARD_PORT: "9000" });
});

test.each([
  [["--base-path", "studio"], "Base path studio is not a path."],
  [["--base-path", "/a b"], "Base path /a b is not a path."],
  [["--port", "70000"], "Port 70000 is not a port."],
  [["--prot", "1"], "Unknown option: --prot"],
  [["--home"], "Option --home needs a value."],
])("%j is refused in words", (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(message);
});
