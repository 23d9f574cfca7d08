package com.acme.pay;

import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.LogManager;

/** Logs the named cases with log4j 2. */
public class L4b {
    static final Logger log = LogManager.getLogger(L4b.class);

    public static void main(String[] names) {
        for (String name : names) {
            try {
                Cases.ALL.get(name).run();
            } catch (Throwable e) {
                log.error("job {} failed", name, e);
                log.info("after {}", name);
            }
        }
    }
}
