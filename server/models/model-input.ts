import type { Model } from "../../lib/contract/model";
import type { ModelInput } from "../../lib/contract/worker-spec";

/** A listed model as a worker is given it. The hub's name goes along for the export's description. */
export const toModelInput = (model: Model): ModelInput => ({
  label: model.name,
  path: model.path,
  repo: model.source.type === "hub" ? model.source.repo : null,
  revision: model.source.type === "hub" ? model.source.revision : null,
  adapterPath: null,
  trustRemoteCode: model.trustRemoteCode,
});
