// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { IntlProvider } from "use-intl";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import common from "@/lib/i18n/en/common.json";
import { Button } from "./button";
import { Menu } from "./menu";
import { Segmented } from "./segmented";
import { Select } from "./select";

beforeAll(() => {
  // jsdom has no pointer capture and no scrolling.
  Object.assign(Element.prototype, { hasPointerCapture: () => false, scrollIntoView: () => undefined });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(cleanup);

test("the first press opens a menu, whose code comes then; Escape gives the focus back", async () => {
  const chosen = vi.fn();
  render(<Menu trigger={<Button>More</Button>} items={[{ label: "Rename", onSelect: chosen }]} />);
  await userEvent.click(screen.getByRole("button", { name: "More" }));
  await screen.findByRole("menuitem", { name: "Rename" });
  await userEvent.keyboard("{Escape}");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "More" }));
  await userEvent.click(screen.getByRole("button", { name: "More" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Rename" }));
  expect(chosen).toHaveBeenCalledOnce();
});

test("Enter on a menu's trigger is taken by the menu, not by a shortcut of the page", async () => {
  const pageTook = vi.fn((event: KeyboardEvent) => event.defaultPrevented);
  window.addEventListener("keydown", pageTook, { once: true });
  render(<Menu trigger={<Button>More</Button>} items={[{ label: "Rename", onSelect: () => undefined }]} />);
  screen.getByRole("button", { name: "More" }).focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("menuitem", { name: "Rename" });
  expect(pageTook).toHaveReturnedWith(true);
});

test("a list opens by keyboard, chooses, and shows its value before it was ever opened", async () => {
  const change = vi.fn();
  const options = ["linear", "cosine"].map((value) => ({ value, label: value }));
  render(<Select aria-label="Scheduler" value="cosine" onValueChange={change} options={options} />);
  const trigger = screen.getByRole("combobox", { name: "Scheduler" });
  expect(trigger.textContent).toBe("cosine");
  trigger.focus();
  await userEvent.keyboard("{ArrowDown}");
  await userEvent.click(await screen.findByRole("option", { name: "linear" }));
  expect(change).toHaveBeenCalledWith("linear");
});

const optimizers = ["adamw_torch", "adafactor", "sgd", "adamw_8bit"];
const optimizerOptions = optimizers.map((value) => ({ value, label: value, disabled: value === "adafactor" }));

function Optimizer() {
  const [value, setValue] = useState("sgd");
  return <Select aria-label="Optimizer" value={value} onValueChange={setValue} options={optimizerOptions} />;
}

test("a closed list takes letters before it was ever opened, and goes on with each press of the same", async () => {
  render(<Optimizer />);
  const list = screen.getByRole("combobox", { name: "Optimizer" });
  list.focus();
  await userEvent.keyboard("aa");
  expect(list.textContent).toBe("adamw_torch");
  expect(screen.queryByRole("listbox")).toBeNull();
  await userEvent.keyboard("{Control>}s{/Control}");
  expect(list.textContent).toBe("adamw_torch");
});

test("a long list is searched by keyboard: typing leaves what holds the words, Enter chooses and gives the focus back", async () => {
  const change = vi.fn();
  const options = ["alpaca", "sharegpt", "medical"].map((value) => ({ value, label: value, detail: value === "medical" ? "9 rows" : "" }));
  render(
    <IntlProvider locale="en" messages={{ common }} timeZone="UTC">
      <Select searchable aria-label="Data set" value="alpaca" onValueChange={change} options={options} />
    </IntlProvider>,
  );
  screen.getByRole("combobox", { name: "Data set" }).focus();
  await userEvent.keyboard("{ArrowDown}");
  expect((await screen.findByRole("option", { selected: true })).textContent).toBe("alpaca");
  await userEvent.keyboard("rows med");
  expect(screen.getAllByRole("option")).toHaveLength(1);
  await userEvent.keyboard("{Enter}");
  expect(change).toHaveBeenCalledWith("medical");
  expect(document.activeElement).toBe(screen.getByRole("combobox", { name: "Data set" }));
});

test("arrows choose within a group, past what can't be chosen", async () => {
  const change = vi.fn();
  const options = [
    { value: "a", label: "A" },
    { value: "b", label: "B", disabled: true },
    { value: "c", label: "C" },
  ];
  render(<Segmented aria-label="Form" value="a" onValueChange={change} options={options} />);
  await userEvent.tab();
  await userEvent.keyboard("{ArrowRight}");
  expect(change).toHaveBeenCalledWith("c");
  expect(document.activeElement?.textContent).toBe("C");
});
