package pay;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Crashes as its argument says. */
public class Pay {
    static class PaymentException extends RuntimeException {
        PaymentException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static int charge(int amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount " + amount + " is below zero");
        }
        return 100 / amount;
    }

    static void pay(int amount) {
        try {
            charge(amount);
        } catch (RuntimeException e) {
            PaymentException lost = new PaymentException("card was not charged", e);
            lost.addSuppressed(new IllegalStateException("receipt was not printed"));
            throw lost;
        }
    }

    static int descend(int n) {
        return descend(n + 1) + 1;
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "uncaught" -> charge(-3);
            case "chained" -> pay(0);
            case "multiline" -> throw new PaymentException(
                "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header", null);
            case "recursion" -> descend(0);
            case "thread" -> {
                Thread t = new Thread(() -> pay(-1), "worker-7");
                t.start();
                t.join();
            }
            case "logged" -> {
                try {
                    pay(0);
                } catch (PaymentException e) {
                    Logger.getLogger("pay.card").log(Level.SEVERE, "order 77 was lost", e);
                }
                Logger.getLogger("pay.card").warning("one more order waits");
            }
            default -> throw new AssertionError(args[0]);
        }
    }
}
