using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
namespace Acme.Pay {
  public class DeclinedException : Exception { public DeclinedException(string m, Exception i=null):base(m,i){} }
  public class Box<T> { public class In<U> { public void Put<V>(T t, U u, ref int n, out string s, params V[] vs) { s=""; throw new ArgumentNullException("u"); } } 
    public static Box<T> operator +(Box<T> a, Box<T> b) { throw new NotSupportedException("plus"); }
    public T this[int i] { get { throw new IndexOutOfRangeException(); } } }
  public struct Money { public static implicit operator Money(string s) { throw new FormatException("Input string was not in a correct format."); } }
  public class Ledger {
    static Ledger() { if (Program.Boom) throw new InvalidOperationException("static"); }
    public event Action Ev { add { throw new Exception("add"); } remove {} }
    public async Task<int> DebitAsync(string id) { await Task.Delay(1); throw new DeclinedException("no funds\nfor " + id, new TimeoutException("ledger\n   at nothing real")); }
    public async Task Outer() { try { await DebitAsync("w1"); } catch (Exception e) { throw new InvalidOperationException("settle failed", e); } }
    public IEnumerable<int> Iter() { yield return 1; throw new Exception("iter"); }
    public int Rec(int n) { return Rec(n+1)+1; }
    public int A(int n) { return B(n+1)+1; } public int B(int n) { return A(n+1)+1; }
  }
  public static class Ext { public static void Do(this Ledger l, Dictionary<string, List<int?>> d, int[,] m, Func<int,string> f) { Action a = () => { Action b = delegate { throw new KeyNotFoundException("k"); }; b(); }; a(); } }
  public class Program {
    public static bool Boom;
    public static void Main(string[] a) {
      switch (a[0]) {
        case "plain": throw new DeclinedException("no funds");
        case "nomsg": throw new DeclinedException("");
        case "async": new Ledger().Outer().GetAwaiter().GetResult(); break;
        case "wait": new Ledger().Outer().Wait(); break;
        case "agg": Task.WaitAll(Task.Run(() => new Ledger().Outer()), Task.Run(() => { throw new ArgumentException("two", "p"); }), Task.Run(() => { throw new AggregateException("nested", new Exception("x"), new Exception("y")); })); break;
        case "flat": try { Task.WaitAll(Task.Run(() => new Ledger().Outer()), Task.Run(() => { throw new AggregateException("nested", new Exception("x"), new Exception("y")); })); } catch (AggregateException e) { Console.WriteLine(e.Flatten()); } break;
        case "edi": ExceptionDispatchInfo edi=null; try { new Ledger().Outer().Wait(); } catch (Exception e) { edi = ExceptionDispatchInfo.Capture(e.InnerException); } try { edi.Throw(); } catch (Exception e) { Console.WriteLine(e); } edi.Throw(); break;
        case "generic": string s; int n=0; new Box<string>.In<List<int>>().Put<object>("a", null, ref n, out s); break;
        case "op": var b = new Box<int>() + new Box<int>(); break;
        case "conv": Money m = "x"; break;
        case "cctor": Boom = true; new Ledger().Rec(1); break;
        case "iter": foreach (var x in new Ledger().Iter()) {} break;
        case "linq": new[]{1,2}.Select(x => x/ (x-1)).OrderBy(x=>x).ToList(); break;
        case "ext": new Ledger().Do(null, null, null); break;
        case "event": new Ledger().Ev += () => {}; break;
        case "so": new Ledger().Rec(1); break;
        case "so2": new Ledger().A(1); break;
        case "failfast": Environment.FailFast("ledger is corrupt\nsecond line"); break;
        case "failfast2": Environment.FailFast("ledger is corrupt", new DeclinedException("inner", new Exception("deep"))); break;
        case "av": unsafe { int* p = (int*)1; *p = 3; } break;
        case "nre": string z = null; Console.WriteLine(z.Length); break;
        case "thread": var t = new Thread(() => { throw new DeclinedException("in thread"); }); t.Name="worker-1"; t.Start(); t.Join(); break;
        case "reflect": typeof(Ledger).GetMethod("Rec").Invoke(null, new object[]{1}); break;
        case "reflect2": typeof(Program).GetMethod("Bad").Invoke(null, null); break;
        case "rethrow": try { throw new DeclinedException("a"); } catch (Exception) { throw; }
        case "data": var de = new DeclinedException("with data"); de.Data["user"]="bob"; throw de;
        case "trace": try { Bad(); } catch (Exception e) { Console.WriteLine(e.Message); Console.WriteLine(e.StackTrace); } break;
        case "envtrace": Console.WriteLine(Environment.StackTrace); break;
        case "lazy": var lz = new Lazy<int>(() => { throw new Exception("lz"); }); Console.WriteLine(lz.Value); break;
        case "cancel": Task.Delay(1000, new CancellationToken(true)).GetAwaiter().GetResult(); break;
        case "file": System.IO.File.ReadAllText("/no/such"); break;
        case "sock": new System.Net.Sockets.TcpClient("127.0.0.1", 1); break;
        case "asyncvoid": AV(); Thread.Sleep(500); break;
        case "assert": System.Diagnostics.Debug.Fail("bad state", "details here"); System.Diagnostics.Trace.Fail("bad state", "details here"); break;
        case "dyn": System.Linq.Expressions.Expression<Func<int,int>> ex = x => 1/x; ex.Compile()(0); break;
        case "uncaughttask": Task.Run(() => { throw new Exception("lost"); }); Thread.Sleep(100); GC.Collect(); break;
        case "null": throw null;
        case "local": { Func<int,int> f = x => { if (x>1) throw new Exception("lambda"); return x; }; f(2); } break;
      }
    }
    static async void AV() { await Task.Delay(1); throw new DeclinedException("async void"); }
    public static void Bad() { throw new DeclinedException("bad"); }
  }
}
