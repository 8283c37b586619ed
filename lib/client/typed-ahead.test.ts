// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { keepTyped, takeTyped } from "./typed-ahead";

const pageTook = vi.fn();
document.addEventListener("keydown", (event) => pageTook(event.key));
afterEach(() => {
  takeTyped();
  pageTook.mockClear();
});
const press = (...keys: string[]) => {
  for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};

test("letters on the way are kept for the field and are no shortcuts; those after it are the page's again", () => {
  keepTyped(() => undefined);
  press("n", "e", "x", "Backspace", "w", "Enter");
  expect(pageTook).not.toHaveBeenCalled();
  expect(takeTyped()).toBe("new");
  press("n");
  expect(pageTook).toHaveBeenCalledWith("n");
  expect(takeTyped()).toBe("");
});

test("keys that type nothing go their way, and Escape lets go", () => {
  const left = vi.fn();
  keepTyped(left);
  press("a", "Tab", "Escape", "g");
  expect(left).toHaveBeenCalledOnce();
  expect(pageTook.mock.calls.flat()).toEqual(["Tab", "g"]);
  expect(takeTyped()).toBe("");
});
