import { expect, test } from "vitest";
import { emptyMapping, missingRoles, readTags, roleOf, withFormat, withRole } from "./mapping-draft";

test("a column has one role, and a role one column", () => {
  const first = withRole(emptyMapping, "question", "prompt");
  expect(roleOf(first, "question")).toBe("prompt");
  const moved = withRole(first, "question", "response");
  expect(moved.columns.prompt).toBeNull();
  expect(roleOf(moved, "question")).toBe("response");
  const other = withRole(first, "ask", "prompt");
  expect(roleOf(other, "question")).toBeNull();
  expect(withRole(first, "question", null).columns.prompt).toBeNull();
});

test("another format keeps the columns whose role it knows, and drops the others", () => {
  const mapping = withRole(withRole(emptyMapping, "q", "prompt"), "h", "history");
  const completion = withFormat(mapping, "prompt_completion");
  expect(completion.columns.prompt).toBe("q");
  expect(completion.columns.history).toBeNull();
  expect(completion.tags).toBeNull();
});

test("a format with turns comes with the tags of its kind", () => {
  expect(withFormat(emptyMapping, "sharegpt").tags?.roleKey).toBe("from");
  expect(withFormat(emptyMapping, "messages").tags?.roleKey).toBe("role");
  expect(withFormat(emptyMapping, "xtuner").xtunerMap).toBe("conversation");
});

test("what a format needs and does not have is named", () => {
  expect(missingRoles(withRole(emptyMapping, "q", "prompt"))).toEqual(["response"]);
  expect(missingRoles(withFormat(emptyMapping, "preference"))).toEqual(["chosen", "rejected"]);
});

test("tags are read from a list with commas", () => {
  expect(readTags(" human, user ,,")).toEqual(["human", "user"]);
});
