// How many empty jobs pg-boss claims and completes in a second. Jobs are fetched and completed in
// large batches by several loops, each batch one statement: the fastest use of its interface.
// Use: node pg_boss.mjs DATABASE_URL JOBS
import PgBoss from 'pg-boss';

const [url, wanted] = process.argv.slice(2);
const jobs = Number(wanted);
const QUEUE = 'burst';
const BATCH = 10_000;
const LOOPS = 2;

const boss = new PgBoss({ connectionString: url, max: 8, supervise: false, schedule: false });
await boss.start();
await boss.createQueue(QUEUE);
for (let made = 0; made < jobs; made += 5000) {
  const count = Math.min(5000, jobs - made);
  await boss.insert(Array.from({ length: count }, () => ({ name: QUEUE, data: {} })));
}

let done = 0;
async function drain() {
  for (;;) {
    const batch = await boss.fetch(QUEUE, { batchSize: BATCH });
    if (batch.length === 0) {
      return;
    }
    await boss.complete(
      QUEUE,
      batch.map((job) => job.id),
    );
    done += batch.length;
  }
}

const begun = process.hrtime.bigint();
await Promise.all(Array.from({ length: LOOPS }, drain));
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
await boss.stop({ graceful: false });
if (done !== jobs) {
  throw new Error(`${done} of ${jobs} jobs were completed`);
}
console.log(JSON.stringify({ jobs, seconds }));
process.exit(0);
