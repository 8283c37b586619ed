import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServer, type TestServer } from "../testing/make-server";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer({ basePath: "/studio" });
});
afterAll(() => server.remove());

/** fetch may not set Host and Origin; a bare request may. */
function ask(
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  return new Promise<{ status: number; body: string; headers: Record<string, string | string[] | undefined> }>((resolve, reject) => {
    const call = request(new URL(server.url).origin, { path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString(), headers: answer.headers }));
    });
    call.on("error", reject);
    call.end(body);
  });
}
const json = { "content-type": "application/json" };
const bearer = () => ({ authorization: `Bearer ${server.ctx.session.token}` });
const cookie = () => ({ cookie: server.ctx.session.issueCookie().split(";")[0] ?? "" });
const codeOf = ({ body }: { body: string }) => JSON.parse(body).error.code;

describe("without being signed in", () => {
  test.each(["/studio/api/runs", "/studio/api/nothing", "/studio/v1/models"])("%s answers 401", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe("not_signed_in");
  });

  test("a page leads to the sign-in page and back", async () => {
    const answer = await ask("/studio/runs/x?tab=log");
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe("/studio/login?next=%2Fruns%2Fx%3Ftab%3Dlog");
  });

  test("a cookie with a forged signature, or past its time, is worth nothing", async () => {
    const name = server.ctx.session.cookieName;
    const [, value = ""] = (cookie().cookie ?? "").split("=");
    const [, signature] = value.split(".");
    for (const forged of [`${Date.now() + 1e9}.AAAA`, `${Date.now() + 1e12}.${signature}`, `1.${signature}`]) {
      expect((await ask("/studio/api/runs", { headers: { cookie: `${name}=${forged}` } })).status).toBe(401);
    }
  });
});

describe("signing in", () => {
  test("gives an HttpOnly, SameSite=Strict cookie below the base path, and the cookie opens the API", async () => {
    const answer = await ask("/studio/api/session", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ token: server.ctx.session.token }),
    });
    const header = String(answer.headers["set-cookie"]);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    expect(header).toMatch(/Path=\/studio/);
    expect((await ask("/studio/api/runs", { headers: { cookie: header.split(";")[0] ?? "" } })).status).toBe(200);
  });

  test("by the printed address takes the token out of it", async () => {
    const answer = await ask(`/studio/?token=${server.ctx.session.token}&tab=a`);
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe("/studio/?tab=a");
    expect(String(answer.headers["set-cookie"])).toContain("HttpOnly");
  });

  test("never leads to another site", async () => {
    const answer = await ask(`/studio//evil.example/?token=${server.ctx.session.token}`);
    expect(answer.headers.location).toBe("/studio/evil.example/");
  });

  test("is refused after ten wrong tokens", async () => {
    const wrong = () => ask("/studio/api/session", { method: "POST", headers: json, body: JSON.stringify({ token: "not the token" }) });
    const answers = [];
    for (let i = 0; i < 11; i++) answers.push(await wrong());
    expect(answers.slice(0, 10).map(codeOf)).toEqual(Array(10).fill("wrong_token"));
    expect(answers[10]?.status).toBe(429);
  });
});

describe("requests from elsewhere", () => {
  test("under a name that is not ours are refused before anything else", async () => {
    const answer = await ask("/studio/api/runs", { headers: { ...bearer(), host: "evil.example" } });
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe("forbidden_host");
  });

  test.each<Record<string, string>>([{ origin: "http://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }])(
    "that change something are refused: %j",
    async (headers) => {
      const answer = await ask("/studio/api/chat/unload", { method: "POST", headers: { ...json, ...cookie(), ...headers }, body: "{}" });
      expect(answer.status).toBe(403);
      expect(codeOf(answer)).toBe("forbidden_origin");
    },
  );

  test("by socket with a foreign origin, without a cookie, or under another name are refused; our own is taken", async () => {
    const outcome = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const socket = server.connect(headers);
        socket.on("connect", () => resolve("connected"));
        socket.on("connect_error", () => resolve("refused"));
      });
    const { origin } = new URL(server.url);
    expect(await outcome({ ...cookie(), origin: "http://evil.example" })).toBe("refused");
    expect(await outcome({ ...cookie(), host: "evil.example" })).toBe("refused");
    expect(await outcome({ origin })).toBe("refused");
    expect(await outcome({ ...cookie(), origin })).toBe("connected");
  });
});

describe("what can't be answered", () => {
  test("is told by field, with the value that was there", async () => {
    const answer = await server.fetch("/api/runs?limit=0");
    expect(answer.status).toBe(400);
    const { error } = await answer.json();
    expect(error).toMatchObject({ code: "bad_request", fields: [{ path: "limit", value: "0" }] });
  });

  test("a field that does not exist is named", async () => {
    const { error } = await (await server.fetch("/api/session", { json: { token: "x", admin: true } })).json();
    expect(error.fields).toMatchObject([{ path: "admin", message: "There is no such field." }]);
  });

  test("a body that is not JSON is said to be so", async () => {
    const answer = await server.fetch("/api/runs", { method: "POST", body: "{", headers: { "content-type": "application/json" } });
    expect(answer.status).toBe(400);
    expect((await answer.json()).error.message).toContain("not JSON");
  });

  test.each(["/api/runs/run_..%2f..%2fetc", "/api/runs/..%2f..%2f..%2fetc%2fpasswd", "/api/runs/%2e%2e/resolved"])(
    "a path out of the home finds nothing: %s",
    async (path) => {
      expect([400, 404]).toContain((await server.fetch(path)).status);
    },
  );

  test("an unknown run is not found", async () => {
    const answer = await server.fetch("/api/runs/run_000000000000");
    expect(answer.status).toBe(404);
    expect((await answer.json()).error).toMatchObject({ code: "run_not_found", params: { runId: "run_000000000000" } });
  });

  test("more than two megabytes are refused", async () => {
    const answer = await server.fetch("/api/runs", { json: { requestId: "x".repeat(2_100_000) } });
    expect(answer.status).toBe(413);
  });

  test("a fault of ours shows a number for the log and nothing of the inside", async () => {
    const broken = await makeServer();
    broken.ctx.db.close();
    const answer = await broken.fetch("/api/runs");
    const { error } = await answer.json();
    expect(answer.status).toBe(500);
    expect(error.code).toBe("internal");
    expect(error.message).toContain(error.requestId);
    expect(error.message).not.toMatch(/database|sqlite/i);
    await broken.stop();
  });
});

test("answers carry headers that keep other pages out", async () => {
  const { headers } = await server.fetch("/api/session");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("images of other sites can't use up the attempts to sign in", async () => {
  const own = await makeServer();
  const open = (dest: string, token: string) =>
    own.fetch(`/?token=${token}`, { headers: { "sec-fetch-site": "cross-site", "sec-fetch-dest": dest } });
  for (let i = 0; i < 30; i++) expect((await open("image", "guess")).headers.get("set-cookie")).toBeNull();
  expect((await open("document", own.ctx.session.token)).headers.get("set-cookie")).not.toBeNull();
  await own.remove();
});
