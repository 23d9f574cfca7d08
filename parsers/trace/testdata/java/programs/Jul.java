package com.acme.pay;
import java.util.logging.*;
public class Jul { public static void main(String[] a) throws Exception { Logger l=Logger.getLogger("com.acme.pay.Api");
  l.info("POST /pay user=8912");
  for (String c : a) { try { Kit.run(c); } catch(Throwable t){ l.log(Level.SEVERE,"request 77 failed", t); l.warning("slow gateway"); } }
  l.severe("queue is full"); l.info("done"); } }
