"use client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { appliesTo, isShown, type ParameterGroup } from "@/lib/contract/parameters/parameter";
import { type ParameterPath, parameterAt, parameterPaths, partOf } from "@/lib/contract/parameters/tables";
import { isChanged, valuesOf } from "./draft";
import { problemAt, useLaunch } from "./launch-context";
import { ParameterField } from "./parameter-field";

export const sectionNames = ["model", "data", "method", "training", "schedule", "output"] as const;
export type SectionName = (typeof sectionNames)[number];
export const sectionId = (name: SectionName): string => `launch-section-${name}`;

export function Section({ name, actions, children }: { name: SectionName; actions?: ReactNode; children: ReactNode }) {
  const t = useTranslations("launch.sections");
  return (
    <Card id={sectionId(name)} title={t(name)} actions={actions} className="scroll-mt-20">
      {children}
    </Card>
  );
}

/** Fields of the table's group: the basic ones, then the expert ones unfolding in place. */
export function ParameterGroupFields({ group }: { group: ParameterGroup }) {
  const { stage, method, candidate } = useLaunch().resolved;
  const paths = pathsOf(group).filter((path) => {
    const parameter = parameterAt(path);
    return parameter !== null && appliesTo(parameter, stage, method) && isShown(parameter, valuesOf(partOf(path), candidate));
  });
  const isExpert = (path: ParameterPath) => parameterAt(path)?.level === "expert";
  return (
    <>
      <FieldGrid>
        {paths
          .filter((path) => !isExpert(path))
          .map((path) => (
            <ParameterField key={path} path={path} />
          ))}
      </FieldGrid>
      <ExpertFields paths={paths.filter(isExpert)} />
    </>
  );
}

export const FieldGrid = ({ children }: { children: ReactNode }) => (
  <div className="grid grid-cols-1 gap-x-4 gap-y-4 sm:grid-cols-2 md:grid-cols-3">{children}</div>
);

export const pathsOf = (group: ParameterGroup): ParameterPath[] => parameterPaths.filter((path) => parameterAt(path)?.group === group);

/** Opens by itself where something in it is wrong or sought; what is changed is said while it is closed. */
function ExpertFields({ paths }: { paths: readonly ParameterPath[] }) {
  const t = useTranslations("launch");
  const { check, resolved, sought } = useLaunch();
  const [wanted, setWanted] = useState(false);
  if (paths.length === 0) return null;
  const open = wanted || paths.some((path) => path === sought || problemAt(check, path) !== undefined);
  const changed = paths.filter((path) => isChanged(resolved, path)).length;
  return (
    <div className="mt-4">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setWanted(!open)}
        className="inline-flex min-h-6 items-center gap-1 font-medium text-link text-sm hover:underline"
      >
        <ChevronRight aria-hidden size={14} className={cn("transition-transform", open && "rotate-90")} />
        {t("expert", { count: paths.length })}
        {changed > 0 && !open && <span className="size-1.5 rounded-full bg-iris" />}
      </button>
      {open && (
        <div className="mt-3">
          <FieldGrid>
            {paths.map((path) => (
              <ParameterField key={path} path={path} />
            ))}
          </FieldGrid>
        </div>
      )}
    </div>
  );
}
