// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Dataset } from "@/lib/contract/dataset";
import { Model } from "@/lib/contract/model";
import { isReady } from "@/lib/domain/ready-dataset";
import common from "@/lib/i18n/en/common.json";
import errors from "@/lib/i18n/en/errors.json";
import importWords from "@/lib/i18n/en/import.json";
import launch from "@/lib/i18n/en/launch.json";
import launchZh from "@/lib/i18n/zh/launch.json";
import { LaunchForm } from "./launch-form";

// Without this every look by role computes the style of every element: seconds a look in jsdom.
configure({ defaultHidden: true, asyncUtilTimeout: 10_000 });

const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }), useSearchParams: () => new URLSearchParams() }));
// The drawing has a test of its own; here only its numbers count.
vi.mock("@/components/charts/calm-line", () => ({ CalmLine: ({ label }: { label: string }) => <div role="img" aria-label={label} /> }));

const group = (name: string) => ({ name, count: 1, parameters: 64, inPlusOut: 16, head: false });
const model = Model.parse({
  id: "mod_000000000001",
  name: "tiny",
  source: { type: "folder", path: "/m/tiny" },
  path: "/m/tiny",
  present: true,
  facts: {
    architecture: "LlamaForCausalLM",
    modelType: "llama",
    parameters: 1000,
    bytes: 4000,
    dtype: "float32",
    layers: 1,
    hiddenSize: 8,
    vocabSize: 16,
    contextLength: 512,
    tiedEmbeddings: true,
    chatTemplate: true,
    remoteCode: false,
    shards: 1,
    modules: [group("q_proj"), group("v_proj")],
    fingerprint: "f",
  },
  trustRemoteCode: false,
  createdAt: 0,
  usedByRuns: 0,
});
const parsed = Dataset.parse({
  id: "ds_000000000001",
  name: "pip",
  source: "demo",
  fileName: "pip.json",
  familyId: "ds_000000000001",
  version: 1,
  parentId: null,
  change: { type: "import" },
  status: "ready",
  files: [],
  guesses: [],
  mapping: null,
  taskId: null,
  report: {
    format: "alpaca",
    formatReason: "",
    fileType: "json",
    rows: 100,
    usableRows: 100,
    bytes: 1,
    sha256: "a".repeat(64),
    columns: [],
    problemCounts: {},
    problems: [],
    characters: { median: 1, p95: 1, max: 1 },
    turns: { mean: 1, max: 1 },
    reasons: [],
    systemRows: 0,
    toolRows: 0,
  },
  createdAt: 0,
  usedByRuns: 0,
});

if (!isReady(parsed)) throw new Error("the data set of this test is ready");
const dataset = parsed;

const posted: { spec: { name: string; lora: { rank: number } }; requestId: string }[] = [];
let answer: () => Response;

beforeEach(() => {
  posted.length = 0;
  answer = () => Response.json({ id: "run_000000000001" }, { status: 201 });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url !== "/api/runs") return Response.json({ error: { code: "not_found", message: "none" } }, { status: 404 });
    posted.push(JSON.parse(String(init.body)));
    return answer();
  });
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => {};
  localStorage.clear();
  push.mockClear();
});
afterEach(cleanup);

const NoDialog = () => null;
function show(locale: "en" | "zh" = "en") {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const messages = { common, errors, import: importWords, launch: locale === "en" ? launch : launchZh };
  render(
    <IntlProvider locale={locale} messages={messages} timeZone="UTC">
      <QueryClientProvider client={client}>
        <LaunchForm
          models={[model]}
          datasets={[dataset]}
          quickStart={null}
          address={{}}
          from={null}
          AddModel={NoDialog}
          AddData={NoDialog}
        />
      </QueryClientProvider>
    </IntlProvider>,
  );
  return userEvent.setup({ delay: null, pointerEventsCheck: 0 });
}
const plan = () => within(screen.getByRole("complementary"));
const line = (name: string) => plan().getByText(name).nextSibling?.textContent;
const retype = async (user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string) => {
  await user.clear(field);
  await user.type(field, text);
};

