export class PayError extends Error { code='E_PAY'; constructor(m:string,o?:any){super(m,o); this.name='PayError'} }
export function lookup(db:any,id:any){ return db.users[id].name }
export function charge(x:any){ try { lookup({},x) } catch(e) { throw new PayError(`charge ${x} failed`,{cause:e}) } }
