package com.acme.pay;
import java.util.concurrent.*;
public class Odd {
  static Object A=new Object(), B=new Object();
  static void dead() throws Exception {
    CountDownLatch l=new CountDownLatch(2);
    Thread t1=new Thread(()->{ synchronized(A){ l.countDown(); try{l.await();}catch(Exception e){} synchronized(B){} } },"settler-1");
    Thread t2=new Thread(()->{ synchronized(B){ l.countDown(); try{l.await();}catch(Exception e){} synchronized(A){} } },"settler-2");
    t1.setDaemon(true); t2.setDaemon(true); t1.start(); t2.start(); Thread.sleep(300);
    Runtime.getRuntime().exec(new String[]{"kill","-QUIT",""+ProcessHandle.current().pid()}); Thread.sleep(800);
    System.out.println("posted w-1");
  }
  public static void main(String[] a) throws Exception { switch(a[0]) {
    case "dead": dead(); return;
    case "segv": java.lang.reflect.Field f=Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe"); f.setAccessible(true); System.out.println("start"); ((sun.misc.Unsafe)f.get(null)).putAddress(0,1); return;
    case "reactor": reactor.core.publisher.Hooks.onOperatorDebug(); reactor.core.publisher.Mono.just("w-404").map(x->{ Kit.charge(x); return x;}).checkpoint("pay step").block(); return;
    case "rx": try { io.reactivex.rxjava3.core.Observable.just("w-404").doOnError(e->Kit.debit("zz")).map(x->{ Kit.charge(x); return x;}).blockingFirst(); } catch(Throwable t){ t.printStackTrace(); } return;
    case "rxunhandled": io.reactivex.rxjava3.core.Observable.just("w-404").map(x->{ Kit.charge(x); return x;}).subscribe(); Thread.sleep(200); return;
    case "forkjoin": ForkJoinPool.commonPool().submit(()->Kit.charge("w-404")).get(); return;
    case "timer": ScheduledExecutorService s=Executors.newScheduledThreadPool(1); s.schedule(()->Kit.charge("w-404"),1,TimeUnit.MILLISECONDS).get(); return;
  } } }
