import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hashOf, inRoot, stampIs, writeStamp } from "./paths.mjs";
import { run, StageError, stage } from "./stage.mjs";

const TORCH = "torch==2.13.0";
const venv = inRoot(".venv");
const venvPython = join(venv, "bin", "python");
const stamp = join(venv, ".tuneboard-stamp");
const requirements = inRoot("trainer", "requirements.txt");

/** The interpreter that trains: the one named by TUNEBOARD_PYTHON, else our own virtual environment. */
export const trainerPython = () => process.env.TUNEBOARD_PYTHON || venvPython;

/** Makes the trainer's environment, or checks the one that was named. */
export async function setUpPython() {
  if (process.env.TUNEBOARD_PYTHON) return stage(`Python environment ${process.env.TUNEBOARD_PYTHON}`, checkNamed);
  const wanted = hashOf([requirements], TORCH);
  if (existsSync(venvPython) && stampIs(stamp, wanted)) return stage("Python environment .venv", () => "up to date");

  const python = findPython();
  await stage(`Python environment .venv with ${python.version}`, async () => {
    if (existsSync(venv) && !existsSync(venvPython)) rmSync(venv, { recursive: true });
    await run(python.command, ["-m", "venv", venv], {
      remedy:
        "Python needs its venv module. On Debian and Ubuntu: apt-get install python3-venv. Or name an environment: TUNEBOARD_PYTHON=/path/to/python",
    });
  });
  const remedy =
    "Check that the Python package index can be reached and that the disk has 4 GB free, then run the same command again; it goes on where it stopped.";
  // torch first and by itself: asked for together, pip may choose another build with gigabytes of CUDA packages.
  await stage(`PyTorch (${TORCH})`, () =>
    run(venvPython, ["-m", "pip", "install", "--disable-pip-version-check", "-q", TORCH], { remedy }).then(() => ""),
  );
  await stage("transformers, trl, peft and what they need", () =>
    run(venvPython, ["-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", requirements], { remedy }).then(() => ""),
  );
  writeStamp(stamp, wanted);
}

/** What the environment holds and what is missing, in a few lines. */
export async function reportEnvironment() {
  const text = await run(trainerPython(), ["-m", "trainer.environment", "--brief"], { env: { PYTHONPATH: inRoot("trainer", "src") } });
  return text.trimEnd();
}

async function checkNamed() {
  const code =
    "import importlib.metadata as m, json, sys\n" +
    "need = ['torch','transformers','trl','peft','accelerate','datasets','pydantic']\n" +
    "have = {}\n" +
    "for n in need:\n    try: have[n] = m.version(n)\n    except m.PackageNotFoundError: have[n] = None\n" +
    "print(json.dumps({'python': sys.version.split()[0], 'have': have}))";
  const remedy = `Install into that environment: ${process.env.TUNEBOARD_PYTHON} -m pip install ${TORCH} && ${process.env.TUNEBOARD_PYTHON} -m pip install -r trainer/requirements.txt`;
  const { python, have } = JSON.parse(
    await run(process.env.TUNEBOARD_PYTHON, ["-c", code], { remedy: "TUNEBOARD_PYTHON must be the full path of a Python ≥ 3.11." }),
  );
  const missing = Object.entries(have).flatMap(([name, version]) => (version === null ? [name] : []));
  if (missing.length > 0) throw new StageError(`The environment named by TUNEBOARD_PYTHON lacks: ${missing.join(", ")}`, remedy);
  return `Python ${python}, torch ${have.torch}, transformers ${have.transformers}, trl ${have.trl}, peft ${have.peft}`;
}

function findPython() {
  for (const command of ["python3", "python3.13", "python3.12", "python3.11", "python"]) {
    try {
      const text = execFileSync(command, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
      const [major, minor] = text.split(".").map(Number);
      if (major === 3 && minor >= 11) return { command, version: `Python ${text}` };
    } catch {
      // Not on the PATH, or it does not run: the next name is tried, and the list ends in a clear error.
    }
  }
  throw new StageError(
    "No Python 3.11 or newer was found.",
    "Install Python ≥ 3.11, or name one: TUNEBOARD_PYTHON=/path/to/python npm start",
  );
}
