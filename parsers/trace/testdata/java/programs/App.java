package com.acme.web;
import org.springframework.boot.*; import org.springframework.boot.autoconfigure.*; import org.springframework.web.bind.annotation.*; import org.springframework.context.annotation.*; import org.springframework.stereotype.*; import org.springframework.scheduling.annotation.*; import org.springframework.beans.factory.annotation.*;
@SpringBootApplication @EnableAsync @EnableScheduling
public class App {
  public static void main(String[] a){ SpringApplication.run(App.class,a); }
}
@RestController class Pay {
  final Ledger l; final Jobs j; Pay(Ledger l, Jobs j){this.l=l; this.j=j;}
  @GetMapping("/pay") String pay(@RequestParam("n") long n){ return l.debit("w-1",n); }
  @GetMapping("/async") String as(){ j.work(); return "ok"; }
  @GetMapping("/err") String err(){ throw new StackOverflowError(); }
}
@Service class Ledger {
  static class Declined extends RuntimeException { Declined(String m, Throwable t){super(m,t);} }
  public String debit(String w,long n){ try { if(n<0) throw new IllegalArgumentException("negative amount: "+n); return "ok"; } catch(IllegalArgumentException e){ throw new Declined("debit "+w+" refused",e);} }
}
@Component class Jobs { @Async public void work(){ throw new IllegalStateException("async job died"); } 
  int n; @Scheduled(fixedDelay=100000,initialDelay=500) public void tick(){ throw new IllegalStateException("tick failed"); } }
@Configuration class Bad { @Bean @org.springframework.context.annotation.Profile("badbean") Object bad(){ throw new IllegalStateException("no database"); } 
 @Bean @Profile("missing") Object need(java.util.concurrent.Exchanger<String> x){ return x; } }
