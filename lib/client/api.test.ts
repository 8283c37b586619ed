import { expect, test } from "vitest";
import { api as contract } from "../contract/api";
import { api } from "./api";

test("the light table has every endpoint of the contract, with its method and path", () => {
  const light = Object.fromEntries(Object.entries(contract).map(([name, { method, path }]) => [name, { method, path }]));
  expect(api).toEqual(light);
});
