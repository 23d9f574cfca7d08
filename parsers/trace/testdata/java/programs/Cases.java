package com.acme.pay;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
public class Cases {
  public static class Declined extends RuntimeException { public Declined(String m, Throwable c){super(m,c);} public Declined(String m){super(m);} }
  public static class NoMsg extends RuntimeException {}
  static void debit(String w, long n){ if(n<0) throw new IllegalArgumentException("negative amount: "+n+" for wallet "+w); }
  static void transfer(String a,String b,long n){ try{ debit(a,n);}catch(IllegalArgumentException e){ throw new Declined("transfer "+a+" -> "+b+" refused", e);} }
  public interface Case { void run() throws Throwable; }
  public static final Map<String,Case> ALL = new LinkedHashMap<>();
  static class Res implements AutoCloseable { String n; Res(String n){this.n=n;} public void close() throws Exception { try { throw new java.io.IOException("flush "+n);} catch(java.io.IOException e){ Exception x=new IllegalStateException("close "+n, e); x.addSuppressed(new Declined("inner supp of "+n, new java.sql.SQLException("dead "+n))); throw x; } } }
  static void supp() throws Exception { try(Res a=new Res("a"); Res b=new Res("b")) { transfer("w-1","w-2",-5); } }
  static { 
    ALL.put("plain", () -> debit("w-1",-3));
    ALL.put("chain", () -> transfer("w-1","w-2",-3));
    ALL.put("supp", () -> supp());
    ALL.put("suppcause", () -> { try { supp(); } catch(Exception e) { throw new Declined("outermost", new Declined("middle", e)); } });
    ALL.put("circ", () -> { Exception a=new Exception("a"); Exception b=new Exception("b",a); a.initCause(b); throw a; });
    ALL.put("multi", () -> { throw new java.sql.SQLException("bad SQL grammar [\n  select *\n    from wallet\n\n   where id = ?\n]; nested exception is:\n  dup key\n\tat the end\nCaused by: the user\n    at someplace (x)\nDetail: (1)\n"); });
    ALL.put("fakeframes", () -> { throw new Declined("remote said:\njava.lang.IllegalStateException: fake\n\tat fake.Frame.x(Fake.java:1)\n\tat fake.Frame.y(Fake.java:2)\nCaused by: java.lang.Error: fake2\n\tat fake.Frame.z(Fake.java:3)\n\t... 2 more"); });
    ALL.put("xml", () -> { throw new Declined("bad body: <?xml version=\"1.0\"?>\n<err>\n  <code>7</code>\n</err>"); });
    ALL.put("json", () -> { throw new Declined("400 BAD: {\n  \"error\": \"java.lang.Error: no\",\n  \"trace\": []\n}"); });
    ALL.put("nomsg", () -> { throw new NoMsg(); });
    ALL.put("nostack", () -> { Exception e = new NullPointerException(); e.setStackTrace(new StackTraceElement[0]); throw e; });
    ALL.put("lambda", () -> { Function<Integer,Integer> f = x -> { debit("w",-x); return x;}; List.of(1,2).stream().map(f).forEach(x->{}); });
    ALL.put("future", () -> { CompletableFuture.supplyAsync(() -> { transfer("x","y",-9); return 1;}).get(); });
    ALL.put("npe", () -> { Object[] o = new Object[1]; o[0].hashCode(); });
    ALL.put("ref", () -> { Cases.class.getDeclaredMethod("transfer", String.class,String.class,long.class).invoke(null,"a","b",-1L); });
    ALL.put("proxy", () -> { Runnable r=(Runnable)java.lang.reflect.Proxy.newProxyInstance(Cases.class.getClassLoader(), new Class[]{Runnable.class}, (p,m,a)->{ debit("p",-1); return null;}); r.run(); });
    ALL.put("blankmsg", () -> { throw new Declined("first\n\n\nlast"); });
    ALL.put("emptymsg", () -> { throw new Declined(""); });
    ALL.put("trailnl", () -> { throw new Declined("ends with newline\n"); });
    ALL.put("leadnl", () -> { throw new Declined("\nstarts with newline"); });
    ALL.put("so", () -> deep(0));
    ALL.put("loadermod", () -> { Class.forName("com.acme.Missing"); });
    ALL.put("tostr", () -> { throw new RuntimeException("x"){ public String toString(){ return "I am odd"; } }; });
  }
  static int deep(int n){ return deep(n+1)+1; }
}
