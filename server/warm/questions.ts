import * as z from "zod";
import type { Env } from "../env";
import type { Log } from "../log";
import { type HelperProcess, startHelper } from "./process";

export type Question = { method: string; params: object; timeoutMs: number; signal?: AbortSignal };
export type Questions = {
  ask(question: Question): Promise<unknown>;
  /** Whether the helper that runs now has answered such a question. */
  answered(method: string): boolean;
  close(): Promise<void>;
};

/** The helper could not answer, or said why it would not. */
export class HelperError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.name = "HelperError";
  }
}

type Waiting = Question & { id: number; again: boolean; resolve(result: unknown): void; reject(error: Error): void };

const MAX_WAITING = 64;
const MAX_QUESTION_CHARACTERS = 60_000_000;

/**
 * One question at a time, in order: a helper that crashes fails the one under way, and the next starts a new helper. A question that
 * takes too long ends the helper too, because nothing else would stop it.
 */
export function createQuestions({ env, log, idleSeconds }: { env: Env; log: Log; idleSeconds: number }): Questions {
  const waiting: Waiting[] = [];
  let helper: HelperProcess | null = null;
  let current: { question: Waiting; timer: NodeJS.Timeout } | null = null;
  let lastId = 0;
  let closed = false;
  const answered = new Set<string>();

  return {
    answered: (method) => helper !== null && answered.has(method),
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (closed) throw new HelperError("closed", "The server is ending.");
        if (waiting.length >= MAX_WAITING) throw new HelperError("busy", `${MAX_WAITING} questions are waiting already.`);
        const entry = { ...question, id: ++lastId, again: false, resolve, reject };
        question.signal?.addEventListener("abort", () => giveUp(entry), { once: true });
        waiting.push(entry);
        next();
      }),
    async close() {
      closed = true;
      for (const question of waiting.splice(0)) question.reject(new HelperError("closed", "The server is ending."));
      const going = helper;
      if (going === null) return;
      going.kill();
      await going.ended;
    },
  };

  function next(): void {
    if (current !== null) return;
    const question = waiting.shift();
    if (question === undefined) return;
    const line = lineOf(question);
    if (line instanceof HelperError) {
      question.reject(line);
      next();
      return;
    }
    helper ??= start();
    const asked = helper;
    const timer = setTimeout(() => {
      log.warn("warm.timeout", { method: question.method, timeoutMs: question.timeoutMs });
      if (helper === asked) helper = null;
      asked.kill();
      finish(() => question.reject(new HelperError("timeout", `No answer came within ${question.timeoutMs / 1000} seconds.`)));
    }, question.timeoutMs);
    current = { question, timer };
    void asked.send(line);
  }

  function start(): HelperProcess {
    answered.clear();
    const started: HelperProcess = startHelper({ env, idleSeconds, onLine: (line) => helper === started && receive(line) });
    void started.ended.then(({ idle, reason }) => {
      if (helper !== started) return;
      helper = null;
      const lost = current?.question;
      if (lost === undefined) return;
      if (idle && !lost.again) {
        // It left in the moment in which it was asked.
        lost.again = true;
        finish(() => waiting.unshift(lost));
        return;
      }
      log.warn("warm.crashed", { method: lost.method, reason });
      finish(() => lost.reject(new HelperError("crashed", `The helper that looks at rows ended while it was at work: ${reason}`)));
    });
    return started;
  }

  function receive(line: string): void {
    const answer = parseAnswer(line);
    const asked = current?.question;
    if (answer === null || asked === undefined || ("id" in answer && answer.id !== asked.id && answer.id !== null)) return;
    if ("ready" in answer) return;
    finish(() => {
      if ("result" in answer) answered.add(asked.method);
      if ("result" in answer) asked.resolve(answer.result);
      else asked.reject(new HelperError(answer.error.code, answer.error.message, answer.error.field));
    });
  }

  function finish(settle: () => void): void {
    if (current !== null) clearTimeout(current.timer);
    current = null;
    settle();
    next();
  }

  /** Who no longer waits is not asked about; a question under way is answered into the void, which is soon. */
  function giveUp(question: Waiting): void {
    const at = waiting.indexOf(question);
    if (at >= 0) waiting.splice(at, 1);
    question.reject(new HelperError("cancelled", "Nobody waits for the answer any more."));
  }
}

/** JSON is read to any depth and written only as deep as the stack allows. */
function lineOf({ id, method, params }: Waiting): string | HelperError {
  try {
    const line = JSON.stringify({ id, method, params });
    if (line.length <= MAX_QUESTION_CHARACTERS) return line;
    return new HelperError("too_large", `The row is too large to look at: ${line.length} characters of JSON.`);
  } catch (error) {
    if (error instanceof RangeError) return new HelperError("too_deep", "The row is nested too deeply to be looked at.");
    throw error;
  }
}

const Answer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ id: z.number().nullable(), error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }) }),
  z.object({ id: z.number(), result: z.unknown() }),
]);

function parseAnswer(line: string): z.infer<typeof Answer> | null {
  try {
    return Answer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
