import { expect, test } from "vitest";
import { TaskEvent } from "../../lib/contract/event";
import { parseEventLine } from "./event-line";

const metric = { seq: 1, t: 1, type: "metric", step: 2, epoch: 0.5, tokens: 3, seconds: 4, values: { loss: 1.5, eval_loss: "nan" } };

test.each([
  metric,
  { ...metric, values: {} },
  { ...metric, seq: -1 },
  { ...metric, seq: 1.5 },
  { ...metric, step: "2" },
  { ...metric, epoch: undefined },
  { ...metric, values: null },
  { ...metric, values: { loss: "big" } },
  { ...metric, values: { loss: null } },
  { seq: 1, t: 1, type: "ready" },
  { seq: 1, t: 1, type: "sample" },
])("the quick way and the schema agree: %j", (json) => {
  const parsed = parseEventLine(JSON.stringify(json));
  expect("event" in parsed).toBe(TaskEvent.safeParse(JSON.parse(JSON.stringify(json))).success);
});
