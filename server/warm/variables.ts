const wanted = /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_PREFIX|HF_HOME|HF_HUB_CACHE|XDG_.*)$/;

/** What a helper needs of our environment: it reads files of others and has no use for tokens and keys. */
export const helperVariables = (variables: Record<string, string | undefined>): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => wanted.test(name))),
  PYTHONUNBUFFERED: "1",
  OMP_NUM_THREADS: "1",
});

// Next's types make NODE_ENV a must of every environment; a helper has no use for it.
export const asProcessEnv = (variables: Record<string, string | undefined>): NodeJS.ProcessEnv => variables as NodeJS.ProcessEnv;
