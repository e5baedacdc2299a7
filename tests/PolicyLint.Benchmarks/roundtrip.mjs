// {"id","sql","printed"} lines -> pairs of which PostgreSQL does not make the same tree, positions left out, then a count.
// Runs in the oracle's folder, which has libpg-query. Its own `roundtrip` takes name_location of JSON_TABLE's paths for a part of the tree.
import pg from 'libpg-query';
import { createInterface } from 'node:readline';

const isPosition = key => /(^|_)location$|^stmt_len$|^(rexpr_)?list_(start|end)$/.test(key);
const tree = sql => JSON.stringify(pg.parseSync(sql).stmts ?? [], (key, value) => isPosition(key) ? undefined : value);

await pg.loadModule();
let agree = 0, differ = 0, refused = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { id, sql, printed } = JSON.parse(line);
  let expected, actual;
  try { expected = tree(sql); } catch { refused++; continue; }
  try { actual = tree(printed); } catch (e) { actual = e.message; }
  if (actual === expected) { agree++; continue; }
  if (differ++ < 50) console.log(JSON.stringify({ id, sql, printed, why: actual.startsWith('[') ? 'another tree' : actual }));
}
console.log(`${agree} agree, ${differ} differ, ${refused} refused by PostgreSQL`);
process.exitCode = differ ? 1 : 0;
