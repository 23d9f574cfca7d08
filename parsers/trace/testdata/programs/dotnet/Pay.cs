// Crashes as its argument says.
using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Acme.Pay {
    class PaymentException : Exception {
        public PaymentException(string message, Exception inner) : base(message, inner) {}
    }

    static class Program {
        static int Charge(int amount) {
            if (amount < 0) throw new ArgumentOutOfRangeException("amount", amount, "is below zero");
            return 100 / amount;
        }

        static int Pay(int amount) {
            try { return Charge(amount); }
            catch (Exception e) { throw new PaymentException("card was not charged", e); }
        }

        static int Descend(int n) { return n == 0 ? Charge(-1) : 1 + Descend(n - 1); }

        static async Task<int> PayLater(int amount) {
            await Task.Yield();
            return Pay(amount);
        }

        static void Main(string[] args) {
            switch (args[0]) {
                case "uncaught": Charge(-3); break;
                case "chained": Pay(0); break;
                case "multiline": throw new PaymentException("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header", null);
                case "recursion": Descend(40); break;
                case "thread":
                    var t = new Thread(() => Pay(-1)) { Name = "worker-7" };
                    t.Start();
                    t.Join();
                    break;
                case "tasks": Task.WaitAll(PayLater(0), PayLater(-2)); break;
                case "logged":
                    Trace.Listeners.Add(new TextWriterTraceListener(Console.Error));
                    try { Pay(0); }
                    catch (PaymentException e) { Trace.TraceError("order 77 was lost: {0}", e); }
                    Trace.TraceWarning("one more order waits");
                    Trace.Flush();
                    break;
            }
        }
    }
}
