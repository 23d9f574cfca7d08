package com.acme.pay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the named cases with whatever logger stands behind SLF4J. */
public class Slf {
    static final Logger log = LoggerFactory.getLogger(Slf.class);

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
