package com.acme.pay;
import java.util.*;
public class Kit {
  public static class Declined extends RuntimeException { public Declined(String m){super(m);} public Declined(String m, Throwable c){super(m,c);} }
  public static class NoMsg extends RuntimeException { public NoMsg(){super((String)null);} NoMsg(Throwable t){super(null,t);} }
  static class Res implements AutoCloseable { String n; Res(String n){this.n=n;} public void close(){ throw new IllegalStateException("close failed: "+n, new java.io.IOException("pipe "+n)); } }
  public static void debit(String w){ if(w.startsWith("w-4")) throw new Declined("wallet "+w+" is short of 85 cents"); Integer.parseInt(w); }
  public static void charge(String w){ try { debit(w); } catch(RuntimeException e){ throw new IllegalStateException("charge of "+w+" failed", e); } }
  public static void send(String w){ try { charge(w); } catch(RuntimeException e){ throw new RuntimeException("POST /pay\nuser: 8912\n\n  Detail: none", e); } }
  static void zeroCause(){ try { throw new NoMsg(); } catch(RuntimeException e){ throw new NoMsg(e); } }
  static Throwable inline(){ try { charge("w-4"); return null; } catch(Throwable t){ return t; } }
  static void suppressed() throws Exception { try (Res a=new Res("db"); Res b=new Res("cache")) { charge("w-404"); } }
  static void circular(){ Exception a=new Exception("a"); Exception b=new Exception("b",a); a.initCause(b); throw new RuntimeException("loop", a); }
  static int deep(int n){ return deep(n+1)+1; }
  static void noFrames(){ Declined d=new Declined("no frames here"); d.setStackTrace(new StackTraceElement[0]); throw d; }
  static void fakeMsg(){ throw new Declined("bad script:\n\tat fake.Frame.x(Fake.java:1)\nCaused by: not really\nlast line"); }
  static void mail(){ throw new Declined("Sending failed;\n  nested exception is:\n\tjava.net.ConnectException: Connection refused (Connection refused)", new java.net.ConnectException("Connection refused")); }
  static void manySupp(){ RuntimeException r=new RuntimeException("batch"); for(int i=0;i<3;i++){ RuntimeException s=new RuntimeException("item "+i, new IllegalArgumentException("bad "+i)); s.addSuppressed(new NoMsg()); r.addSuppressed(s);} r.initCause(new Declined("root")); throw r; }
  static class Trunc extends RuntimeException { Trunc(){ super("toString differs"); } public String toString(){ return "Weird! "+getMessage(); } }
  public static void run(String c) throws Exception { switch(c){
    case "send": send("w-404"); case "zero": zeroCause(); case "supp": suppressed(); case "circ": circular(); case "deep": deep(0); case "noframes": noFrames();
    case "fake": fakeMsg(); case "mail": mail(); case "many": manySupp(); case "tostring": throw new Trunc(); case "nfe": debit("zz");
    case "lambda": List.of("w-1","w-404").forEach(Kit::debit);
    case "thread": Thread t=new Thread(()->send("w-404"), "pool \"7\" worker"); t.start(); t.join(); return;
    case "invoke": Kit.class.getMethod("charge",String.class).invoke(null,"w-404");
    case "unicode": throw new Declined("кошелёк 壊れた"); 
    case "handler": Thread.setDefaultUncaughtExceptionHandler((th,e)->{ System.err.println("Uncaught in "+th.getName()+": "+e); e.printStackTrace(); }); send("w-404");
    case "handlerfail": Thread.setDefaultUncaughtExceptionHandler((th,e)->{ throw new OutOfMemoryError("again"); }); send("w-404");
    case "two": try{charge("w-404");}catch(Exception e){e.printStackTrace();} try{charge("zz");}catch(Exception e){e.printStackTrace();} System.err.println("done 2"); return;
    case "dumpstack": Thread.dumpStack(); return;
    case "print": System.err.println("starting"); System.err.print("Error while paying: "); try{charge("w-404");}catch(Exception e){e.printStackTrace();} System.err.println("POST /pay 200"); return;
    case "stdoutfirst": System.err.println("batch 77 start"); System.err.println("POST /pay 200"); debit("zz");
    case "exitcode": throw new ExceptionInInitializerError(new Declined("static"));
    case "assert": throw new AssertionError(new Declined("x"));
    case "frames": { Exception e=new Exception("x"); for(StackTraceElement s: e.getStackTrace()) System.err.println("\tat "+s); return; }
    case "oom": int[][] a=new int[100000][]; for(int i=0;;i++) a[i]=new int[10000000];
  }}
  public static void main(String[] a) throws Exception { run(a[0]); }
}
class T { static class X extends RuntimeException { X(String m){super(m);} } }
