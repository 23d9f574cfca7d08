package com.acme.pay
import kotlinx.coroutines.*
class Declined(m: String): RuntimeException(m)
class Wallet { fun debit(w: String): Int { if (w == "w-404") throw Declined("wallet $w is short") ; return w.toInt() } 
  suspend fun charge(w: String): Int { delay(5); return debit(w) } }
fun `adds two numbers`() { listOf("w-404").map { Wallet().debit(it) } }
fun main(a: Array<String>) { println("batch 77 start")
  when (a[0]) { "plain" -> `adds two numbers`()
   "co" -> runBlocking { val d = async { Wallet().charge("w-404") }; d.await() }
   "launch" -> { val s = CoroutineScope(Dispatchers.Default); val j = s.launch { Wallet().charge("w-404") }; runBlocking { j.join() } } 
   "scope" -> runBlocking { try { coroutineScope { launch { Wallet().charge("w-404") }; launch { delay(1); throw IllegalStateException("other") } } } catch (e: Exception) { e.printStackTrace(); println("POST /pay 200") } } } }
