import { expect, it } from "vitest";
import { splitScript } from "./shell-words";

const words = (text: string) => splitScript(text).map((command) => command.words);

it.each([
  ["quotes and escapes", `run --a 'it''s' --b "x \\"y\\" z" --c a\\ b`, ["run", "--a", "its", "--b", 'x "y" z', "--c", "a b"]],
  ["continued lines, a blank behind the backslash too", "run --a 1 \\\n  --b 2 \\ \n  --c 3", ["run", "--a", "1", "--b", "2", "--c", "3"]],
  ["lines continued as PowerShell and cmd do", "run --a 1 `\n --b 2 ^\r\n --c 3", ["run", "--a", "1", "--b", "2", "--c", "3"]],
  ["a backslash that an article left in the middle of a line", "run \\--a 1 \\--b 2", ["run", "--a", "1", "--b", "2"]],
  [
    "the dashes of articles",
    "run –a1 1 —bb 2 ——cc 3 −−dd 4 --e -5",
    ["run", "--a1", "1", "--bb", "2", "--cc", "3", "--dd", "4", "--e", "-5"],
  ],
  ["curly quotes and wide blanks", "run\u00a0--a “x y”\u3000--b ‘z’", ["run", "--a", "x y", "--b", "z"]],
  ["comments, but not a # within a word", "run --a x#y # --b 2", ["run", "--a", "x#y"]],
  ["a quote that never ends", `run --a "x y`, ["run", "--a", "x y"]],
  ["JSON in quotes", `run --k '{"num_cycles": 2}'`, ["run", "--k", '{"num_cycles": 2}']],
])("reads %s", (_, text, expected) => {
  expect(words(text)).toEqual([expected]);
});

it("keeps assignments apart, and puts variables where they are used, but not in single quotes", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own braces
  const text = "M=a/b\nexport N=2\nCUDA_VISIBLE_DEVICES=0 run $M ${N} ${O:-7} $P '$M' > log.txt 2>&1 && echo $M | tee x";
  expect(splitScript(text)).toEqual([
    { env: [["N", "2"]], words: ["export"], aside: [] },
    { env: [["CUDA_VISIBLE_DEVICES", "0"]], words: ["run", "a/b", "2", "7", "$P", "$M"], aside: [">log.txt", "2>&1"] },
    { env: [], words: ["echo", "a/b"], aside: [] },
    { env: [], words: ["tee", "x"], aside: [] },
  ]);
});

it("parts an assignment from the next where an article lost the line break", () => {
  expect(splitScript("START=$(date +%s.%N)CUDA_VISIBLE_DEVICES=0,1 run --a 1")).toEqual([
    {
      env: [
        ["START", "$(date +%s.%N)"],
        ["CUDA_VISIBLE_DEVICES", "0,1"],
      ],
      words: ["run", "--a", "1"],
      aside: [],
    },
  ]);
});
