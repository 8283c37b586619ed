import type { Words } from "./parameters/parameter";
import type { Stage } from "./stages";

/** Settings of which each is fine by itself and both together are not; trainer/spec_rules.py holds the same rules. */
export type CrossProblem = { path: string[]; value: unknown; words: Words };

type Judged = {
  stage: Stage;
  training: { batchSize: number };
  dpo: { loss: string; labelSmoothing: number } | null;
  kto: { loss: string } | null;
  lora: { init: string } | null;
  startFrom: { how: "continue" | "onTop" } | null;
};

export function crossProblems(spec: Judged): CrossProblem[] {
  return [...smoothing(spec), ...mismatched(spec), ...measured(spec)];
}

function smoothing({ dpo }: Judged): CrossProblem[] {
  if (dpo === null) return [];
  const { loss, labelSmoothing: value } = dpo;
  const path = ["dpo", "labelSmoothing"];
  if (loss === "exo_pair" && value === 0)
    return [
      {
        path,
        value,
        words: {
          en: "Loss exo_pair needs label smoothing above 0; choose 0.001.",
          zh: "exo_pair 损失需要大于 0 的标签平滑；可设为 0.001。",
        },
      },
    ];
  if (loss === "robust" && value === 0.5)
    return [
      {
        path,
        value,
        words: {
          en: "Loss robust divides by 1 − 2 × label smoothing; choose less than 0.5.",
          zh: "robust 损失要除以 1 − 2 × 标签平滑；请选择小于 0.5 的值。",
        },
      },
    ];
  return [];
}

/** KTO measures how far the model has moved by questions with the answers of other rows of the batch. */
function mismatched({ kto, training: { batchSize: value } }: Judged): CrossProblem[] {
  if (kto === null || kto.loss !== "kto" || value > 1) return [];
  const words = {
    en: "KTO compares the rows of a batch with each other, so a batch of 1 measures nothing; choose 2 or more.",
    zh: "KTO 在批内相互比较样本，批大小为 1 时无法计算；请选择 2 或以上。",
  };
  return [{ path: ["training", "batchSize"], value, words }];
}

/** What an adapter learns is measured against the model without it. */
function measured({ stage, lora, startFrom }: Judged): CrossProblem[] {
  const compares = stage === "dpo" || stage === "kto";
  if ((compares || stage === "rm") && startFrom?.how === "continue") {
    const words = {
      en: `Stage ${stage} is measured against the model without the adapter that learns, so it can't go on with an old one; put the new adapter on top of it.`,
      zh: `${stage} 阶段以不带可训练适配器的模型为参照，因此不能继续训练旧适配器；请在其上叠加新的适配器。`,
    };
    return [{ path: ["startFrom", "how"], value: startFrom.how, words }];
  }
  if (!compares || !lora?.init.startsWith("pissa")) return [];
  const words = {
    en: `Stage ${stage} is measured against the model without its adapter, from which PiSSA takes a part; choose default.`,
    zh: `${stage} 阶段以不带适配器的模型为参照，而 PiSSA 会从中取走一部分；请选择 default。`,
  };
  return [{ path: ["lora", "init"], value: lora.init, words }];
}