describe("the launch form", () => {
  it("launches with one press, and goes to the run", async () => {
    const user = show();
    expect(plan().getByText("ready")).toBeTruthy();
    await user.click(plan().getByRole("button", { name: /^Launch/ }));
    await waitFor(() => expect(push).toHaveBeenCalledWith("/runs/run_000000000001"));
    expect(posted).toHaveLength(1);
    expect(posted[0]?.spec.name).toBe("tiny-pip-r16");
  });

  it("counts anew with every keystroke", async () => {
    const user = show();
    expect(line("Steps")).toBe("72 = 3 × 24");
    await retype(user, screen.getByLabelText("Epochs"), "5");
    expect(line("Steps")).toBe("120 = 5 × 24");
    await retype(user, screen.getByLabelText("LoRA rank"), "4");
    expect(line("Trainable")).toMatch(/^128 /);
  });

  it("says at the field what is wrong, and pressing Launch leads there instead of sending", async () => {
    const user = show();
    const rank = screen.getByLabelText("LoRA rank");
    await retype(user, rank, "0");
    expect(plan().getByText("1 thing to fix")).toBeTruthy();
    expect(rank.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById("launch-lora-rank-note")?.textContent).toBe("Rank 0 trains nothing; choose 4 to 256.");
    await user.click(plan().getByRole("button", { name: /^Launch/ }));
    await waitFor(() => expect(document.activeElement).toBe(rank));
    expect(posted).toHaveLength(0);
  });

  it("says it in Chinese on a Chinese page", async () => {
    const user = show("zh");
    await retype(user, screen.getByLabelText("LoRA 秩"), "0");
    expect(document.getElementById("launch-lora-rank-note")?.textContent).toBe("LoRA 秩：0 太小，请填 1 或更大。");
  });

  it("puts the server's refusal at its field until that field is changed", async () => {
    answer = () =>
      Response.json(
        { error: { code: "invalid_field", message: "no", fields: [{ path: "spec.name", message: "This name is taken." }] } },
        { status: 422 },
      );
    const user = show();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(document.getElementById("launch-name-note")?.textContent).toBe("This name is taken."));
    await user.type(screen.getByLabelText("Name"), "-2");
    expect(document.getElementById("launch-name-note")).toBeNull();
  });

  it("sends the same request id when it is pressed again after silence", async () => {
    answer = () => {
      throw new TypeError("network");
    };
    const user = show();
    await user.click(plan().getByRole("button", { name: /^Launch/ }));
    await plan().findByRole("alert");
    await user.click(plan().getByRole("button", { name: /^Launch/ }));
    await waitFor(() => expect(posted).toHaveLength(2));
    expect(posted[0]?.requestId).toBe(posted[1]?.requestId);
  });

  it("offers to replace a module that the model has not got", async () => {
    const user = show();
    await user.click(screen.getByRole("button", { name: "Remove v_proj" }));
    await user.type(screen.getByLabelText("Target modules"), "c_attn{Enter}");
    await user.click(screen.getByRole("button", { name: "Replace by v_proj" }));
    expect(plan().getByText("ready")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Remove v_proj" })).toBeTruthy();
  });

  it("keeps what was typed for the next visit, and forgets it once launched", async () => {
    const user = show();
    await retype(user, screen.getByLabelText("LoRA rank"), "4");
    cleanup();
    const again = show();
    expect(screen.getByLabelText<HTMLInputElement>("LoRA rank").value).toBe("4");
    await again.click(plan().getByRole("button", { name: /^Launch/ }));
    await waitFor(() => expect(push).toHaveBeenCalled());
    expect(posted[0]?.spec.lora.rank).toBe(4);
    expect(localStorage.length).toBe(0);
  });
});
