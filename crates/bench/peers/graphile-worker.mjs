// graphile-worker at its best: the settings of its own performance page (a local queue, completions in
// batches, concurrency 24) and some around them, in one or several processes.

import { setTimeout as pause } from "node:timers/promises";

import { Logger, makeWorkerUtils, run, runMigrations } from "graphile-worker";

export const SCHEMA = "graphile_worker";
export const SETTINGS = [
  { processes: 1, concurrency: 24, queue: 500 },
  { processes: 1, concurrency: 200, queue: 5_000 },
  { processes: 2, concurrency: 100, queue: 2_000 },
  { processes: 2, concurrency: 200, queue: 5_000 },
  { processes: 4, concurrency: 24, queue: 500 },
];

const TASK = "empty";
const INSERTED_AT_ONCE = 10_000;
/** All processes together stay below what the server takes. */
const MOST_CONNECTIONS = 25;
const TELL_EVERY_MS = 5;
const LOOK_EVERY_MS = 2;

const logger = new Logger(() => (level, message) => {
  if (level === "error") console.error(message);
});

export function describe({ processes, concurrency, queue }) {
  return `processes: ${processes}, concurrency of each: ${concurrency}, local queue: ${queue}`;
}

export async function insert(url, count) {
  await runMigrations({ connectionString: url, logger });
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  for (let made = 0; made < count; made += INSERTED_AT_ONCE) {
    const length = Math.min(INSERTED_AT_ONCE, count - made);
    await utils.addJobs(Array.from({ length }, () => ({ identifier: TASK, payload: {} })));
  }
  await utils.release();
}

export async function worker(url, { concurrency, queue }, tell) {
  let executed = 0;
  let told = 0;
  let runner;
  const teller = setInterval(() => {
    if (executed === told) return;
    told = executed;
    tell(told);
  }, TELL_EVERY_MS);
  return {
    async begin() {
      runner = await run({
        preset: {
          worker: {
            connectionString: url,
            concurrentJobs: concurrency,
            maxPoolSize: MOST_CONNECTIONS,
            localQueue: { size: queue },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
            logger,
          },
        },
        noHandleSignals: true,
        taskList: {
          [TASK]: () => {
            executed += 1;
          },
        },
      });
    },
    async end() {
      clearInterval(teller);
      await runner.stop();
    },
  };
}

/** The last batch of completions may still be on its way. */
export async function settle(database) {
  while ((await waiting(database)) > 0) await pause(LOOK_EVERY_MS);
}

export async function check(database) {
  const left = await waiting(database);
  if (left !== 0) throw new Error(`${left} jobs are left`);
}

async function waiting(database) {
  const { rows } = await database.query(
    "SELECT COUNT(*)::int AS waiting FROM graphile_worker._private_jobs",
  );
  return rows[0].waiting;
}
