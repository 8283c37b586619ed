import type { MetricValue, TaskEvent, TaskEventOf } from "../contract/event";
import type { Run, Sparkline } from "../contract/run";
import { assertNever } from "./assert-never";

const MAX_SPARK_POINTS = 64;
const MAX_WARNINGS = 50;

/**
 * The only place where an event changes a run; server and tests use this one function.
 * Idempotent by `seq`: an event that was applied before changes nothing. It never decides the final status:
 * that takes the exit record and what we asked for (see server/tasks/verdict).
 */
export function applyEvent(run: Run, event: TaskEvent): Run {
  if (event.seq <= run.seq) return run;
  const next = { ...run, seq: event.seq, lastEventAt: event.t };
  switch (event.type) {
    case "opened":
      return {
        ...next,
        startedAt: run.startedAt ?? event.t,
        phase: { name: "importing", done: null, total: null, since: event.t },
        stepsPerSecond: null,
        ready: false,
      };
    case "phase":
      return {
        ...next,
        phase: {
          name: event.name,
          done: event.done ?? null,
          total: event.total ?? null,
          since: run.phase?.name === event.name ? run.phase.since : event.t,
        },
      };
    case "plan":
      return { ...next, plan: event.plan };
    case "metric":
      return applyMetric(run, next, event);
    case "checkpoint":
      return {
        ...next,
        checkpoints: [...run.checkpoints.filter((c) => c.name !== event.name), toCheckpoint(run, event)].sort((a, b) => a.step - b.step),
      };
    case "checkpoint_removed":
      return { ...next, checkpoints: run.checkpoints.filter((c) => c.name !== event.name) };
    case "rewind":
      return {
        ...next,
        step: event.toStep,
        checkpoints: run.checkpoints.filter((c) => c.step <= event.toStep),
        bestEval: run.bestEval && run.bestEval.step > event.toStep ? null : run.bestEval,
      };
    case "progress":
      return { ...next, progress: { done: event.done, total: event.total, unit: event.unit } };
    case "artifact":
      return { ...next, artifact: { path: event.path, bytes: event.bytes, files: event.files } };
    case "ready":
      return { ...next, ready: true };
    case "ack":
      return next;
    case "warning":
      return { ...next, warnings: [...run.warnings, { code: event.code, message: event.message, t: event.t }].slice(-MAX_WARNINGS) };
    case "heartbeat":
      return { ...next, rssBytes: event.rssBytes };
    case "failed":
      return {
        ...next,
        failure: {
          code: event.code,
          message: event.message,
          remedy: event.remedy ?? null,
          ...(event.said && { said: event.said }),
          traceback: event.traceback ?? null,
          exitCode: null,
          signal: null,
        },
      };
    case "finished":
      return { ...next, summary: onlyPlain(event.summary) };
    default:
      return assertNever(event);
  }
}

/** Among a run's last values: where the last evaluation was made. */
const EVAL_STEP = "eval_step";

function applyMetric(run: Run, next: Run, event: TaskEventOf<"metric">): Run {
  const last = { ...run.last };
  const nonFinite = { ...run.nonFinite };
  for (const [name, value] of Object.entries(event.values)) {
    if (typeof value === "number") last[name] = value;
    else nonFinite[name] = (nonFinite[name] ?? 0) + 1;
  }
  if (typeof event.values.eval_loss === "number") last[EVAL_STEP] = event.step;
  const loss = event.values.loss;
  const evalLoss = event.values.eval_loss;
  const better = typeof evalLoss === "number" && (run.bestEval === null || evalLoss < run.bestEval.loss);
  return {
    ...next,
    step: Math.max(run.step, event.step),
    epoch: event.epoch,
    tokens: event.tokens,
    seconds: event.seconds,
    stepsPerSecond: smoothedRate(run, event),
    last,
    nonFinite,
    bestEval: better ? { step: event.step, loss: evalLoss } : run.bestEval,
    spark: typeof loss === "number" ? appendSpark(run.spark, loss) : run.spark,
    // An evaluation is logged after the checkpoint of the same step: fill it in.
    checkpoints:
      typeof evalLoss === "number" ? run.checkpoints.map((c) => (c.step === event.step ? { ...c, evalLoss } : c)) : run.checkpoints,
  };
}

function smoothedRate(run: Run, event: TaskEventOf<"metric">): number | null {
  const steps = event.step - run.step;
  const seconds = event.seconds - run.seconds;
  if (steps <= 0 || seconds <= 0) return run.stepsPerSecond;
  const rate = steps / seconds;
  if (run.stepsPerSecond === null) return rate;
  // About the last 20 log lines count; a single slow step does not move the time left much.
  return run.stepsPerSecond + (rate - run.stepsPerSecond) * 0.1;
}

export function appendSpark(spark: Sparkline, value: number): Sparkline {
  const pending = [...spark.pending, value];
  if (pending.length < spark.stride) return { ...spark, pending };
  const mean = pending.reduce((sum, v) => sum + v, 0) / pending.length;
  const values = [...spark.values, mean];
  if (values.length < MAX_SPARK_POINTS) return { stride: spark.stride, values, pending: [] };
  const halved = Array.from({ length: values.length / 2 }, (_, i) => ((values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0)) / 2);
  return { stride: spark.stride * 2, values: halved, pending: [] };
}

function toCheckpoint(run: Run, event: TaskEventOf<"checkpoint">) {
  return {
    name: event.name,
    step: event.step,
    bytes: event.bytes,
    createdAt: event.t,
    reason: event.reason,
    loss: run.last.loss ?? null,
    // An older evaluation says nothing about the weights of this step.
    evalLoss: run.last[EVAL_STEP] === event.step ? (run.last.eval_loss ?? null) : null,
  };
}

const onlyPlain = (summary: Record<string, MetricValue | string>): Record<string, number | string> => summary;
