"use client";
import { Check, Circle, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import type { Problem } from "./check";
import { isChanged } from "./draft";
import { type LaunchState, useLaunch } from "./launch-context";
import { pathsOf, type SectionName, sectionId, sectionNames } from "./section";

type SectionState = "set" | "fix" | "defaults";

/** Where one is, what is set, what needs fixing. */
export function SectionList() {
  const t = useTranslations("launch");
  const state = useLaunch();
  const current = useCurrentSection();
  return (
    <nav aria-label={t("sections.label")} className="sticky top-18 grid gap-0.5 self-start text-sm">
      {sectionNames.map((name) => {
        const mark = sectionState(name, state);
        return (
          <a
            key={name}
            href={`#${sectionId(name)}`}
            aria-current={current === name ? "true" : undefined}
            className="flex h-[30px] items-center gap-2.5 rounded-md px-2 text-muted hover:bg-sunken aria-[current]:font-medium aria-[current]:text-strong"
          >
            <Mark state={mark} />
            {t(`sections.${name}`)}
            <span className="sr-only">: {t(`state.${mark}`)}</span>
          </a>
        );
      })}
    </nav>
  );
}

function Mark({ state }: { state: SectionState }) {
  const Icon = { set: Check, fix: TriangleAlert, defaults: Circle }[state];
  return (
    <Icon
      aria-hidden
      size={state === "defaults" ? 12 : 14}
      className={cn("w-3.5", { set: "text-succeeded", fix: "text-warning", defaults: "" }[state])}
    />
  );
}

export function sectionState(name: SectionName, { check, resolved, model, chosenSets }: LaunchState): SectionState {
  if (check.problems.some((problem) => sectionOf(problem.path) === name)) return "fix";
  if (name === "model") return model ? "set" : "defaults";
  if (name === "data") return chosenSets.length > 0 ? "set" : "defaults";
  const { candidate, suggested } = resolved;
  const changed = Object.keys(candidate).filter((path) => path in suggested && isChanged(resolved, asPath(path)));
  return changed.some((path) => sectionOf(path) === name) ? "set" : "defaults";
}

/** As one meets them on the way down, so that the first to fix is the first one sees. */
export const inPageOrder = (problems: readonly Problem[]): Problem[] => problems.toSorted((a, b) => placeOf(a.path) - placeOf(b.path));

function placeOf(path: string): number {
  const section = sectionOf(path);
  if (section === undefined) return -1;
  const field = fieldsOf(section).findIndex((one) => covers(one, path));
  const [, set = 0, name = ""] = /^data\.sets\.(\d+)\.(\w+)/.exec(path) ?? [];
  return (sectionNames.indexOf(section) * 100 + field) * 1000 + Number(set) * 10 + setFields.indexOf(name);
}

const setFields = ["datasetId", "weight", "maxRows"];

const sectionOf = (path: string): SectionName | undefined =>
  sectionNames.find((name) => fieldsOf(name).some((field) => covers(field, path)));

/** A field that holds others speaks for them too. */
const covers = (field: string, path: string): boolean => path === field || path.startsWith(`${field}.`);

/** In the order of the page. */
function fieldsOf(name: SectionName): string[] {
  switch (name) {
    case "model":
      return ["modelId"];
    case "data":
      return ["data.sets", "data.mix", "data.validation", "data"];
    case "method":
      return [
        "method",
        "startFrom",
        ...pathsOf("lora"),
        ...pathsOf("quantization"),
        ...pathsOf("freeze"),
        "lora",
        "quantization",
        "freeze",
      ];
    case "training":
    case "schedule":
      return pathsOf(name);
    case "output":
      return ["name", ...pathsOf("output")];
  }
}

/** The section nearest to the top of what is seen. */
function useCurrentSection(): SectionName {
  const [current, setCurrent] = useState<SectionName>("model");
  useEffect(() => {
    const seen = new Map<string, boolean>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting);
        const first = sectionNames.find((name) => seen.get(sectionId(name)));
        if (first) setCurrent(first);
      },
      { rootMargin: "-72px 0px -45% 0px" },
    );
    for (const name of sectionNames) {
      const element = document.getElementById(sectionId(name));
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  return current;
}

/** Keys of a candidate are its fields. */
const asPath = (path: string) => path as keyof LaunchState["resolved"]["candidate"];
