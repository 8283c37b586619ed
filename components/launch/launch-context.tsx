"use client";
import { createContext, useContext } from "react";
import type { Dataset } from "@/lib/contract/dataset";
import type { Model } from "@/lib/contract/model";
import type { EnvironmentReport } from "@/lib/contract/system";
import type { TrainingPlan } from "@/lib/domain/plan";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import type { CheckResult, Problem } from "./check";
import type { DataPlan } from "./data-plan";
import type { FieldPath, Resolved } from "./draft";

export type LaunchState = {
  resolved: Resolved;
  check: CheckResult;
  plan: TrainingPlan | null;
  models: readonly Model[];
  /** What can be trained. */
  datasets: readonly ReadyDataset[];
  /** Any data set, those that are not checked yet too. */
  find: (datasetId: string) => Dataset | null;
  model: Model | null;
  /** The sets to be trained that can be. */
  chosenSets: readonly ReadyDataset[];
  data: DataPlan;
  /** What the trainer's Python has; null while it is not known. */
  environment: EnvironmentReport | null;
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

/** A setting that has no field at the moment (of LoRA while every weight is trained) is led to by the one that gives it a field. */
export function jumpTo(path: string): void {
  const element = [path, ...insteadOf(path)].map((one) => document.getElementById(fieldId(one))).find((found) => found !== null);
  element?.scrollIntoView({ block: "center", behavior: "smooth" });
  // Of a group of choices the chosen one takes the keyboard.
  const target = element?.querySelector<HTMLElement>("[role=radio][aria-checked=true]") ?? element;
  target?.focus({ preventScroll: true });
}

function insteadOf(path: string): string[] {
  if (path.startsWith("data.validation")) return ["data.validation.type"];
  if (!path.startsWith("data")) return ["method"];
  // Weights have fields once sets are interleaved, and a mixture has them once there is a second set.
  return [...(path.endsWith(".weight") ? ["data.mix"] : []), "data.sets", "data.sets.0.datasetId"];
}
