import { expect, test } from "vitest";
import { appendLog, emptyLog, type LogLines, MAX_LINES, plainLine, prependLog } from "./log-lines";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const after = (log: LogLines, text: string) => {
  const next = appendLog(log, { from: log.to, to: log.to + bytes(text), text });
  if (next === null) throw new Error("unexpected gap");
  return next;
};

test("a line that comes in two halves is one line", () => {
  const log = after(after(emptyLog(0), "one\ntw"), "o\nthree");
  expect(log.lines).toEqual(["one", "two", "three"]);
});

test("the same piece twice changes nothing, and an overlap adds only its new part", () => {
  const log = after(emptyLog(0), "你好\n");
  expect(appendLog(log, { from: 0, to: 7, text: "你好\n" })).toBe(log);
  expect(appendLog(log, { from: 3, to: 9, text: "好\nab" })?.lines).toEqual(["你好", "ab"]);
});

test("a piece behind a gap is refused", () => {
  expect(appendLog(emptyLog(0), { from: 5, to: 6, text: "x" })).toBeNull();
});

test("earlier text is put in front and joined where a line was cut", () => {
  const log = after(emptyLog(6), "rld\nlast");
  const whole = prependLog(log, { from: 0, to: 6, text: "hi!\nwo" });
  expect(whole.lines).toEqual(["hi!", "world", "last"]);
  expect(whole.firstKey).toBe(-1);
});

test("millions of lines take bounded memory, and the window still knows where it is", () => {
  let log = emptyLog(0);
  const block = Array.from({ length: 10_000 }, (_, i) => `step ${i} é`).join("\n");
  const text = `${block}\n`;
  for (let i = 0; i < 10; i++) log = after(log, text);
  expect(log.lines.length).toBeLessThanOrEqual(MAX_LINES);
  expect(log.to).toBe(bytes(text) * 10);
  expect(log.to - log.from).toBe(bytes(log.lines.join("\n")));
});

test("going far back lets the newest lines go", () => {
  const many = `${"x\n".repeat(MAX_LINES - 1)}`;
  const start = bytes(many);
  const log = prependLog(after(emptyLog(start), "a\nb\nc\n"), { from: 0, to: start, text: many });
  expect(log.from).toBe(0);
  expect(log.lines.length).toBeLessThanOrEqual(MAX_LINES + 1);
  expect(log.to - log.from).toBe(bytes(log.lines.join("\n")));
});

test("colours go, and of a progress bar only its last state stays", () => {
  expect(plainLine("\u001b[31mred\u001b[0m \u001b]0;title\u0007text")).toBe("red text");
  expect(plainLine(" 10%|#   \r 20%|##  ")).toBe(" 20%|##  ");
  expect(plainLine("windows\r")).toBe("windows");
});
