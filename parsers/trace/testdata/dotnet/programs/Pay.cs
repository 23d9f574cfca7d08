using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks;
namespace SurePay {
  public class DeclinedException : Exception { public DeclinedException(string m, Exception i) : base(m, i) {} public DeclinedException(string m) : base(m) {} }
  public class Box<T> { public class Inner { public U Take<U>(T t, U u, ref int n, int[] a) { throw new ArgumentOutOfRangeException("n", 5, "line one\nline two"); } } }
  class Wallet {
    static Dictionary<string,int> w = new Dictionary<string,int>();
    public Wallet(string s) { if (s == null) throw new ArgumentNullException("s"); }
    static int Balance(string id) { return w[id]; }
    public static void Charge(string id) { try { Balance(id); } catch (Exception e) { throw new DeclinedException("charge of " + id + " failed", e); } }
    public static async Task<int> ChargeAsync(string id) { await Task.Delay(1); return await DebitAsync(id); }
    static async Task<int> DebitAsync(string id) { await Task.Yield(); throw new InvalidOperationException("ledger closed"); }
    public static IEnumerable<int> Rows() { yield return 1; throw new FormatException("row 2"); }
  }
  class Program {
    static int Deep(int n) { return Deep(n + 1) + 1; }
    static void Main(string[] a) {
      switch (a[0]) {
        case "plain": throw new InvalidOperationException("settle failed");
        case "chain": Wallet.Charge("w-4"); break;
        case "three": try { Wallet.Charge("w-4"); } catch (Exception e) { throw new AggregateException("batch", e, new TimeoutException("t")); } break;
        case "generic": int n = 1; new Box<string>.Inner().Take("x", 2L, ref n, null); break;
        case "ctor": new Wallet(null); break;
        case "async": Wallet.ChargeAsync("w-9").Wait(); break;
        case "async2": try { Wallet.ChargeAsync("w-9").GetAwaiter().GetResult(); } catch (Exception e) { Console.WriteLine(e); } break;
        case "agg": Task.WhenAll(Task.Run(() => { throw new TimeoutException("one"); }), Task.Run(() => { Wallet.Charge("w-7"); })).Wait(); break;
        case "iter": Console.WriteLine(Wallet.Rows().Sum()); break;
        case "lambda": new List<int>{1}.ForEach(x => { throw new DivideByZeroException(); }); break;
        case "thread": var t = new Thread(() => { throw new ApplicationException("in thread"); }); t.Name = "settler"; t.Start(); t.Join(); break;
        case "overflow": Deep(0); break;
        case "nomsg": try { throw new DeclinedException(""); } catch (Exception e) { Console.WriteLine(e); } break;
        case "nostack": Console.WriteLine(new DeclinedException("never thrown", new TimeoutException("inner"))); break;
        case "failfast": Environment.FailFast("ledger corrupt"); break;
        case "trace": try { Wallet.Charge("w-4"); } catch (Exception e) { Console.WriteLine("2026-11-22 05:30:12,007 [1] ERROR SurePay.Api - charge failed: " + e.Message + "\n" + e.StackTrace); } break;
        case "dump": Console.WriteLine(Environment.StackTrace); break;
      }
    }
  }
}
