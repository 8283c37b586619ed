import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { EnvError, readEnv } from "./env";
import { makeServer, type TestServer } from "./testing/make-server";

let server: TestServer | null = null;
afterEach(async () => {
  await server?.remove();
  server = null;
});

/** The real main, to its end. */
const start = (variables: Record<string, string>) =>
  new Promise<{ code: number | null; said: string }>((resolve) => {
    const env = { ...process.env, TUNEBOARD_NEXT_PORT: "1", TUNEBOARD_PYTHON: "/nowhere/python", ...variables };
    const child = execFile(process.execPath, ["--import", "tsx", "server/main.ts"], { env }, (_error, _out, said) =>
      resolve({ code: child.exitCode, said }),
    );
  });

test("a port in use ends the start with a sentence that names it and the way out", async () => {
  server = await makeServer();
  const { port } = new URL(server.url);
  const { code, said } = await start({ TUNEBOARD_HOME: join(server.home, "other"), TUNEBOARD_PORT: port });
  expect(code).toBe(1);
  expect(said).toContain(`Port ${port} on 127.0.0.1 is in use. Choose another one: --port`);
  expect(said).not.toContain("    at ");
});

test("a variable that can't be used is named with its value", () => {
  expect(() => readEnv({ TUNEBOARD_PORT: "99999" })).toThrow(new EnvError("TUNEBOARD_PORT=99999: A port is 0 to 65535."));
  expect(() => readEnv({ TUNEBOARD_BASE_PATH: "studio/" })).toThrow(/TUNEBOARD_BASE_PATH=studio\/: A base path looks like \/studio/);
});

test("token and secret are made once and are nobody else's to read", async () => {
  server = await makeServer();
  for (const name of ["token", "secret"]) expect(statSync(join(server.home, name)).mode & 0o777).toBe(0o600);
  const { token } = server.ctx.session;
  await server.stop();
  const again = await makeServer({ home: server.home });
  expect(again.ctx.session.token).toBe(token);
  await again.stop();
});

test("a home that can't be made or written ends the start with a sentence", async () => {
  server = await makeServer();
  const { code, said } = await start({ TUNEBOARD_HOME: join(server.home, "token"), TUNEBOARD_PORT: "0" });
  expect(code).toBe(1);
  expect(said).toMatch(/The home .*token can't be used: .*--home FOLDER/);
  expect(said).not.toContain("    at ");
});

test("a token that is too short is not printed", () => {
  expect(() => readEnv({ TUNEBOARD_TOKEN: "short-secret" })).toThrow(/TUNEBOARD_TOKEN=\[hidden\]/);
});

test("the database is nobody else's to read, wherever the home lies", async () => {
  server = await makeServer();
  for (const name of ["tuneboard.db", "tuneboard.db-wal", "tuneboard.db-shm"])
    expect(statSync(join(server.home, name)).mode & 0o077).toBe(0);
});
