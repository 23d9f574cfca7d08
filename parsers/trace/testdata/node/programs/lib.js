class DeclinedError extends Error { constructor(m, o) { super(m, o); this.name = 'DeclinedError'; this.code = 'E_DECLINED'; this.wallet = { id: 8912, cents: 85, tags: ['a', 'b'] }; } }
class NoName extends Error {}
function debit(w) { if (w === 'w-2') throw new DeclinedError(`wallet ${w} is short of 85 cents`); return w.x.y; }
function charge(w) { try { debit(w); } catch (e) { throw new Error(`charge of ${w} failed`, { cause: e }); } }
async function chargeAsync(w) { await null; return charge(w); }
module.exports = { DeclinedError, NoName, debit, charge, chargeAsync };
