"use client";
import { createContext, useContext } from "react";
import type { Model } from "@/lib/contract/model";
import type { TrainingPlan } from "@/lib/domain/plan";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";
import type { CheckResult, Problem } from "./check";
import type { FieldPath, Resolved } from "./draft";

export type LaunchState = {
  resolved: Resolved;
  check: CheckResult;
  plan: TrainingPlan | null;
  models: readonly Model[];
  datasets: readonly Dataset[];
  model: Model | null;
  dataset: Dataset | null;
  set: (path: FieldPath, value: unknown) => void;
  reset: (path: FieldPath) => void;
  /** Leads to a field, out of a sheet too. */
  jump: (path: string) => void;
  /** The field that was last led to. */
  sought: string | null;
};

export const LaunchContext = createContext<LaunchState | null>(null);

export function useLaunch(): LaunchState {
  const state = useContext(LaunchContext);
  if (state === null) throw new Error("a launch field stands outside the launch form");
  return state;
}

export const problemAt = (check: CheckResult, path: string): Problem | undefined => check.problems.find((problem) => problem.path === path);

/** Element id of a field, so that the plan can jump to it. */
export const fieldId = (path: string): string => `launch-${path.replaceAll(".", "-")}`;

/** A setting of LoRA has no field while every weight is trained; then the choice of method is what leads to it. */
export function jumpTo(path: string): void {
  const element = document.getElementById(fieldId(path)) ?? document.getElementById(fieldId("method"));
  element?.scrollIntoView({ block: "center", behavior: "smooth" });
  element?.focus({ preventScroll: true });
}
