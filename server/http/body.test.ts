import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeServer, type TestServer } from "../testing/make-server";
import { piecesOf, readText } from "./body";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const bodyOf = (...parts: Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
const bytes = (text: string) => new TextEncoder().encode(text);

test("a body comes as it was sent, letters of several bytes over two pieces too", async () => {
  const [first, second] = [bytes("é").subarray(0, 1), bytes("é").subarray(1)];
  expect(await readText(bodyOf(bytes("a"), first, second))).toBe("aé");
  expect(await readText(null)).toBe("");
});

test("a body that is too long is not read to its end", async () => {
  await expect(readText(bodyOf(bytes("xx"), bytes("xx")), { limitBytes: 3 })).rejects.toMatchObject({ code: "upload_too_large" });
});

test("a body that trickles in is given up, however often a byte comes, and its sender is told to stop", async () => {
  let stopped = false;
  const trickle = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(bytes("x"));
    },
    cancel() {
      stopped = true;
    },
  });
  await expect(readText(trickle, { timeoutMs: 60 })).rejects.toMatchObject({ code: "bad_request" });
  expect(stopped).toBe(true);
});

test("a long body may take its time, as long as it goes on", async () => {
  const parts: string[] = [];
  let left = 2;
  const halting = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (left-- === 0) return new Promise(() => {});
      controller.enqueue(bytes("x"));
    },
  });
  const read = async () => {
    for await (const piece of piecesOf(halting, { pauseMs: 80 })) parts.push(new TextDecoder().decode(piece));
  };
  await expect(read()).rejects.toMatchObject({ code: "bad_request" });
  expect(parts).toEqual(["x", "x"]);
});

test("whoever is not signed in is answered before a byte of the body has come, and can't hold the connection with the rest", async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`POST /api/runs HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("HTTP/1.1 401");
  await once(socket, "close");
});
