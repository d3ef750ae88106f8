// How many empty jobs graphile-worker claims and completes in a second: jobs are fetched into a
// local queue and completed in batches, as its page on performance advises for throughput.
// Use: node graphile_worker.mjs DATABASE_URL JOBS
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const [url, wanted] = process.argv.slice(2);
const jobs = Number(wanted);
const silent = new Logger(() => () => {});

const utils = await makeWorkerUtils({ connectionString: url, logger: silent });
await utils.migrate();
for (let made = 0; made < jobs; made += 5000) {
  const count = Math.min(5000, jobs - made);
  await utils.addJobs(Array.from({ length: count }, () => ({ identifier: 'nothing', payload: {} })));
}
await utils.release();

let done = 0;
let finish;
const finished = new Promise((resolve) => {
  finish = resolve;
});
const pool = new pg.Pool({ connectionString: url, max: 8 });
const ignore = () => {};
pool.on('error', ignore);
pool.on('connect', (client) => client.on('error', ignore));
const preset = {
  worker: {
    concurrentJobs: 256,
    maxPoolSize: 8,
    localQueue: { size: 2000 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};
const begun = process.hrtime.bigint();
const runner = await run({
  preset,
  pgPool: pool,
  logger: silent,
  noHandleSignals: true,
  taskList: {
    nothing: () => {
      done += 1;
      if (done === jobs) {
        finish();
      }
    },
  },
});
await finished;
// A job counts once its completion is stored.
for (;;) {
  const { rows } = await pool.query('SELECT COUNT(*)::INT AS open FROM graphile_worker.jobs');
  if (rows[0].open === 0) {
    break;
  }
}
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
await runner.stop();
await pool.end();
console.log(JSON.stringify({ jobs, seconds }));
process.exit(0);
