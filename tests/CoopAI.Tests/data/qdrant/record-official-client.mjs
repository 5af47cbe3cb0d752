// Records what Qdrant's official JavaScript client sends for each operation of the adapter, into recorded-requests.json beside this file.
// Run it when an operation changes:  npm ci && node tests/CoopAI.Tests/data/qdrant/record-official-client.mjs
// The arguments are those of QdrantWireTests.Operations in C#; the test there compares method, path, query and body.
import http from "node:http";
import { writeFileSync } from "node:fs";
import { QdrantClient } from "@qdrant/js-client-rest";

const seen = [];
let agent;
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    agent = request.headers["user-agent"];
    const [path, query = ""] = request.url.split("?");
    const text = Buffer.concat(chunks).toString("utf8");
    seen.push({ method: request.method, path, query, key: request.headers["api-key"] ?? null, body: text ? JSON.parse(text) : null });
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"result":true,"status":"ok","time":0,"title":"recorder","version":"1.18.0"}');
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
console.warn = () => {}; // the client warns of a key without TLS; here it never leaves this machine
const client = new QdrantClient({ url: `http://127.0.0.1:${server.address().port}`, apiKey: "the-key", checkCompatibility: false });

const name = "coopai-20260131T120000";
const mark = { product: "CoopAI", schema: 1, model: "test-model", dimension: 2, state: "building" };
const hidden = { key: "staged", match: { value: true } };
const firstOnes = { must: [{ key: "ordinal", match: { value: 0 } }], must_not: [hidden] };
const filter = {
  must: [
    { key: "match.principles", match: { any: ["CO-PRODUCTION"] } },
    { key: "match.councils", match: { any: ["OLDHAM", "KIRKLEES"] } },
    { key: "year", range: { gte: 2019, lte: 2022 } },
    { key: "match.kind", match: { any: ["PROJECT"] } },
    { key: "match.topics", match: { any: ["HOUSING"] } },
  ],
  must_not: [hidden],
};
const generation = "dfb8dbc3f5f9e4f2a8a2b5a0bb7a9ab3";
const payload = (ordinal, generation) => ({
  product: "CoopAI", schema: 1, model: "test-model", generation,
  slug: "é", passage: `é#${ordinal}`, ordinal, year: 2021, kind: "project", principles: ["co-production"],
  councils: ["Oldham", "Kirklees"], topics: [],
  match: { kind: "PROJECT", principles: ["CO-PRODUCTION"], councils: ["OLDHAM", "KIRKLEES"], topics: [] },
});
const ranking = (query, using) => ({ query, using, filter, params: { exact: true }, limit: 66, with_payload: ["product", "slug", "passage"] });

// Made by the adapter and copied, so that a change of either shows. The ids are version 5 of "é#0" and "é#1" in the namespace cad18f49-635d-5117-b0fe-1b3b89f4065b.
const ids = { generation: "53868c448d12cad84fdb3d2b2a42ee9b", points: ["ca48af5f-32e3-5f3f-ad99-e00e89736a5d", "84c2a603-5409-5f94-844d-a66e81450007"] };

const operations = {
  version: () => client.versionInfo(),
  ready: () => client.api().readyz({}),
  "list collections": () => client.getCollections(),
  "get collection": () => client.getCollection(name),
  "create collection": () => client.createCollection(name, {
    vectors: { dense: { size: 2, distance: "Dot" } }, sparse_vectors: { lexical: {} },
    shard_number: 2, replication_factor: 3, write_consistency_factor: 2, on_disk_payload: false, metadata: mark,
  }),
  "set metadata": () => client.updateCollection(name, { metadata: { ...mark, state: "ready" } }),
  "delete collection": () => client.deleteCollection(name),
  "create index": () => client.createPayloadIndex(name, { wait: true, field_name: "match.principles", field_schema: "keyword" }),
  "list aliases": () => client.getAliases(),
  "move aliases": () => client.updateCollectionAliases({ actions: [
    { delete_alias: { alias_name: "coopai" } },
    { create_alias: { alias_name: "coopai", collection_name: name } },
    { create_alias: { alias_name: "coopai-previous", collection_name: "coopai-20260130T120000" } },
  ] }),
  "write batch": () => client.batchUpdate(name, { wait: true, operations: [
    { upsert: { points: [
      { id: ids.points[0], vector: { dense: [0.5, -0.25], lexical: { indices: [3, 4294967295], values: [1.5, 0.75] } }, payload: payload(0, ids.generation) },
      { id: ids.points[1], vector: { dense: [1, 0] }, payload: payload(1, ids.generation) },
    ] } },
    { delete: { filter: { must: [{ key: "slug", match: { any: ["é"] } }], must_not: [{ key: "generation", match: { any: [ids.generation] } }] } } },
  ] }),
  "publish staged": () => client.batchUpdate(name, { wait: true, operations: [
    { delete_payload: { keys: ["staged"], filter: { must: [{ key: "slug", match: { any: ["é"] } }, { key: "generation", match: { any: [generation] } }] } } },
    { delete: { filter: { must: [{ key: "slug", match: { any: ["é"] } }], must_not: [{ key: "generation", match: { any: [generation] } }] } } },
  ] }),
  "delete case studies": () => client.delete(name, { wait: true, filter: { must: [{ key: "slug", match: { any: ["a", "é"] } }] } }),
  search: () => client.queryBatch("coopai", { searches: [ranking([0.5, -0.25], "dense"), ranking({ indices: [3, 9], values: [1.5, 0.75] }, "lexical")] }),
  "list case studies": () => client.scroll(name, {
    limit: 1000, offset: "6ba7b811-9dad-51d1-80b4-00c04fd430c8", filter: firstOnes, with_payload: ["slug", "generation"], with_vector: false,
  }),
  "count case studies": () => client.count(name, { filter: firstOnes, exact: true }),
  "count generation": () => client.count(name, {
    filter: { must: [{ key: "slug", match: { any: ["é"] } }, { key: "generation", match: { any: [generation] } }], must_not: [hidden] }, exact: true,
  }),
  facet: () => client.facet(name, { key: "principles", limit: 100, filter: { must: [firstOnes.must[0], ...filter.must], must_not: [hidden] }, exact: true }),
  "create snapshot": () => client.createSnapshot(name, { wait: true }),
  "list snapshots": () => client.listSnapshots(name),
};

const recorded = {};
for (const [operation, send] of Object.entries(operations)) {
  seen.length = 0;
  await send();
  if (seen.length !== 1) throw new Error(`${operation}: ${seen.length} requests instead of one`);
  recorded[operation] = seen[0];
}
server.close();
writeFileSync(new URL("recorded-requests.json", import.meta.url), JSON.stringify({
  note: `What @qdrant/js-client-rest (Apache-2.0; it calls itself ${agent}) sent to a recording server; made by record-official-client.mjs. Requests only, no text of the client.`,
  requests: recorded,
}, null, 1) + "\n");
process.exit(0);
