"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { NumberField } from "@/components/ui/number-field";
import { Sheet } from "@/components/ui/sheet";
import { type ChatSettings, defaultSettings } from "@/lib/client/ask-chat";
import type { Sampling } from "@/lib/client/chat-stream";
import { isWrong, type Knob, knobs } from "./knobs";

export type SettingsSheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  settings: ChatSettings;
  onChange: (settings: ChatSettings) => void;
};

/** How all panes are asked: the same for each, so that answers can be compared. */
export function SettingsSheet({ open, onOpenChange, settings, onChange }: SettingsSheetProps) {
  const t = useTranslations("chat");
  const set = (part: Partial<Sampling>) => onChange({ ...settings, sampling: { ...settings.sampling, ...part } });
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={t("settings")}>
      <div className="space-y-5 p-4">
        <Field id="chat-system" label={t("system")} hint={t("systemHint")}>
          <Textarea
            id="chat-system"
            rows={4}
            value={settings.system}
            onChange={(event) => onChange({ ...settings, system: event.target.value })}
          />
        </Field>
        <div className="grid grid-cols-2 gap-x-4 gap-y-5">
          {knobs.map((knob) => (
            <KnobField key={knob.name} knob={knob} value={settings.sampling[knob.name]} onValue={(value) => set({ [knob.name]: value })} />
          ))}
          <Field id="chat-seed" label={t("knob.seed")} help={t("help.seed")} hint={t("seedHint")}>
            <NumberField
              id="chat-seed"
              value={settings.sampling.seed}
              allowEmpty
              min={0}
              onValueChange={(seed) => !Number.isNaN(seed) && set({ seed })}
            />
          </Field>
        </div>
        <Button onClick={() => onChange(defaultSettings)}>{t("resetSettings")}</Button>
      </div>
    </Sheet>
  );
}

function KnobField({ knob, value, onValue }: { knob: Knob; value: number; onValue: (value: number) => void }) {
  const t = useTranslations("chat");
  const id = `chat-${knob.name}`;
  const wrong = isWrong(knob, value);
  return (
    <Field
      id={id}
      label={t(`knob.${knob.name}`)}
      help={`${t(`help.${knob.name}`)} (${knob.wire})`}
      error={wrong ? t("range", { min: knob.min, max: knob.max }) : undefined}
    >
      <NumberField
        id={id}
        value={value}
        min={knob.min}
        max={knob.max}
        step={knob.step}
        onValueChange={(next) => onValue(next ?? Number.NaN)}
      />
    </Field>
  );
}
