// Measures what a job queue does with empty jobs: `node measure.mjs PEER URL JOBS`. Tries several
// settings, because the best one depends on the machine, and prints all of them as one line of JSON.

import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";

import pg from "pg";

const PEERS = ["pg-boss", "graphile-worker"];
const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

const [name, url, jobs] = process.argv.slice(2);
if (!PEERS.includes(name) || !url || !(Number(jobs) > 0)) {
  throw new Error(`use: node measure.mjs ${PEERS.join("|")} URL JOBS`);
}
const pinned = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
const peer = await import(`./${name}.mjs`);

/** Jobs per second, from the word to begin until all are done and recorded. */
async function measure(settings, count) {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await database.query(`DROP SCHEMA IF EXISTS ${peer.SCHEMA} CASCADE`);
  await peer.insert(url, count);
  await database.query("VACUUM ANALYZE");
  await database.query("CHECKPOINT");

  const workers = Array.from({ length: settings.processes }, () => new Worker(settings));
  await Promise.all(workers.map((worker) => worker.ready()));
  const begun = performance.now();
  await Promise.all([untilDone(workers, count), ...workers.map((worker) => worker.begin())]);
  await peer.settle(database);
  const seconds = (performance.now() - begun) / 1_000;

  await Promise.all(workers.map((worker) => worker.stop()));
  await peer.check(database, count);
  await database.end();
  return count / seconds;
}

/** Until the workers have executed so many jobs; more would mean that one ran twice. */
function untilDone(workers, count) {
  return new Promise((resolve, reject) => {
    for (const worker of workers) {
      worker.child.on("message", (executed) => {
        worker.executed = executed;
        const all = workers.reduce((sum, each) => sum + each.executed, 0);
        if (all === count) resolve();
        if (all > count) reject(new Error(`${all} of ${count} jobs were executed`));
      });
      worker.child.on("exit", (code) => {
        reject(new Error(`a worker of ${name} ended early with ${code}`));
      });
    }
  });
}

/** A process that has its connections and waits for the word to begin. */
class Worker {
  executed = 0;

  constructor(settings) {
    this.child = fork(WORKER, [name, url, JSON.stringify(settings)]);
  }

  async ready() {
    await once(this.child, "message");
  }

  begin() {
    this.child.send("begin");
  }

  async stop() {
    this.child.removeAllListeners();
    const gone = once(this.child, "exit");
    this.child.send("stop");
    await gone;
  }
}

const trials = [];
for (const settings of peer.SETTINGS) {
  const perSecond = await measure(settings, Number(jobs));
  trials.push({ settings: peer.describe(settings), per_second: perSecond });
}
console.log(JSON.stringify({ version: pinned.dependencies[name], node: process.version, trials }));
