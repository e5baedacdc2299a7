// {"id","sql","kinds"|"error"} lines of functions and DO blocks -> where the kinds differ from those of PostgreSQL's own PL/pgSQL parser.
// Runs in the oracle's folder, which has libpg-query. NULL statements are left out: PostgreSQL keeps none. What it adds itself has no line.
import pg from 'libpg-query';
import { createInterface } from 'node:readline';

const kinds = (node, found = []) => {
  if (!node || typeof node !== 'object') return found;
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('PLpgSQL_stmt_') && value.lineno) found.push(key.slice('PLpgSQL_stmt_'.length));
    kinds(value, found);
  }
  return found;
};

await pg.loadModule();
let agree = 0, differ = 0, bothRefuse = 0, statements = 0;
const refused = new Map();
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { id, sql, kinds: ours, error } = JSON.parse(line);
  let theirs;
  try {
    theirs = pg.parsePlPgSQLSync(sql).plpgsql_funcs.map(f => kinds(f.PLpgSQL_function.action).join(' ')).join(' | ');
  } catch (e) {
    if (error) bothRefuse++;
    else refused.set(e.message, (refused.get(e.message) ?? 0) + 1);
    continue;
  }
  if (theirs === ours) {
    agree++;
    statements += ours ? ours.split(' ').length : 0;
    continue;
  }
  if (differ++ < 20) console.log(JSON.stringify({ id, ours: ours ?? error, theirs, sql }));
}
for (const [message, count] of [...refused].sort((a, b) => b[1] - a[1])) console.log(`${String(count).padStart(5)} refused by PostgreSQL alone: ${message}`);
console.log(`${agree} bodies agree (${statements} statements), ${differ} differ, ${bothRefuse} refused by both`);
process.exitCode = differ ? 1 : 0;
