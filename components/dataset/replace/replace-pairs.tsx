"use client";
import { ArrowRight, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/input";
import { type PairProblem, pairProblems } from "@/lib/domain/replace-problems";
import { addPair, type ReplaceDraft } from "./replace-draft";

const MOST_PAIRS = 50;

type ReplacePairsProps = { draft: ReplaceDraft; onDraft: (draft: ReplaceDraft) => void };

export function ReplacePairs({ draft, onDraft }: ReplacePairsProps) {
  const t = useTranslations("versions.replace");
  const scope = { paths: null, matchCase: draft.matchCase, wholeWord: draft.wholeWord };
  // An empty field is not begun yet, which is no fault to be told.
  const problems = pairProblems({ pairs: draft.pairs, scope }).filter(({ code }) => code !== "empty");
  const change = (id: number, part: Partial<ReplaceDraft["pairs"][number]>) =>
    onDraft({ ...draft, pairs: draft.pairs.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)) });
  return (
    <div className="grid gap-2.5">
      {draft.pairs.map(({ id, find, replace }, at) => (
        <div
          key={id}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_auto]"
        >
          <Text
            id={`find-${id}`}
            label={t("find", { number: at + 1 })}
            value={find}
            onValue={(text) => change(id, { find: text })}
            error={said(at, "find")}
          />
          <ArrowRight aria-hidden size={15} className="mt-9 text-muted max-sm:hidden" />
          <Text
            id={`with-${id}`}
            label={t("with", { number: at + 1 })}
            value={replace}
            onValue={(text) => change(id, { replace: text })}
            placeholder={t("nothing")}
            error={said(at, "replace")}
            className="max-sm:col-start-1"
          />
          <Button
            icon
            size="sm"
            variant="ghost"
            className="mt-7 max-sm:col-start-2 max-sm:row-start-1"
            aria-label={t("remove", { number: at + 1 })}
            disabled={draft.pairs.length === 1}
            onClick={() => onDraft({ ...draft, pairs: draft.pairs.filter((pair) => pair.id !== id) })}
          >
            <X aria-hidden size={14} />
          </Button>
        </div>
      ))}
      <div>
        <Button size="sm" disabled={draft.pairs.length >= MOST_PAIRS} onClick={() => onDraft(addPair(draft))}>
          <Plus aria-hidden size={14} />
          {t("add")}
        </Button>
      </div>
    </div>
  );

  function said(pair: number, field: PairProblem["field"]): string | null {
    const found = problems.find((problem) => problem.pair === pair && problem.field === field);
    return found === undefined ? null : t(`problem.${found.code}`);
  }
}

type TextProps = {
  id: string;
  label: string;
  value: string;
  onValue: (text: string) => void;
  error: string | null;
  placeholder?: string;
  className?: string;
};

/** Grows with what is written: most texts are a word, some are a paragraph. */
function Text({ id, label, value, onValue, error, placeholder, className }: TextProps) {
  return (
    <div className={`min-w-0 ${className ?? ""}`}>
      <label htmlFor={id} className="mb-1.5 block truncate font-medium text-normal text-sm">
        {label}
      </label>
      <Textarea
        id={id}
        rows={Math.min(6, value.split("\n").length)}
        value={value}
        placeholder={placeholder}
        aria-invalid={error !== null || undefined}
        onChange={(event) => onValue(event.target.value)}
      />
      {error !== null && (
        <span role="alert" className="mt-1 block text-failed text-xs">
          {error}
        </span>
      )}
    </div>
  );
}
