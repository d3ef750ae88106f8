// pg-boss at its best: batches are fetched and completed by several loops in several processes, and
// nothing else runs: no maintenance, no monitoring, no tracing.

import { PgBoss } from "pg-boss";

export const SCHEMA = "pgboss";
export const SETTINGS = [
  { processes: 1, loops: 4, batch: 5_000 },
  { processes: 2, loops: 2, batch: 1_000 },
  { processes: 2, loops: 2, batch: 5_000 },
  { processes: 2, loops: 1, batch: 10_000 },
  { processes: 4, loops: 1, batch: 5_000 },
];

const QUEUE = "empty";
const INSERTED_AT_ONCE = 10_000;

export function describe({ processes, loops, batch }) {
  return `processes: ${processes}, connections of each: ${loops}, batch: ${batch}`;
}

export async function insert(url, count) {
  const boss = open(url, { max: 2, migrate: true });
  await boss.start();
  await boss.createQueue(QUEUE);
  for (let made = 0; made < count; made += INSERTED_AT_ONCE) {
    const length = Math.min(INSERTED_AT_ONCE, count - made);
    await boss.insert(QUEUE, Array.from({ length }, () => ({})));
  }
  await boss.stop({ graceful: false });
}

export async function worker(url, { loops, batch }, tell) {
  const boss = open(url, { max: loops, migrate: false });
  await boss.start();
  let executed = 0;

  async function loop() {
    for (;;) {
      const jobs = await boss.fetch(QUEUE, { batchSize: batch });
      if (jobs.length === 0) return;
      await boss.complete(QUEUE, jobs.map((job) => job.id));
      executed += jobs.length;
    }
  }

  return {
    async begin() {
      await Promise.all(Array.from({ length: loops }, loop));
      tell(executed);
    },
    end: () => boss.stop({ graceful: false }),
  };
}

/** What was told to be executed is recorded already. */
export async function settle() {}

export async function check(database, count) {
  const { rows } = await database.query(
    "SELECT COUNT(*)::int AS completed FROM pgboss.job WHERE name = $1 AND state = 'completed'",
    [QUEUE],
  );
  if (rows[0].completed !== count) throw new Error(`${rows[0].completed} of ${count} are completed`);
}

function open(url, settings) {
  const boss = new PgBoss({
    connectionString: url,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    ...settings,
  });
  boss.on("error", (error) => {
    throw error;
  });
  return boss;
}
