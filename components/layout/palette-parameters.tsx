"use client";
import { SlidersHorizontal } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import { loraParameters, type Parameter, trainingParameters } from "@/lib/contract/parameters";
import { Group, Item } from "./palette-parts";

const named = (group: string, table: Record<string, Parameter>) =>
  Object.entries(table).map(([name, parameter]) => ({ path: `${group}.${name}`, parameter }));
const all = [...named("lora", loraParameters), ...named("training", trainingParameters)];

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
          value={`${t("parameters")} ${label.en} ${label.zh} ${trl} ${llamaFactory} ${path}`}
          onSelect={go(`/launch?field=${path}`)}
          detail={trl}
        >
          {locale === "zh" ? label.zh : label.en}
        </Item>
      ))}
    </Group>
  );
}
