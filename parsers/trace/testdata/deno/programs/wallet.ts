class InsufficientFunds extends Error { code = 'E_FUNDS'; constructor(m: string, o?: any) { super(m, o); this.name = 'InsufficientFunds'; } }
class Bare extends Error {}
function lookup(db: any, id: number) { return db.users[id].name; }
function charge(db: any, id: number) { return lookup(db, id); }
function chained() { try { charge({}, 7); } catch (e) { throw new InsufficientFunds('wallet 7 is empty', { cause: e }); } }
function three() { try { chained(); } catch (e) { throw new Error('batch 77 failed', { cause: e }); } }
async function load(id: number) { await null; throw new TypeError('ledger ' + id + ' is locked'); }
const c = (globalThis as any).Bun ? Bun.argv[2] : (globalThis as any).Deno.args[0];
if (c === 'uncaught') charge({}, 7);
if (c === 'chained') chained();
if (c === 'three') three();
if (c === 'rejection') await load(7);
if (c === 'floating') { load(8); await new Promise((r) => setTimeout(r, 50)); }
if (c === 'bare') { throw new Bare('no such wallet'); }
if (c === 'string') { throw 'plain text'; }
if (c === 'object') { throw { code: 51, reason: 'declined' }; }
if (c === 'multiline') { throw new Error('line one\n  line two\n\nline four'); }
if (c === 'aggregate') { await Promise.any([load(1), load(2)]); }
if (c === 'console') { console.log('batch 77 start'); try { three(); } catch (e) { console.error('settle failed:', e); } console.log('batch 78 start'); }
if (c === 'two') { for (const f of [chained, () => charge({}, 1)]) try { f(); } catch (e) { console.error(e); } console.log('done'); }
if (c === 'syntax') { new Function('return }')(); }
if (c === 'enoent') { const fs = await import('node:fs'); fs.readFileSync('/srv/none'); }
if (c === 'deep') { const f = (n: number): number => f(n + 1) + 1; f(0); }
