package acme
import scala.concurrent._, scala.concurrent.duration._
import ExecutionContext.Implicits.global
case class Declined(w: String, cause: Throwable) extends Exception(s"declined $w", cause)
object Main {
  def debit(w: String, n: Int): Int = if (n < 0) throw new IllegalArgumentException(s"negative $n") else n
  def main(a: Array[String]): Unit = a(0) match {
    case "map" => List(1, -2).map(n => debit("w", n)).foreach(println)
    case "match" => (3: Any) match { case s: String => println(s) }
    case "future" => Await.result(Future { try debit("w", -1) catch { case e: Exception => throw Declined("w-1", e) } }, 5.seconds)
    case "opt" => println(None.get)
    case "lazy" => { lazy val x: Int = debit("l", -4); println(x) }
    case "onfail" => Future { debit("z", -9) }.failed.foreach(_.printStackTrace()); Thread.sleep(300); global.execute(() => sys.error("in pool")); Thread.sleep(300)
  }
}
