import java.util.*; import java.util.concurrent.*; import java.util.concurrent.locks.*;
public class Crash { static Object A=new Object(), B=new Object();
 public static void main(String[] a) throws Throwable { switch(a[0]) {
  case "oomthreads": { List<byte[]> l=new ArrayList<>(); Thread[] ts=new Thread[3]; for(int i=0;i<3;i++){ ts[i]=new Thread(()->{ for(;;) synchronized(l){ l.add(new byte[1<<20]); } }, "eater-"+i); ts[i].start(); } break; }
  case "oommeta": { long[][] x=new long[10][]; for(int i=0;i<10;i++) x[i]=new long[Integer.MAX_VALUE]; break; }
  case "oomlimit": { StringBuilder b=new StringBuilder("x"); for(;;) b.append(b); }
  case "gc": { Map<Object,Object> m=new HashMap<>(); for(long i=0;;i++) m.put(i,String.valueOf(i)); }
  case "segv": { java.lang.reflect.Field f=sun.misc.Unsafe.class.getDeclaredField("theUnsafe"); f.setAccessible(true); ((sun.misc.Unsafe)f.get(null)).putAddress(0,0); break; }
  case "sleep": { Thread t1=new Thread(()->{ synchronized(A){ z(200); synchronized(B){} } },"t one"); Thread t2=new Thread(()->{ synchronized(B){ z(200); synchronized(A){} } },"t two"); ReentrantLock l1=new ReentrantLock(); if(a.length>1){ t1.start(); t2.start(); } System.out.println("working"); z(6000); System.exit(0); }
  case "init": { try { new Bad(); } catch(Throwable t){ t.printStackTrace(); } new Bad(); break; }
  case "assert": { assert a.length>3 : "too few: "+a.length; break; }
  case "handler": { Thread.setDefaultUncaughtExceptionHandler((t,e)->{ System.err.println("FATAL in "+t+": "+e); e.printStackTrace(); }); throw new IllegalStateException("x"); }
  case "pool": { ExecutorService e=Executors.newFixedThreadPool(2, r->new Thread(r,"pay-\"w\"-"+r.hashCode()%7)); e.execute(()->{ throw new IllegalStateException("pool died\nwith two lines"); }); z(300); e.shutdown(); break; }
  case "emptyname": { Thread t=new Thread(()->{ throw new IllegalStateException("anon"); },""); t.start(); t.join(); break; }
  case "vthread": { new Thread(()->{ throw new IllegalStateException("v"); }, "VirtualThread[#21]/runnable@ForkJoinPool-1-worker-1").start(); break; }
  case "interleave": { for (String s: new String[]{"a","b"}) { System.out.println("processing "+s+" at "+s.length()); new IllegalArgumentException("bad "+s).printStackTrace(); System.out.println("    at the end: "+s); System.out.println("Caused by user "+s); } break; }
  case "dumpstack": { System.out.println("checkpoint"); Thread.dumpStack(); System.out.println("go on"); break; }
  case "exitstack": { Runtime.getRuntime().addShutdownHook(new Thread(()->{ throw new RuntimeException("hook"); })); throw new Error("main"); }
  case "noclass": { Class.forName("x.Y"); break; }
  case "deepcause": { Throwable t=new Error("0"); for(int i=1;i<70;i++) t=new RuntimeException("level "+i,t); throw t; }
  case "modules": { Object o=Class.forName("java.util.ImmutableCollections").getDeclaredMethod("uoe"); ((java.lang.reflect.Method)o).setAccessible(true); break; }
  case "stream": { List.of("1","x").parallelStream().map(Integer::parseInt).forEach(x->{}); break; }
 } }
 static class Bad { static int x = Integer.parseInt("z"); }
 static void z(long n){ try { Thread.sleep(n); } catch(InterruptedException e){ throw new RuntimeException(e);} }
}
