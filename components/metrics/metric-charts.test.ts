import { expect, test } from "vitest";
import { readChoices } from "./chart-choices";
import { chartsOf } from "./metric-charts";

const label = (name: string) => name;

test("training and validation loss share a chart, and the usual metrics come first", () => {
  const charts = chartsOf(["learning_rate", "mean_token_accuracy", "eval_loss", "grad_norm", "loss", "tokens_per_second"], label);
  expect(charts.map((chart) => chart.id)).toEqual(["loss", "grad_norm", "tokens_per_second", "learning_rate", "mean_token_accuracy"]);
  expect(charts[0]?.series.map((one) => `${one.name} ${one.kind}`)).toEqual(["loss curve", "eval_loss dots"]);
});

test("a validation metric without its counterpart has a chart of its own", () => {
  expect(chartsOf(["eval_runtime"], label)).toMatchObject([{ id: "eval_runtime", series: [{ kind: "dots" }] }]);
});

test("choices that the address does not hold, or holds wrongly, are the usual ones", () => {
  expect(readChoices(new URLSearchParams("x=nonsense&smooth=7"))).toEqual({ axis: "step", smoothing: 0.6, log: [] });
  expect(readChoices(new URLSearchParams("x=time&smooth=0.9&log=loss,grad_norm"))).toEqual({
    axis: "time",
    smoothing: 0.9,
    log: ["loss", "grad_norm"],
  });
});
