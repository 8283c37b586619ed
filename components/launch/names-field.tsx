"use client";
import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import type { ModelFacts } from "@/lib/contract/model";
import type { ParameterPath } from "@/lib/contract/parameters/tables";
import { allLinear, attentionOnly } from "@/lib/domain/presets";
import { moduleNames } from "@/lib/domain/trainable";
import type { Problem } from "./check";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";

/** Names as chips; those that the model has not got are red, with names that fit beside the sentence. */
export function NamesField({ path }: { path: ParameterPath }) {
  const t = useTranslations("launch.targets");
  const { resolved, check, model, set } = useLaunch();
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const names = useTranslations("launch.names");
  const chosen = asNames(resolved.candidate[path]);
  const facts = model?.facts ?? null;
  const problem = problemAt(check, path);
  const missing = unknownOf(problem);
  const isTargets = path === "lora.targets";
  const isTokens = path === "lora.trainableTokens";
  const change = (next: readonly string[]) => set(path, [...new Set(next)]);
  // What was pressed goes away with what it named; the keyboard goes on from the field.
  const changeAndStay = (names: readonly string[]) => {
    change(names);
    input.current?.focus();
  };
  const add = () => {
    // A comma may be a part of a token, but of no module's name.
    const added = typed.split(isTokens ? /\s+/ : /[\s,]+/).filter((name) => name !== "");
    if (added.length > 0) change([...chosen, ...added]);
    setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      add();
    }
    if (event.key === "Backspace" && typed === "") change(chosen.slice(0, -1));
  };
  const unused = offersFor(path, facts).filter((name) => !chosen.includes(name));
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
            unknown={missing.includes(name)}
            onRemove={() => changeAndStay(chosen.filter((other) => other !== name))}
          />
        ))}
        <input
          ref={input}
          id={fieldId(path)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${fieldId(path)}-problem` : undefined}
          placeholder={isTokens ? names("tokens") : t("add")}
          title={t("addHint")}
          autoComplete="off"
          spellCheck={false}
          className="h-6 min-w-28 flex-1 bg-transparent px-1 text-xs outline-none placeholder:text-muted"
        />
      </div>
      {problem && <NamesProblem path={path} problem={problem} chosen={chosen} onChange={changeAndStay} />}
      {facts && (unused.length > 0 || chosen.length > 0) && (
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs">
          {isTargets && <TextButton onClick={() => change(allLinear(facts))}>{t("allLinear")}</TextButton>}
          {isTargets && <TextButton onClick={() => change(attentionOnly(facts))}>{t("attention")}</TextButton>}
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

function NamesProblem({
  path,
  problem,
  chosen,
  onChange,
}: {
  path: ParameterPath;
  problem: Problem;
  chosen: readonly string[];
  onChange: (names: string[]) => void;
}) {
  const t = useTranslations("launch.targets");
  const problemText = useProblemText();
  return (
    <p id={`${fieldId(path)}-problem`} role="alert" className="mt-1.5 text-failed text-xs">
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

/** Names that fit a field: of modules that the model has. */
function offersFor(path: ParameterPath, facts: ModelFacts | null): string[] {
  if (facts === null) return [];
  if (path === "lora.targets") return facts.modules.map((group) => group.name);
  const tensors = facts.tensors ?? [];
  if (path === "freeze.modules") return [...new Set(moduleNames(tensors, "inside").map((name) => name.split(".")[0] ?? name))];
  return path === "freeze.extras" || path === "lora.modulesToSave" ? moduleNames(tensors, "outside") : [];
}

function unknownOf(problem: Problem | undefined): string[] {
  if (problem?.kind === "unknownTargets") return problem.unknown;
  return problem?.kind === "module" ? asNames(problem.problem.value) : [];
}

const asNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
