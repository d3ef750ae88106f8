// One process of a peer: connects, says that it is ready, works when told, and tells how many jobs it
// has executed.

import process from "node:process";

const [name, url, settings] = process.argv.slice(2);
const peer = await import(`./${name}.mjs`);
const worker = await peer.worker(url, JSON.parse(settings), (executed) => process.send(executed));

process.on("message", async (word) => {
  if (word === "begin") {
    await worker.begin();
  } else {
    await worker.end();
    process.disconnect();
  }
});
process.send("ready");
