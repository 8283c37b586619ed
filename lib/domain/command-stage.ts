import { parameterTables } from "../contract/parameters/tables";
import type { TrainSpec } from "../contract/train-spec";
import { assertNever } from "./assert-never";
import type { Value } from "./command-training";
import { rowKindOf } from "./stage-rows";

/** How a stage is called in trl: its trainer, and what its configuration takes beside the arguments of all stages. */
export type TrlStage = { module: string; name: string; task: "CAUSAL_LM" | "SEQ_CLS"; settings: Record<string, Value> };

export function trlStage(spec: TrainSpec): TrlStage {
  const { stage } = spec;
  switch (stage) {
    case "sft":
      return { module: "trl", name: "SFT", task: "CAUSAL_LM", settings: { assistant_only_loss: true } };
    case "pt":
      return { module: "trl", name: "SFT", task: "CAUSAL_LM", settings: {} };
    case "rm":
      return { module: "trl", name: "Reward", task: "SEQ_CLS", settings: namesOf("rm", spec) };
    case "dpo":
      return { module: "trl", name: "DPO", task: "CAUSAL_LM", settings: { ...namesOf("dpo", spec), ...dpoLosses(spec) } };
    case "kto":
      return { module: "trl", name: "KTO", task: "CAUSAL_LM", settings: namesOf("kto", spec) };
    case "orpo":
      return { module: "trl.experimental.orpo", name: "ORPO", task: "CAUSAL_LM", settings: namesOf("orpo", spec) };
    case "simpo":
      return {
        module: "trl.experimental.cpo",
        name: "CPO",
        task: "CAUSAL_LM",
        settings: { loss_type: "simpo", ...namesOf("simpo", spec) },
      };
    default:
      return assertNever(stage);
  }
}

/** LLaMA-Factory knows ORPO and SimPO as losses of its stage dpo. */
export function llamaFactoryStage({ stage, dpo, kto, orpo, simpo }: TrainSpec): Record<string, string | number> {
  if (dpo !== null)
    return {
      stage,
      pref_loss: dpo.loss,
      pref_beta: dpo.beta,
      ...(dpo.sftWeight > 0 && { pref_ftx: dpo.sftWeight }),
      ...(dpo.labelSmoothing > 0 && { dpo_label_smoothing: dpo.labelSmoothing }),
    };
  if (kto !== null)
    return { stage, pref_beta: kto.beta, kto_chosen_weight: kto.desirableWeight, kto_rejected_weight: kto.undesirableWeight };
  if (orpo !== null) return { stage: "dpo", pref_loss: "orpo", pref_beta: orpo.beta };
  if (simpo !== null) return { stage: "dpo", pref_loss: "simpo", pref_beta: simpo.beta, simpo_gamma: simpo.gamma };
  return { stage };
}

export type StageNote = "judgedForm" | "lossElsewhere" | "settingElsewhere";

/** What LLaMA-Factory has not, or wants in another form. */
export function stageNotes({ stage, rm, dpo, kto, simpo }: TrainSpec): StageNote[] {
  const elsewhere =
    (rm !== null && rm.centerRewards !== null) ||
    dpo?.precomputeReference === true ||
    (simpo !== null && simpo.sftWeight + simpo.labelSmoothing > 0);
  const loss = (dpo !== null && !["sigmoid", "hinge", "ipo"].includes(dpo.loss)) || (kto !== null && kto.loss !== "kto");
  const notes: [boolean, StageNote][] = [
    [rowKindOf(stage) === "pairs", "judgedForm"],
    [loss, "lossElsewhere"],
    [elsewhere, "settingElsewhere"],
  ];
  return notes.flatMap(([applies, note]) => (applies ? [note] : []));
}

/** `load` of the script: rows of rows.jsonl as trl's trainer of the stage reads them. */
export function pythonLoad({ stage }: TrainSpec): string[] {
  const lines = ['    lines = [json.loads(line) for line in open(path, encoding="utf-8")]'];
  switch (rowKindOf(stage)) {
    case "answers":
      return [
        "def load(path):",
        ...lines,
        '    return [{"messages": line["messages"]} for line in lines if line["problem"] is None and line["label"] is not False]',
      ];
    case "texts":
      return [
        "def load(path):",
        ...lines,
        '    return [{"text": line["text"]} for line in lines if line["problem"] is None and line["text"] is not None]',
      ];
    case "pairs":
      return [
        "def load(path):",
        ...lines,
        '    return [pair(line) for line in lines if line["problem"] is None and (line["rejected"] or line["ranked"])]',
        "",
        "",
        ...pair,
      ];
    case "verdicts":
      return [
        "def load(path):",
        ...lines,
        '    return [row for line in lines if line["problem"] is None for row in verdicts(line)]',
        "",
        "",
        "def verdicts(line):",
        '    if line["rejected"] or line["ranked"]:',
        "        row = pair(line)",
        '        return [{"prompt": row["prompt"], "completion": row[side], "label": side == "chosen"} for side in ("chosen", "rejected")]',
        '    if line["label"] is None:',
        "        return []",
        '    return [{"prompt": line["messages"][:-1], "completion": line["messages"][-1:], "label": line["label"]}]',
        "",
        "",
        ...pair,
      ];
  }
}

const pair = [
  "def pair(line):",
  '    worst = line["rejected"] or line["ranked"][-1]',
  '    return {"prompt": line["messages"][:-1], "chosen": line["messages"][-1:], "rejected": [worst]}',
];

function namesOf(part: "rm" | "dpo" | "kto" | "orpo" | "simpo", spec: TrainSpec): Record<string, Value> {
  const table: Record<string, { trl: string }> = parameterTables[part];
  return Object.fromEntries(Object.entries(spec[part] ?? {}).map(([name, value]): [string, Value] => [table[name]?.trl ?? name, value]));
}

/** SFT that is mixed in is a second loss with a weight of its own. */
function dpoLosses({ dpo }: TrainSpec): Record<string, Value> {
  if (dpo === null) return {};
  const mixed = dpo.sftWeight > 0;
  return { loss_type: mixed ? [dpo.loss, "sft"] : [dpo.loss], loss_weights: mixed ? [1, dpo.sftWeight] : null };
}
