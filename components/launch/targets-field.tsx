"use client";
import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { allLinear, attentionOnly } from "@/lib/domain/presets";
import type { Problem } from "./check";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";

const PATH = "lora.targets";

/** Modules as chips; those that the model has not got are red, with names that fit beside the sentence. */
export function TargetsField() {
  const t = useTranslations("launch.targets");
  const { resolved, check, model, set } = useLaunch();
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const chosen = asNames(resolved.candidate[PATH]);
  const known = model?.facts?.modules.map((group) => group.name) ?? [];
  const problem = problemAt(check, PATH);
  const change = (names: readonly string[]) => set(PATH, [...new Set(names)]);
  // What was pressed goes away with what it named; the keyboard goes on from the field.
  const changeAndStay = (names: readonly string[]) => {
    change(names);
    input.current?.focus();
  };
  const add = () => {
    const names = typed.split(/[\s,]+/).filter((name) => name !== "");
    if (names.length > 0) change([...chosen, ...names]);
    setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      add();
    }
    if (event.key === "Backspace" && typed === "") change(chosen.slice(0, -1));
  };
  const unused = known.filter((name) => !chosen.includes(name));
  return (
    <>
      <div
        className={cn(
          "control-box flex flex-wrap items-center gap-1.5 p-1.5 focus-within:outline-2 focus-within:outline-iris",
          problem && "border-failed",
        )}
      >
        {chosen.map((name) => (
          <Chip
            key={name}
            name={name}
            unknown={known.length > 0 && !known.includes(name)}
            onRemove={() => changeAndStay(chosen.filter((other) => other !== name))}
          />
        ))}
        <input
          ref={input}
          id={fieldId(PATH)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${fieldId(PATH)}-problem` : undefined}
          placeholder={t("add")}
          title={t("addHint")}
          autoComplete="off"
          spellCheck={false}
          className="h-6 min-w-28 flex-1 bg-transparent px-1 text-xs outline-none placeholder:text-muted"
        />
      </div>
      {problem && <TargetsProblem problem={problem} chosen={chosen} onChange={changeAndStay} />}
      {model?.facts && (
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs">
          <TextButton onClick={() => model.facts && change(allLinear(model.facts))}>{t("allLinear")}</TextButton>
          <TextButton onClick={() => model.facts && change(attentionOnly(model.facts))}>{t("attention")}</TextButton>
          {chosen.length > 0 && <TextButton onClick={() => changeAndStay([])}>{t("clear")}</TextButton>}
          {unused.length > 0 && <span className="text-muted">{t("unused")}</span>}
          {unused.map((name) => (
            <button
              key={name}
              type="button"
              onClick={() => changeAndStay([...chosen, name])}
              className="rounded-[5px] border border-line border-dashed px-1.5 text-muted hover:border-line-strong hover:text-strong"
            >
              + {name}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function Chip({ name, unknown, onRemove }: { name: string; unknown: boolean; onRemove: () => void }) {
  const t = useTranslations("launch.targets");
  return (
    <span
      className={cn(
        "inline-flex h-6 items-center gap-0.5 rounded-[5px] border pl-1.5 text-xs",
        unknown ? "border-failed bg-failed-soft text-failed" : "border-line bg-sunken text-normal",
      )}
    >
      {name}
      <button
        type="button"
        onClick={onRemove}
        aria-label={t("remove", { name })}
        className="grid size-5 place-items-center rounded opacity-60 hover:opacity-100"
      >
        <X aria-hidden size={12} />
      </button>
    </span>
  );
}

function TargetsProblem({
  problem,
  chosen,
  onChange,
}: {
  problem: Problem;
  chosen: readonly string[];
  onChange: (names: string[]) => void;
}) {
  const t = useTranslations("launch.targets");
  const problemText = useProblemText();
  return (
    <p id={`${fieldId(PATH)}-problem`} role="alert" className="mt-1.5 text-failed text-xs">
      {problemText(problem)}{" "}
      {problem.kind === "unknownTargets" && (
        <button type="button" onClick={() => onChange(replaceUnknown(chosen, problem.unknown, problem.replacement))} className="underline">
          {problem.replacement.length > 0
            ? t("replace", { names: problem.replacement.join(", ") })
            : t("dropUnknown", { names: problem.unknown.join(", ") })}
        </button>
      )}
    </p>
  );
}

/** The replacement stands where the first unknown name stood. */
export function replaceUnknown(chosen: readonly string[], unknown: readonly string[], replacement: readonly string[]): string[] {
  const at = chosen.findIndex((name) => unknown.includes(name));
  const kept = (name: string) => !unknown.includes(name);
  return [...new Set([...chosen.slice(0, at).filter(kept), ...replacement, ...chosen.slice(at).filter(kept)])];
}

function TextButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" onClick={onClick} className="font-medium text-link hover:underline">
      {children}
    </button>
  );
}

const asNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
