import type { TrainSpec } from "../../contract/job-spec";
import { type CommandInputs, llamaFactoryArguments, yamlLines } from "../commands";

/** The command's arguments as the file that `llamafactory-cli train` reads. */
export const toLlamaFactoryYaml = (spec: TrainSpec, inputs: CommandInputs): string =>
  yamlLines(llamaFactoryArguments(spec, inputs), 0).join("\n");
