package com.acme.pay;

import java.util.logging.Logger;
import java.util.logging.Level;

/** Logs the named cases with java.util.logging, with the formatter that -Dformatter names. */
public class Julb {
    static final Logger log = Logger.getLogger("com.acme.pay.Julb");

    public static void main(String[] names) throws Exception {
        String formatter = System.getProperty("formatter");
        if (formatter != null) {
            java.util.logging.Handler h = Logger.getLogger("").getHandlers()[0];
            h.setFormatter((java.util.logging.Formatter) Class.forName(formatter).getDeclaredConstructor().newInstance());
        }
        for (String name : names) {
            try {
                Cases.ALL.get(name).run();
            } catch (Throwable e) {
                log.log(Level.SEVERE, "job " + name + " failed", e);
                log.info("after " + name);
            }
        }
    }
}
