"use client";
import { SlidersHorizontal } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import type { Parameter } from "@/lib/contract/parameters/parameter";
import { parameterAt, parameterPaths } from "@/lib/contract/parameters/tables";
import { Group, Item } from "./palette-parts";

type Entry = { path: string; parameter: Pick<Parameter, "label" | "trl" | "llamaFactory"> };
const dataField = (path: string, en: string, zh: string, trl: string, llamaFactory: string): Entry => ({
  path: `data.${path}`,
  parameter: { label: { en, zh }, trl, llamaFactory },
});
const dataFields = [
  dataField("sets", "Data sets, mixture", "数据集混合", "train_dataset", "dataset"),
  dataField("mix", "How sets are mixed, interleave, concatenate", "混合方式", "interleave_datasets", "mix_strategy"),
  dataField("sets.0.weight", "Weight of a data set", "数据集权重", "probabilities", "interleave_probs"),
  dataField("sets.0.maxRows", "Rows at most", "最多条数", "select", "max_samples"),
  dataField("validation.type", "Validation", "验证集", "eval_dataset", "eval_dataset"),
  dataField("validation.fraction", "Validation share", "验证集比例", "train_test_split", "val_size"),
  dataField("validation.rows", "Validation rows", "验证集条数", "test_size", "val_size"),
  dataField("validation.stratified", "Stratified by set", "按数据集分层", "stratify_by_column", "stratified"),
];
const all = [
  ...dataFields,
  ...parameterPaths.flatMap((path): Entry[] => {
    const parameter = parameterAt(path);
    return parameter === null ? [] : [{ path, parameter }];
  }),
];

/** Training parameters by their names in both languages, in trl and in LLaMA-Factory; choosing one leads to its field. */
export function PaletteParameters({ go }: { go: (href: string) => () => void }) {
  const t = useTranslations("nav");
  const locale = useLocale();
  return (
    <Group heading={t("parameters")}>
      {all.map(({ path, parameter: { label, trl, llamaFactory } }) => (
        <Item
          key={path}
          icon={SlidersHorizontal}
          value={`${t("parameters")} ${label.en} ${label.zh} ${trl} ${llamaFactory ?? ""} ${path}`}
          onSelect={go(`/launch?field=${path}`)}
          detail={trl}
        >
          {locale === "zh" ? label.zh : label.en}
        </Item>
      ))}
    </Group>
  );
}
