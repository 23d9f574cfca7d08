class Wallet { static debit(w) { if (w == 'w-404') throw new IllegalStateException("wallet $w is short") ; w.foo() } 
  static charge(w) { try { debit(w) } catch (e) { throw new RuntimeException("charge failed", e) } } }
println "batch 77 start"
['w-404'].each { Wallet.charge(it) }
