// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { NumberField, type NumberFieldProps } from "./number-field";
import { parseNumber, writeNumber } from "./number-text";

afterEach(cleanup);
const seen: (number | null)[] = [];

function Form({ initial, ...rest }: { initial: number | null } & Partial<NumberFieldProps>) {
  const [value, setValue] = useState(initial);
  return (
    <>
      <NumberField
        {...rest}
        aria-label="rate"
        value={value}
        onValueChange={(next) => {
          seen.push(next);
          setValue(next);
        }}
      />
      <button type="button" onClick={() => setValue(0.5)}>
        preset
      </button>
      <output>{String(value)}</output>
    </>
  );
}
const field = () => screen.getByLabelText<HTMLInputElement>("rate");
const value = () => screen.getByRole("status").textContent;

test("2e-4 can be typed letter by letter and stays as typed", async () => {
  render(<Form initial={1} />);
  await userEvent.clear(field());
  await userEvent.type(field(), "2e-4");
  expect(field().value).toBe("2e-4");
  expect(value()).toBe("0.0002");
  await userEvent.tab();
  expect(field().value).toBe("2e-4");
});

test("an empty field is null where that is allowed, and no number where it is not", async () => {
  render(<Form initial={3} allowEmpty />);
  await userEvent.clear(field());
  expect(value()).toBe("null");
  cleanup();
  render(<Form initial={3} />);
  await userEvent.clear(field());
  expect(value()).toBe("NaN");
});

test("text that is no number stays in the field after it is left, so that it can be mended", async () => {
  render(<Form initial={3} />);
  await userEvent.clear(field());
  await userEvent.type(field(), "2e-x");
  await userEvent.tab();
  expect(field().value).toBe("2e-x");
  expect(value()).toBe("NaN");
});

test("a value set from outside replaces what was typed", async () => {
  render(<Form initial={3} />);
  await userEvent.type(field(), "abc");
  await userEvent.click(screen.getByText("preset"));
  expect(field().value).toBe("0.5");
});

test("arrows step within the bounds without rounding dirt", async () => {
  render(<Form initial={0.1} step={0.1} min={0} max={0.3} />);
  await userEvent.type(field(), "{ArrowUp}{ArrowUp}{ArrowUp}");
  expect(value()).toBe("0.3");
  await userEvent.type(field(), "{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}");
  expect(value()).toBe("0");
});

test("numbers are read the way people write them", () => {
  expect(["2e-4", "0,05", "1,000", "12,480.5", " 3 ", "１６", "-1.5", ".5", "1E3", ""].map(parseNumber)).toEqual([
    2e-4,
    0.05,
    1000,
    12480.5,
    3,
    16,
    -1.5,
    0.5,
    1000,
    null,
  ]);
  for (const text of ["abc", "1-2", "2e", "1,2,3", "0x10", "Infinity"]) expect(parseNumber(text)).toBeNaN();
  expect([2e-4, 0.05, 0, 1000, null, Number.NaN].map(writeNumber)).toEqual(["2e-4", "0.05", "0", "1000", "", ""]);
});
