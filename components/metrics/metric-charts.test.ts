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

test("chosen and rejected answers share a chart, with their validation, and come before the gradient", () => {
  const sides = ["rewards/chosen", "rewards/rejected"];
  const charts = chartsOf(["grad_norm", "loss", ...sides, ...sides.map((name) => `eval_${name}`), "rewards/margins", "kl"], label);
  expect(charts.map((chart) => chart.id)).toEqual(["loss", "rewards/margins", "rewards", "grad_norm", "kl"]);
  expect(charts[2]?.series.map((one) => `${one.name} ${one.kind}`)).toEqual([
    "rewards/chosen curve",
    "eval_rewards/chosen dots",
    "rewards/rejected curve",
    "eval_rewards/rejected dots",
  ]);
});

test("choices that the address does not hold, or holds wrongly, are the usual ones", () => {
  expect(readChoices(new URLSearchParams("x=nonsense&smooth=7"))).toEqual({ axis: "step", smoothing: 0.6, log: [] });
  expect(readChoices(new URLSearchParams("x=time&smooth=0.9&log=loss,grad_norm"))).toEqual({
    axis: "time",
    smoothing: 0.9,
    log: ["loss", "grad_norm"],
  });
});
