package com.acme.pay;
import org.apache.logging.log4j.*;
public class L4 { public static void main(String[] a) throws Exception { Logger l=LogManager.getLogger("com.acme.pay.Api");
  l.info("POST /pay user=8912");
  for (String c : a) { try { Kit.run(c); } catch(Throwable t){ l.error("request {} failed", 77, t); l.warn("slow gateway"); } }
  try { Kit.debit("w-404"); } catch(Exception e){ l.error(e.getMessage(), e); l.error("quiet: "+e);} 
  l.info("done"); } }
