import { expect, test } from "vitest";
import type { ChatMessage, ChatPart } from "./chat-stream";
import { type Ask, createConversation, type Turn } from "./conversation";

const describeError = (error: unknown) => (error instanceof Error ? error.message : String(error));
const makeTalk = (initial?: Turn[]) => createConversation({ initial, describeError, schedule: (callback) => queueMicrotask(callback) });
const figures = { tokens: 2, tokensPerSecond: 40, firstTokenMs: 30 };
const saying = (text: string, asked: ChatMessage[][] = []): Ask =>
  async function* (messages) {
    asked.push(messages);
    for (const word of text.split(" ")) yield { type: "text", text: `${word} ` } satisfies ChatPart;
    yield { type: "end", reason: "stop" };
    yield { type: "figures", figures };
  };
const said = (talk: ReturnType<typeof makeTalk>) => talk.state().turns.map((turn) => `${turn.role}: ${turn.content.trim()}`);

test("a question gets its answer, with figures", async () => {
  const talk = makeTalk();
  await talk.send("Who are you?", saying("I am Tuneboard."));
  expect(said(talk)).toEqual(["user: Who are you?", "assistant: I am Tuneboard."]);
  expect(talk.state().turns[1]).toMatchObject({ status: "done", figures });
  expect(talk.state().busy).toBe(false);
});

test("the model is asked with the whole conversation so far", async () => {
  const talk = makeTalk();
  const asked: ChatMessage[][] = [];
  await talk.send("one", saying("first", asked));
  await talk.send("two", saying("second", asked));
  expect(asked[1]?.map((message) => message.content.trim())).toEqual(["one", "first", "two"]);
});

test("regenerating replaces an answer and what followed it", async () => {
  const talk = makeTalk();
  await talk.send("one", saying("first"));
  await talk.send("two", saying("second"));
  await talk.regenerate(talk.state().turns[1]?.id ?? "", saying("better"));
  expect(said(talk)).toEqual(["user: one", "assistant: better"]);
});

test("editing a question drops what came after it", async () => {
  const talk = makeTalk();
  await talk.send("one", saying("first"));
  await talk.send("two", saying("second"));
  await talk.edit(talk.state().turns[0]?.id ?? "", "uno", saying("primo"));
  expect(said(talk)).toEqual(["user: uno", "assistant: primo"]);
});

test("stopping keeps what was written", async () => {
  const talk = makeTalk();
  const endless: Ask = async function* (_, signal) {
    yield { type: "text", text: "so far" };
    await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const done = talk.send("go on", endless);
  await new Promise<void>((resolve) => {
    const stop = talk.subscribe(() => {
      if (talk.state().turns[1]?.status !== "writing") return;
      stop();
      resolve();
    });
  });
  talk.stop();
  await done;
  expect(talk.state().turns[1]).toMatchObject({ content: "so far", status: "stopped" });
});

test("a failure is told at the answer and can be asked again", async () => {
  const talk = makeTalk();
  const broken: Ask = async function* () {
    yield { type: "text", text: "half" };
    throw new Error("The worker has ended.");
  };
  await talk.send("hello", broken);
  const failed = talk.state().turns[1];
  expect(failed).toMatchObject({ status: "failed", error: "The worker has ended.", content: "half" });
  await talk.regenerate(failed?.id ?? "", saying("hello"));
  expect(said(talk)).toEqual(["user: hello", "assistant: hello"]);
});

test("an answer that ended at the limit says so", async () => {
  const talk = makeTalk();
  await talk.send("long", async function* () {
    yield { type: "text", text: "cut" };
    yield { type: "end", reason: "length" };
  });
  expect(talk.state().turns[1]?.status).toBe("cut");
});

test("clearing while an answer is written leaves nothing behind", async () => {
  const talk = makeTalk();
  const done = talk.send("hello", saying("a b c"));
  talk.clear();
  await done;
  expect(talk.state()).toEqual({ turns: [], busy: false });
});

test("after a reload an unfinished answer counts as stopped", () => {
  const talk = makeTalk([{ id: "a", role: "assistant", content: "half", status: "writing", figures: null, error: null }]);
  expect(talk.state().turns[0]?.status).toBe("stopped");
});
