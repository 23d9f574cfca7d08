class PayError extends Error { constructor(m,o){super(m,o); this.name='PayError'; this.code='E_PAY'; this.details={card:'x', list:[1,2,{a:1}]};} }
function lookup(db,id){ return db.users[id].name }
function charge(x){ try { lookup({},x) } catch(e) { throw new PayError(`charge ${x} failed`,{cause:e}) } }
module.exports={PayError,lookup,charge}
