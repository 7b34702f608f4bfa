import http from "node:http";
import { json } from "node:stream/consumers";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.argv[2], max: 20 });
/** Compare and set, and a line of history: what an engine needs at the least. */
const COMMIT = `with moved as (update runs set step = $2, state = $3 where id = $1 and step = $2 - 1 returning id)
  insert into steps select id, $2, $3 from moved`;

const server = http.createServer(async (request, response) => {
  const { id, step, state } = (await json(request)) as { id: number; step: number; state: unknown };
  const { rowCount } = await pool.query({ name: "commit", text: COMMIT, values: [id, step, state] });
  response.writeHead(rowCount === 1 ? 200 : 409).end("{}");
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address ? address.port : 0);
});
process.on("disconnect", () => process.exit(0));
