import { expect, test } from "vitest";
import { findByLetters } from "./select-parts";

const options = ["Linear", "Cosine", "Constant", "Cosine with restarts"].map((label) => ({ value: label.toLowerCase(), label }));
const found = (typed: string, value: string | null) => findByLetters(options, value, typed)?.label;

test("letters find the next name that begins with them, round the end", () => {
  expect(found("c", "linear")).toBe("Cosine");
  expect(found("cc", "cosine")).toBe("Constant");
  expect(found("c", "cosine with restarts")).toBe("Cosine");
  expect(found("Con", null)).toBe("Constant");
  // More letters of the name that is chosen stay with it.
  expect(found("cos", "cosine")).toBe("Cosine");
  expect(found("x", "cosine")).toBeUndefined();
});
