class PaymentError extends Error { constructor(m: string, public userId: number) { super(m); this.name = 'PaymentError' } }
function transfer(n: number): never { throw new PaymentError('no sender for ' + n, 8912) }
async function main() { await null; try { transfer(900) } catch (e) { console.error('transfer failed', e) } ; transfer(5) }
main()
const x: number = 'a';
